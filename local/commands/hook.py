"""`hook`: a webhook as a shop sends it, to the running stack: signed by its vendor's scheme, with the log's entry."""

import json
import time
from pathlib import Path
from typing import Any

from local import deliveries, state_file, web
from local.ports import named_port
from local.problem import Problem

#: The secret of the demo's connections, worthless elsewhere.
SECRET = "demo-secret-of-a-shop"
#: Gumroad signs nothing: its secret is a part of the URL, which a rotation shows.
_BY_URL = "gumroad"
_PATIENCE = 10.0


def hook(vendor: str, event_file: str) -> None:
    """Send a body to the vendor's connection of the demo, made at first; print the status and the log's entry. PORT=…
    names one of several stacks."""
    if vendor not in deliveries.SIGNERS:
        raise Problem(f"VENDOR is {vendor!r}, not one of {', '.join(deliveries.SIGNERS)}")
    body = _body(Path(event_file))
    shop = _Shop(state_file.read(named_port()), vendor)
    connection = shop.connection()
    before = shop.newest(connection["id"])
    sent = web.send(shop.url(connection), body, deliveries.headers(vendor, body, SECRET, Path(event_file).stem))
    print(sent.status, sent.body.decode(errors="replace") or "(empty)")
    if sent.status != 200:
        raise Problem(f"the stack refused the webhook; see GET /connections/{connection['id']}/deliveries")
    print(json.dumps(shop.entry_after(connection["id"], before), indent=2))


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

    def connection(self) -> dict[str, Any]:
        """The connection with the demo's secret: that of an earlier call, or a new one."""
        listed = self._checked(web.get(f"{self.api}/connections?vendor={self.vendor}&status=active", self.key), 200)
        found = next((it for it in listed if it["source"] == self.source), None)
        if found is None:
            secret = {} if self.vendor == _BY_URL else {"secret": SECRET}
            asked = {"vendor": self.vendor, "source": self.source, "label": "make hook", **secret}
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
