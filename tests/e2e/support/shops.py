"""Connected shops of a stack: each vendor's samples over HTTP, signed, and by a partner's events."""

import json
from pathlib import Path
from typing import Any

from local import deliveries
from local.paths import ROOT
from tests.stack.journey import Earned, Journey, eventually, ledger_of
from tributary.ledger.connections import connections

_SAMPLES = ROOT / "events/hooks"
_SECRET, _NEXT = "secret-of-the-shop-1", "secret-of-the-shop-2"
_PARTNER = "aws.partner/stripe.com/ed_roles"
_COLUMNS = {"order": "Order", "total": "Total", "paidAt": "Paid at"}


def shops_are_heard(journey: Journey) -> None:
    """Every sample of every vendor, the last first, so that all that can wait does; then a connection's life."""
    program = journey.program()
    aliases = [{"type": "tracking", "code": "DEMO"}]
    journey.ok("POST", "/collaborators", {"fullName": "Dana", "programs": [program], "aliases": aliases})
    made = {vendor: _connected(journey, vendor) for vendor in deliveries.SIGNERS}
    for vendor, connection in made.items():
        paths = sorted((_SAMPLES / vendor).iterdir(), reverse=True)
        assert {_send(journey, connection, path) for path in (*paths, *paths)} == {200}, vendor
        entries = [it["topic"] for it in journey.listed(f"connections/{connection['id']}/deliveries")]
        # Pings are not signed, so those of a minute share an entry.
        signed = [it for it in paths if not it.read_bytes().startswith(b"webhook_id=")]
        assert len([it for it in entries if it != "ping"]) == 2 * len(signed), vendor
    (order,) = eventually(lambda: journey.listed("transactions", sourceId="6200000000407"))
    assert journey.owed(order["id"]) == {program: Earned("approved", "pending", 1290)}
    a_connection_is_managed(journey, made["woocommerce"])
    a_partners_events_are_heard(journey)


def a_connection_is_managed(journey: Journey, connection: dict[str, Any]) -> None:
    path, order = f"/connections/{connection['id']}", _SAMPLES / "woocommerce/order_updated_paid.json"
    rows = {"csv": "Order,Total,Paid at\n9310,82.50,2026-10-05\n9399,10.00,2026-10-05\n", "columns": _COLUMNS}
    shown = journey.ok("POST", f"{path}/reconcile", {**rows, "currency": "USD"})
    assert (shown["recorded"], shown["known"]) == (["9399"], 1)
    assert _send(journey, connection, order, "a-wrong-secret") == 401
    assert journey.ok("PATCH", path, {"secret": _NEXT})["hasSecret"]
    assert [_send(journey, connection, order, secret) for secret in (_SECRET, _NEXT)] == [200, 200]
    assert journey.ok("POST", f"{path}/rotate")["secret"]
    assert journey.ok("GET", path)["id"] == connection["id"]
    assert len(journey.listed("connections")) == len(deliveries.SIGNERS)
    assert journey.call("DELETE", path).status_code == 200


def a_partners_events_are_heard(journey: Journey) -> None:
    """A refund before its payment, recorded without any secret. Only a partner can put such events, so they are put
    into the queue behind the rule."""
    with ledger_of(journey.stack):
        connections.grant(journey.organization, _PARTNER)
    asked = {"vendor": "stripe", "source": "partner", "settings": {"eventSource": _PARTNER}}
    path = f"connections/{journey.ok('POST', '/connections', asked)['id']}"
    for number, sample in enumerate(("refund_created_partial", "checkout_session_completed_paid"), 1):
        detail = json.loads((_SAMPLES / f"stripe/{sample}.json").read_bytes())
        journey.put_message("ReceiveEvent", {"id": sample, "source": _PARTNER, "detail": detail})
        eventually(lambda number=number: len(journey.listed(f"{path}/deliveries")) == number)  # type: ignore[misc]
    outcomes = {it["outcome"] for it in journey.listed(f"{path}/deliveries")}
    assert outcomes == {"recorded: waits for its order", "recorded"}
    assert journey.call("DELETE", f"/{path}").status_code == 200


def _connected(journey: Journey, vendor: str) -> dict[str, Any]:
    secret = {} if vendor == "gumroad" else {"secret": _SECRET}
    return dict(journey.ok("POST", "/connections", {"vendor": vendor, "source": vendor, **secret}))


def _send(journey: Journey, connection: dict[str, Any], path: Path, secret: str = _SECRET) -> int:
    body = path.read_bytes()
    headers = deliveries.headers(connection["vendor"], body, secret, path.stem)
    url = f"{journey.stack.root_url}/hooks/{connection['url'].partition('/hooks/')[2]}"
    return journey.http.post(url, content=body, headers=headers).status_code


def send_a_session(journey: Journey) -> int:
    """The status of a paid session of Stripe, whose payment is tied to it."""
    return _send(journey, _connected(journey, "stripe"), _SAMPLES / "stripe/checkout_session_completed_paid.json")
