"""The demo organization: fixed ids and keys, so that README, events/ and `make invoke` work unmodified.

Only the local stack creates it; the keys are worthless elsewhere."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tributary.api.siren.requests.programs import ProgramBody, ProgramGroupBody
from tributary.domain.refund import RefundRequest
from tributary.domain.sales_event import Article, SalesEvent
from tributary.ledger.catalogue import products
from tributary.ledger.opportunities import visits
from tributary.ledger.orders import sales_events, stores
from tributary.ledger.organization import api_keys, event_sources, event_types
from tributary.ledger.programs import collaborators, program_groups, programs
from tributary.ledger.programs.collaborators import Alias
from tributary.ledger.refunds import parked, refund_items
from tributary.ledger.store import table

ORGANIZATION = "demo"
PROGRAM_ID = 1001
PROGRAM_GROUP_ID = 2001
#: To be changed together or deleted.
SPARE_PROGRAM_ID, SPARE_PROGRAM_GROUP_IDS, SPARE_COLLABORATOR_ID = 1002, (2002, 2003), 89
COLLABORATOR_ID = 88
TRACKING_ID = 4218
EVENT_SOURCE, SPARE_EVENT_SOURCE = "demo.shop", "demo.spare"
EVENT_TYPE = "newsletter-signup"
SPARE_KEY_ID = 3001
#: The account of everything in the emulator.
ACCOUNT = "000000000000"

_SCOPES = {
    "admin": ["admin"],
    "events": ["event:*"],
    "reader": [f"ledger:{what}:read" for what in ("conversions", "transactions", "obligations", "payouts")],
}


#: It arrives before its sale, as events may.
_EARLY_REFUND = refund_items.Reported("demo-shop", "DEMO-EARLY", "R-1001", RefundRequest())


STORE, RETURN = "paris-rivoli-01", "TICKET-2026-04-27-000077:RETURN"
_RETURN = SalesEvent(
    id=sales_events.new_id(ORGANIZATION, RETURN),
    external_id=RETURN,
    type="RETURN",
    occurred_at="2026-04-27T09:15:00.000Z",
    currency="EUR",
    total=2500,
    discount=0,
    tax=None,
    source="noticia",
    articles=(Article("Tote bag", 1, 2500),),
    text='{"line_items":[{"quantity":1,"total_price_cents":2500,"product":{"name":"Tote bag"}}]}',
)


_SOLD_OUT = {"variantId": "V-1", "title": "Monthly", "sku": "PLAN-1", "priceCents": 4999}
_SOLD_OUT |= {"toldInStock": False, "inventoryQuantity": None}
_AGAIN = {"replenishment": {"days": 30, "match": "product"}}
_PRODUCTS: list[tuple[str, dict[str, Any]]] = [
    ("SKU-1", {"title": "Annual Plan", "priceCents": 4999, "currency": "USD", "variants": [_SOLD_OUT], **_AGAIN}),
    ("SKU-9", {"title": "Retired Plan"}),
]


def demo_key(name: str) -> str:
    """The fixed API key `admin`, `events` or `reader` of the demo organization."""
    return "sk_live_" + hashlib.sha256(f"tributary demo {name}".encode()).hexdigest()


def seed(client: Any, table_name: str) -> dict[str, Any]:
    """Make the demo organization: 10 % of line items in USD, newest wins, auto-approved; a collaborator; a visit
    that nothing has consumed; an empty program group; a spare program and collaborator, two spare groups; a registered
    event; an event source, and one to unbind; three keys and one to revoke; a refund that waits for its sale; a store,
    and what was brought back to it; a product that is out of stock, and one to be taken away. Returns its part of
    stack.json."""
    with _ledger_at(client, table_name):
        programs.create(ORGANIZATION, PROGRAM_ID, _program())
        programs.create(ORGANIZATION, SPARE_PROGRAM_ID, _program() | {"name": "Demo: spare", "status": "draft"})
        for group_id in (PROGRAM_GROUP_ID, *SPARE_PROGRAM_GROUP_IDS):
            program_groups.create(ORGANIZATION, group_id, _program_group())
        profile = {"fullName": "Dana Demo", "nickname": "dana", "email": "dana@example.com", "userId": None}
        profile |= {"status": "active", "programs": [PROGRAM_ID]}
        aliases = [Alias("tracking", "DEMO"), Alias("coupon", "DANA10")]
        collaborators.create(ORGANIZATION, COLLABORATOR_ID, profile, aliases)
        spare = profile | {"fullName": "Sam Spare", "nickname": "", "email": None, "programs": []}
        collaborators.create(ORGANIZATION, SPARE_COLLABORATOR_ID, spare, [Alias("tracking", "SPARE")])
        event_types.register(ORGANIZATION, EVENT_TYPE, "lead", "Newsletter")
        for source in (EVENT_SOURCE, SPARE_EVENT_SOURCE):
            event_sources.bind(ORGANIZATION, ACCOUNT, source)
        for name, scopes in _SCOPES.items():
            api_keys.create(ORGANIZATION, f"demo {name}", scopes, raw_key=demo_key(name), first=name == "admin")
        api_keys.create(ORGANIZATION, "demo spare, to be revoked", _SCOPES["reader"], new_id=SPARE_KEY_ID)
        visits.record(ORGANIZATION, visits.Visit(COLLABORATOR_ID), new_id=TRACKING_ID)
        parked.record_or_park(ORGANIZATION, _EARLY_REFUND)
        stores.upsert(ORGANIZATION, STORE, {"name": "Paris Rivoli"})
        sales_events.record(ORGANIZATION, _RETURN, STORE)
        products.upsert_many(ORGANIZATION, "sequenzy", _PRODUCTS)
        programs.forget()
    demo = {"programId": PROGRAM_ID, "collaboratorId": COLLABORATOR_ID, "trackingId": TRACKING_ID}
    keys = {name: demo_key(name) for name in _SCOPES}
    return {"organization": ORGANIZATION, "keys": keys, "demo": demo | {"eventSource": EVENT_SOURCE}}


def _program() -> dict[str, Any]:
    return ProgramBody.model_validate(
        {
            "name": "Demo: 10 % of line items",
            "incentiveType": "saleTransactionPercentage",
            "transactionCompilers": ["includeLineItems"],
            "incentiveCalculation": {"transactionPercent": 10, "autoApprove": True},
        }
    ).settings()


def _program_group() -> dict[str, Any]:
    """Empty, since only one program of a group pays, and a program is in one group at most."""
    return ProgramGroupBody(name="Demo: one of these pays").settings(whole=True)


@contextmanager
def _ledger_at(client: Any, table_name: str) -> Iterator[None]:
    """The package's ledger, pointed at a client's endpoint for a while."""
    credentials = client._request_signer._credentials.get_frozen_credentials()
    pointed = {
        "TABLE_NAME": table_name,
        "AWS_ENDPOINT_URL_DYNAMODB": client.meta.endpoint_url,
        "AWS_DEFAULT_REGION": client.meta.region_name,
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
    }
    before = dict(os.environ)
    os.environ.update(pointed)
    table.client.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        table.client.cache_clear()
