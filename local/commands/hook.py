"""`hook`: a webhook as a shop sends it, to the running stack: signed by its vendor's scheme, with the log's entry."""

import json
import os
import shlex
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local import deliveries, state_file, web
from local.paths import ROOT
from local.ports import named_port
from local.problem import Problem

#: The secret of the demo's connections, worthless elsewhere.
SECRET = "demo-secret-of-a-shop"
#: Gumroad signs nothing: its secret is a part of the URL, which a rotation shows.
_BY_URL = "gumroad"
_PATIENCE = 10.0
_HOOK, _RUN = "make hook", "make run"
_A_DAY = 24 * 3600


def hook(vendor: str, event_file: str) -> None:
    """Send a body to the vendor's connection of the demo, made at first; print the status and the log's entry.

    CONNECTION=… and SECRET=… name another connection, TOPIC=… what the file's name does not tell, PORT=… one of several
    stacks."""
    if vendor not in deliveries.SIGNERS:
        raise Problem(f"VENDOR is {vendor!r}, not one of {', '.join(deliveries.SIGNERS)}")
    path, secret = Path(event_file), os.environ.get("SECRET") or SECRET
    body = _body(path)
    told = _topic(vendor, path.stem, body)
    shop = _Shop(state_file.read(named_port()), vendor)
    connection = shop.named(os.environ.get("CONNECTION", ""), secret) or shop.connection(_HOOK)
    before = shop.newest(connection["id"])
    sent = web.send(shop.url(connection), body, deliveries.headers(vendor, body, secret, path.stem) | told)
    print(sent.status, sent.body.decode(errors="replace") or "(empty)")
    if sent.status != 200:
        raise Problem(f"the stack refused the webhook; see GET /connections/{connection['id']}/deliveries")
    print(json.dumps(shop.entry_after(connection["id"], before), indent=2))


def curl_lines(stack: dict[str, Any], samples: Mapping[str, str]) -> str:
    """A curl line per vendor, to a connection made for it. Signed for a moment a day ahead, so that it holds that
    long."""
    lines = []
    for vendor, sample in samples.items():
        file = f"events/hooks/{vendor}/{sample}"
        body, shop = _body(ROOT / file), _Shop(stack, vendor)
        headers = deliveries.headers(vendor, body, SECRET, Path(file).stem, int(time.time()) + _A_DAY)
        named = " ".join(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items())
        lines.append(f"curl -i {shop.url(shop.connection(_RUN))} \\\n  {named} \\\n  --data-binary @{file}")
    return "\n\n".join(lines)


def _topic(vendor: str, name: str, body: bytes) -> dict[str, str]:
    """The header of TOPIC, or none where the file's name or the body tells it."""
    if vendor not in deliveries.TOPICS:
        return {}
    header, known = deliveries.TOPICS[vendor]
    if given := os.environ.get("TOPIC"):
        return {header: given}
    words = name.split("_")
    if (len(words) > 1 and words[0] in known) or body.startswith(b"webhook_id="):
        return {}
    begins = " or ".join(f"{word}_" for word in known)
    raise Problem(
        f"{vendor} sends the topic apart from the body: name it by TOPIC=…, or by a file's name with {begins}"
    )


def _body(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Problem(f"{path} is no file: {error}") from error


class _Shop:
    """The demo's shop of a vendor, by the API of a stack."""

    def __init__(self, stack: dict[str, Any], vendor: str) -> None:
        self.vendor, self.source = vendor, f"demo-{vendor}"
        self.api, self.key = stack["url"], stack["keys"]["admin"]

    def named(self, number: str, secret: str) -> dict[str, Any] | None:
        """The connection of CONNECTION, None where that is not given."""
        if not number:
            return None
        if secret == SECRET:
            raise Problem("CONNECTION needs the SECRET of that connection")
        connection = self._checked(web.get(f"{self.api}/connections/{number}", self.key), 200)
        if connection["vendor"] != self.vendor:
            raise Problem(f"connection {number} is of {connection['vendor']}, not of {self.vendor}")
        return {**connection, "url": connection["url"].replace("{secret}", secret)}

    def connection(self, label: str) -> dict[str, Any]:
        """The connection with the demo's secret and a label: that of an earlier call, or a new one."""
        listed = self._checked(web.get(f"{self.api}/connections?vendor={self.vendor}&status=active", self.key), 200)
        found = next((it for it in listed if (it["source"], it["label"]) == (self.source, label)), None)
        if found is None:
            secret = {} if self.vendor == _BY_URL else {"secret": SECRET}
            asked = {"vendor": self.vendor, "source": self.source, "label": label, **secret}
            return self._checked(web.post(f"{self.api}/connections", asked, self.key), 201)
        if self.vendor == _BY_URL:
            return self._checked(web.post(f"{self.api}/connections/{found['id']}/rotate", {}, self.key), 200)
        return found

    def url(self, connection: dict[str, Any]) -> str:
        """The connection's URL, under the address of the stack on this machine."""
        return f"{self.api.removesuffix('/siren/v1')}/hooks/{connection['url'].partition('/hooks/')[2]}"

    def newest(self, connection: int) -> dict[str, Any] | None:
        """The newest entry of the connection's log."""
        entries = self._checked(web.get(f"{self.api}/connections/{connection}/deliveries?number=1", self.key), 200)
        return entries[0] if entries else None

    def entry_after(self, connection: int, before: dict[str, Any] | None) -> dict[str, Any]:
        """The entry of a delivery; the log is a list that follows a moment later."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            if (newest := self.newest(connection)) and newest != before:
                return newest
            time.sleep(0.05)
        raise Problem(f"the log has no entry after {_PATIENCE:.0f} s")

    def _checked(self, answer: web.Answer, status: int) -> Any:
        if answer.status != status:
            raise Problem(f"the stack answered {answer.status}: {answer.body.decode(errors='replace')}")
        return answer.json
