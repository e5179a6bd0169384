"""URLs of receivers: one strict form, so that no two programs read a URL differently."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from tributary import settings
from tributary.outbound.networks import is_allowed

Reason = Literal[
    "too_long",
    "characters",
    "scheme",
    "userinfo",
    "fragment",
    "host",
    "trailing_dot",
    "odd_address",
    "private_address",
    "port",
]

_LONGEST = 2048
_LONGEST_HOST = 253
#: The full stops that IDNA reads as one.
_DOTS = (".", "\u3002", "\uff0e", "\uff61")
_PORTS = {"https": 443, "http": 80}
#: No URL holds these (RFC 3986), and parsers disagree on the backslash and on spaces.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]")
#: An IPv6 address and perhaps a port; urlsplit also passes over text around the brackets.
_BRACKETED = re.compile(r"\[[^\[\]]*\](?::.*)?")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
#: A last label of this form makes a host an IPv4 address, in every notation that a resolver takes.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
#: IDNA 2003, which Python has, leads to another host than IDNA 2008 for these letters. Their `xn--` form is taken.
_AMBIGUOUS = re.compile("[ßς\u200c\u200d]")
#: Names that never lead to the internet.
_PRIVATE_NAME = re.compile(r"(?:.*\.)?(?:localhost|local|internal|home\.arpa)")


@dataclass(frozen=True)
class Target:
    """A URL taken apart: `host` is a name in ASCII or a canonical address without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The value of the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


class RefusedUrl(ValueError):
    """A URL that is not taken; the reason is one of a closed list."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def read(url: str, local: bool = False) -> Target:
    """The parts of a URL; `local` also takes plain HTTP, every port and loopback hosts."""
    parts = _split(url)
    if parts.scheme not in ({"https", "http"} if local else {"https"}):
        raise RefusedUrl("scheme")
    if "@" in parts.netloc:
        raise RefusedUrl("userinfo")
    if "#" in url:
        raise RefusedUrl("fragment")
    host = _host(parts, local)
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, _port(parts, local), f"{parts.path or '/'}{query}")


def _split(url: str) -> SplitResult:
    if len(url) > _LONGEST:
        raise RefusedUrl("too_long")
    if _FORBIDDEN.search(url):
        raise RefusedUrl("characters")
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets, or letters that normalise to a delimiter
        raise RefusedUrl("host") from None
    if not (parts.path + parts.query).isascii():
        raise RefusedUrl("characters")
    return parts


def _port(parts: SplitResult, local: bool) -> int:
    try:
        given = parts.port
    except ValueError:
        raise RefusedUrl("port") from None
    port = _PORTS[parts.scheme] if given is None else given
    if not port or not (local or port in settings.webhook_ports()):
        raise RefusedUrl("port")
    return port


def _host(parts: SplitResult, local: bool) -> str:
    name = parts.hostname or ""
    if "[" in parts.netloc:
        if not _BRACKETED.fullmatch(parts.netloc):
            raise RefusedUrl("host")
        return _address_host(name, local)
    ascii_name = _ascii(name)
    if _NUMBER.fullmatch(ascii_name.rpartition(".")[2]):
        return _address_host(name, local)
    if not local and ("." not in ascii_name or _PRIVATE_NAME.fullmatch(ascii_name)):
        raise RefusedUrl("private_address")
    return ascii_name


def _address_host(name: str, local: bool) -> str:
    """The canonical text of an address that is written as one; octal, short and single numbers are odd, and so is a
    zone, which names an interface of ours."""
    if "%" in name:
        raise RefusedUrl("odd_address")
    try:
        address = ip_address(name)
    except ValueError:
        raise RefusedUrl("odd_address") from None
    if not is_allowed(address, local):
        raise RefusedUrl("private_address")
    return str(address)


def _ascii(name: str) -> str:
    """A name by IDNA, in lower case."""
    if len(name) > _LONGEST_HOST or _AMBIGUOUS.search(name):
        raise RefusedUrl("host")
    if name.endswith(_DOTS):
        raise RefusedUrl("trailing_dot")
    try:
        ascii_name = name.encode("idna").decode()
    except UnicodeError:
        raise RefusedUrl("host") from None
    if len(ascii_name) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, ascii_name.split("."))):
        raise RefusedUrl("host")
    return ascii_name
