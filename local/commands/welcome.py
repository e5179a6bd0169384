"""Output of `run`: the obligation of the demo sale, and curl lines that work unmodified."""

import json
from typing import Any

from local import seed
from local.commands import hook
from local.stack import Stack
from tributary.api.http.dialect import BASES

JSON = "-H 'Content-Type: application/json'"
#: Not the first sale of README.md, so that either can be followed first.
SALE_ID = "ORD-1005"
#: An order of each vendor, among its samples.
HOOKS = {
    "shopify": "orders_paid.json",
    "woocommerce": "order_updated_paid.json",
    "stripe": "checkout_session_completed_paid.json",
    "paddle": "transaction_completed_first.json",
    "lemonsqueezy": "order_created_paid.json",
    "gumroad": "sale_click.txt",
}


def text(stack: Stack, obligation: dict[str, Any], tracking_id: int) -> str:
    """The output; `tracking_id` is of a visit that no sale has consumed."""
    return f"""
A demo sale of 49.99 USD went all the way; this obligation came of it:
{json.dumps(obligation, indent=2)}

{stack.url}
  admin key   {stack.keys["admin"]}
  events key  {stack.keys["events"]}
  reader key  {stack.keys["reader"]}

Report a sale (twice, if you like), list what came of it, take it back:

{_sale(stack, tracking_id)}

{_get(stack, "transactions?fields=id,status,dateCreated,detailCount,totalValue,currency")}

{_get(stack, "obligations")}

{_refund(stack)}

The same ledger in the words of other clients ({_pages()}):

{_order(stack)}

{_sales_event(stack)}

{_affiliate_sale(stack)}

Webhooks of shops, signed for a day, each to a connection of its vendor (docs/shops/README.md):

{hook.curl_lines(stack.description(), HOOKS)}

The same with a new signature and the entry in the connection's log:

{_hook()}

Ctrl-C or `make stop` ends it. Its log: {stack.emulator.home / "emulator.log"}"""


def _hook() -> str:
    vendor, sample = next(iter(HOOKS.items()))
    return f"make hook VENDOR={vendor} EVENT=events/hooks/{vendor}/{sample}"


def _pages() -> str:
    return ", ".join(f"docs/{name}.md" for name in BASES if name != "siren")


def _sale(stack: Stack, tracking_id: int) -> str:
    items = [{"externalId": "SKU-1", "name": "Annual Plan", "quantity": 1, "amount": 49.99}]
    sale = {"source": "shopify", "externalId": SALE_ID, "trackingId": tracking_id, "total": 49.99, "items": items}
    return _post(stack, "event/sale", sale)


def _refund(stack: Stack) -> str:
    return _post(stack, "event/refund", {"source": "shopify", "externalId": SALE_ID})


def _order(stack: Stack) -> str:
    item = {"productId": "SKU-1", "title": "Annual Plan", "quantity": 1, "priceCents": 4999}
    order = {"orderId": "ORD-2002", "totalCents": 4999, "currency": "USD"}
    order |= {"customer": {"email": "grace@example.com"}, "items": [item]}
    return _post(stack, "/api/v1/orders", order)


def _sales_event(stack: Stack) -> str:
    event = {"external_id": "TICKET-2", "type": "PURCHASE", "occurred_at": "2026-04-25T14:32:00+02:00"}
    event |= {"store_id": seed.STORE, "currency": "EUR", "total_amount_cents": 2500, "total_discount_cents": 0}
    event |= {"line_items": [{"quantity": 1, "total_price_cents": 2500}]}
    return _post(stack, "/v1/sales-events", event, f"-H 'x-api-key: {stack.keys['events']}'")


def _affiliate_sale(stack: Stack) -> str:
    sale = {"order_id": "G-1", "total": 9999, "currency": "usd", "campaign_affiliate_id": "DEMO"}
    return _post(stack, "/api/public/v1/affiliate_sales", sale)


def _post(stack: Stack, path: str, content: dict[str, Any], key: str = "") -> str:
    """`path` below Siren's base, or from the root."""
    url = stack.url.removesuffix(BASES["siren"]) + path if path.startswith("/") else f"{stack.url}/{path}"
    return f"curl -i {url} \\\n  {key or _key(stack, 'events')} {JSON} \\\n  -d '{json.dumps(content)}'"


def _get(stack: Stack, path: str) -> str:
    return f"curl {_key(stack, 'reader')} \\\n  '{stack.url}/{path}'"


def _key(stack: Stack, name: str) -> str:
    return f"-H 'Authorization: Bearer {stack.keys[name]}'"
