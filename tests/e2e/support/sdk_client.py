"""Calls through the official client, in whichever version is installed.

Runs in a process of its own: arguments arrive as JSON on standard input, results leave as JSON on standard output.
"""

import json
import sys
from typing import Any

import siren

LINES = [
    {"external_id": "SKU-1", "name": "Annual Plan", "amount": 49.99},
    {"name": "Sticker", "quantity": 3, "amount": 19.99},
]


def refused(error: type[Exception], call: Any) -> dict[str, Any]:
    """The client's own error for a call that must be refused."""
    try:
        call()
    except error as raised:
        names = ("message", "code", "status_code", "data", "field_errors", "scope", "any_of")
        seen = {name: getattr(raised, name, None) for name in names}
        return {"class": type(raised).__name__, **seen}
    raise AssertionError(f"{error.__name__} expected")


def page(listed: Any) -> dict[str, Any]:
    return {"records": list(listed.data), "page": listed.page, "per_page": listed.per_page, "total": listed.total}


def walk(url: str, keys: dict[str, str], collaborator: int) -> dict[str, Any]:
    with siren.Siren(keys["events"], base_url=url) as shop, siren.Siren("sk_live_wrong", base_url=url) as stranger:
        visits = [shop.events.site_visited(collaborator_id=collaborator).opportunity_id for _ in range(2)]
        whole = {"source": "stripe", "external_id": "ord_1", "total": 49.99, "tracking_id": visits[0]}
        lines = {"source": "stripe", "external_id": "ord_2", "total": 109.97, "tracking_id": visits[1], "items": LINES}
        order = {"source": "stripe", "external_id": "ord_2"}
        bad = {"externalId": True, "total": "much", "trackingId": 0, "items": [{"quantity": 0}]}
        return {
            "version": siren.__version__,
            "visits": visits,
            "sales": [shop.events.sale(**sale).opportunity_id for sale in (whole, whole, lines, lines)],
            "refunds": [shop.events.refund(**order).opportunity_id for _ in range(2)],
            "unknown": refused(siren.NotFoundError, lambda: shop.events.refund(source="stripe", external_id="nothing")),
            "wrong key": refused(siren.AuthenticationError, lambda: stranger.events.refund(**order)),
            "no scope": refused(siren.PermissionError, lambda: shop.transactions.list()),
            "missing": refused(siren.ValidationError, lambda: shop.events.ingest("sale", {})),
            "wrong": refused(siren.ValidationError, lambda: shop.events.ingest("sale", bad)),
            "ingested": shop.events.ingest("refund", {"source": "stripe", "externalId": "ord_2"}).opportunity_id,
            "no slug": refused(siren.NotFoundError, lambda: shop.events.ingest("a/b", {})),
        }


def read(url: str, keys: dict[str, str]) -> dict[str, Any]:
    with siren.Siren(keys["reader"], base_url=url) as finance:
        lists = {name: getattr(finance, name) for name in ("transactions", "conversions", "obligations")}
        return {
            name: {
                "all": page(lists[name].list()),
                "pages": [page(lists[name].list(page=number, per_page=1)) for number in (1, 2, 3)],
            }
            for name in lists
        } | {
            "refunded": page(finance.transactions.list(status="refunded", source="stripe")),
            "shown": page(finance.transactions.list(fields="id,sourceId,totalValue", order="ASC")),
            "payable": page(finance.obligations.list(status="pending", per_page=50)),
            "nothing": page(finance.conversions.list(transaction_id=1)),
        }


def paid(url: str, keys: dict[str, str]) -> dict[str, Any]:
    with siren.Siren(keys["reader"], base_url=url) as finance:
        return {
            "payouts": page(finance.payouts.list()),
            "unpaid": page(finance.payouts.list(status="unpaid", per_page=1)),
            "complete": page(finance.obligations.list(status="fulfilled")),
        }


def managed(url: str, keys: dict[str, str]) -> dict[str, Any]:
    """A key's life: created, used once, listed, revoked."""
    with siren.Siren(keys["admin"], base_url=url) as admin:
        made = admin.api_keys.create(label="shop", scopes=["event:refund"])
        with siren.Siren(made.raw_key, base_url=url) as shop:
            order = {"source": "stripe", "external_id": "nothing"}
            used = refused(siren.NotFoundError, lambda: shop.events.refund(**order))
        named = [it for it in admin.api_keys.list() if it.id == made.id]
        admin.api_keys.revoke(made.id)
        left = [it for it in admin.api_keys.list() if it.id == made.id]
        return {
            "made": [made.label, made.status, made.scopes, made.raw_key.startswith(made.key_prefix)],
            "used": used["code"],
            "listed": [[it.label, it.status, it.raw_key] for it in named],
            "left": [it.status for it in left],
        }


def hooked(url: str, keys: dict[str, str], target: str) -> dict[str, Any]:
    """A webhook's life: created, listed without its secret, deleted."""
    with siren.Siren(keys["admin"], base_url=url) as admin:
        made = admin.webhooks.subscriptions.create(target_url=target, events=["program.created"], description="Mine")
        listed = [it for it in admin.webhooks.subscriptions.list() if it.id == made.id]
        return {
            "id": made.id,
            "secret": made.signing_secret,
            "made": [made.target_url, made.events, made.description, made.status, bool(made.created_at)],
            "listed": [[it.target_url, it.events, it.status, it.signing_secret] for it in listed],
        }


def heard(url: str, keys: dict[str, str], webhook: int, secret: str, post: list[Any]) -> dict[str, Any]:
    """A post as the client reads it; the webhook is deleted."""
    headers, body = post
    about = {"event_type": headers["x-siren-event"], "delivery_id": headers["x-siren-delivery"]}
    about = about if siren.__version__ != "0.1.0" else {}
    with siren.Siren(keys["admin"], base_url=url) as admin:
        event = admin.webhooks.construct_event(body.encode(), headers["x-siren-signature"], secret, **about)
        admin.webhooks.subscriptions.delete(webhook)
        left = [it for it in admin.webhooks.subscriptions.list() if it.id == webhook]
        return {"type": event.type, "data": event.data, "id": event.delivery_id, "left": len(left)}


def own(url: str, keys: dict[str, str], collaborator: int) -> dict[str, Any]:
    """Events of the organization's own: a lead and an engagement."""
    with siren.Siren(keys["events"], base_url=url) as shop:
        visit = shop.events.site_visited(collaborator_id=collaborator, user_id="u-1").opportunity_id
        engagement = {"collaboratorId": collaborator, "userId": "u-1"}
        return {
            "visit": visit,
            "engagement": shop.events.ingest("booked", engagement).opportunity_id,
            "lead": shop.events.ingest("signup", {"trackingId": visit, "externalId": "L-1"}).opportunity_id,
        }


def walked(url: str, keys: dict[str, str]) -> list[int]:
    """The obligations of all pages, asked for without a size."""
    with siren.Siren(keys["reader"], base_url=url) as finance:
        found, number = list(finance.obligations.list().data), 2
        while more := finance.obligations.list(page=number).data:
            found, number = found + list(more), number + 1
        return [it["id"] for it in found]


PARTS = {"walk": walk, "read": read, "paid": paid, "managed": managed, "own": own, "walked": walked}
PARTS |= {"hooked": hooked, "heard": heard}

if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(PARTS[asked.pop("part")](**asked), sys.stdout)
