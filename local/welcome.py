"""What `run` prints: the obligation of the demo sale, and curl lines that work as they stand."""

import json
from typing import Any

from local.stack import Stack

JSON = "-H 'Content-Type: application/json'"


def text(stack: Stack, obligation: dict[str, Any]) -> str:
    return f"""
A demo sale of 49.99 USD went all the way; this obligation came of it:
{json.dumps(obligation, indent=2)}

{stack.url}
  admin key   {stack.keys["admin"]}
  events key  {stack.keys["events"]}
  reader key  {stack.keys["reader"]}

Report a sale (twice, if you like), list what came of it, take it back:

{_sale(stack)}

{_get(stack, "transactions?fields=id,status,dateCreated,detailCount,totalValue,currency")}

{_get(stack, "obligations")}

{_refund(stack)}

Ctrl-C or `make stop` ends it. Its log: {stack.emulator.home / "emulator.log"}"""


def _sale(stack: Stack) -> str:
    items = [{"externalId": "SKU-1", "name": "Annual Plan", "quantity": 1, "amount": 49.99}]
    tracking_id = stack.demo["trackingId"]
    sale = {"source": "shopify", "externalId": "ORD-1004", "trackingId": tracking_id, "total": 49.99, "items": items}
    return _post(stack, "event/sale", sale)


def _refund(stack: Stack) -> str:
    return _post(stack, "event/refund", {"source": "shopify", "externalId": "ORD-1004"})


def _post(stack: Stack, path: str, content: dict[str, Any]) -> str:
    return f"curl -i {stack.url}/{path} \\\n  {_key(stack, 'events')} {JSON} \\\n  -d '{json.dumps(content)}'"


def _get(stack: Stack, path: str) -> str:
    return f"curl {_key(stack, 'reader')} \\\n  '{stack.url}/{path}'"


def _key(stack: Stack, name: str) -> str:
    return f"-H 'Authorization: Bearer {stack.keys[name]}'"
