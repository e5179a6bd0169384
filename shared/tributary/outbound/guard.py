"""Guard against server-side request forgery: a webhook reaches public addresses only.

A URL is checked when a subscription stores it, and its addresses again at each attempt. The sender connects to these
addresses and resolves no name itself, so a name that changes after the check changes nothing.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from tributary.outbound import targets
from tributary.outbound.networks import Address, is_allowed

Resolve = Callable[[str, int], Sequence[str]]


class Unresolved(Exception):
    """The name has no address, or its name servers do not answer."""


class RefusedAddress(Exception):
    """At least one address of the name is not public."""


def refused_url(url: str, local: bool = False) -> targets.Reason | None:
    """The reason to refuse a receiver's URL, None for a good one; looks nothing up."""
    try:
        targets.read(url, local)
    except targets.RefusedUrl as refused:
        return refused.reason
    return None


def resolved(host: str, port: int) -> Sequence[str]:
    """Every address of the name, as text."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def public_addresses(host: str, port: int, local: bool = False, *, resolve: Resolve = resolved) -> list[Address]:
    """The addresses of a host, IPv4 first; resolves once, and refuses all if one is not public."""
    try:
        addresses = [ip_address(text) for text in resolve(host, port)]
    except (OSError, UnicodeError) as error:
        raise Unresolved from error
    if not addresses:
        raise Unresolved
    if not all(is_allowed(address, local) for address in addresses):
        raise RefusedAddress
    return sorted(dict.fromkeys(addresses), key=lambda address: address.version)
