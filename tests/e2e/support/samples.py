"""The samples in events/, and the records that they need besides those of `make run`."""

import json
import os
from typing import Any
from unittest import mock

import httpx

from local.commands import demo_sale
from local.paths import ROOT
from local.seed import COLLABORATOR_ID, ORGANIZATION
from local.stack import Stack
from tests.stack.journey import ledger_of, physical_name
from tests.stack.scenarios.hooks.of_the_samples import connections_of_the_samples
from tests.stack.scenarios.hooks.webhook_shop import webhooks_of_the_samples
from tests.stack.scenarios.paid import batches_of_the_samples
from tests.stack.scenarios.pools import DISTRIBUTOR, pools_of_the_samples
from tributary import sealing
from tributary.domain import times
from tributary.domain.transaction import Sale
from tributary.ledger.catalogue import back_in_stock, products
from tributary.ledger.customers import customers
from tributary.ledger.earnings import credit_items
from tributary.ledger.earnings.credit_items import Credit
from tributary.ledger.orders import customer_totals
from tributary.ledger.sales import referrals, transactions
from tributary.ledger.store import table

EVENTS = ROOT / "events"
#: The customer of the samples.
CUSTOMER_ID = 5001
#: Samples of calls that others build on.
FIRST = ("report_event", "push_order")
SUCCESS = (200, 201, 202, 204)
_OF_THE_CLIENT = ("host", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto")


def prepare(stack: Stack) -> None:
    """Leave the stack as `make run` does, with a customer, credits, batches and distributors of the samples."""
    demo_sale.follow(stack)
    with ledger_of(stack):
        a_customer_orders()
        more_customers_wait_than_one_turn_notifies()
        batches_of_the_samples()
        pools_of_the_samples()
        an_allocation_is_owed()
        a_subscription_waits_for_its_referral(ORGANIZATION)
        with mock.patch.dict(os.environ, _of_webhooks(stack)):
            sealing.client.cache_clear()
            webhooks_of_the_samples()
            connections_of_the_samples()
    sealing.client.cache_clear()


def an_allocation_is_owed() -> None:
    """Owe a share of a distribution, as a month with scores does."""
    about = {"distributorId": DISTRIBUTOR, "distributionId": 1}
    owed = Credit(ORGANIZATION, 7009, COLLABORATOR_ID, 1, "USD", credit_items.DISTRIBUTION, about=about)
    table.put_new(credit_items.item_of(owed, times.now()))


def a_subscription_waits_for_its_referral(organization: str) -> None:
    """Record a subscription's first sale, which waits, and tell its referral then."""
    at = "2026-11-21T12:00:00.000Z"
    sale = Sale("demo-shop", "DEMO-SUB", None, 1900, "USD", at, subscription="sub-demo")
    assert referrals.with_referral(transactions.record(organization, sale).transaction, at) is None
    assert referrals.tell(organization, "demo-shop", "sub-demo", None, (), at)


def _of_webhooks(stack: Stack) -> dict[str, str]:
    named = {"DELIVERIES_TABLE_NAME": "DeliveriesTable", "SEALING_KEY_ID": "SealingKey"}
    return {name: physical_name(stack, resource) for name, resource in named.items()}


def a_customer_orders() -> None:
    """Pushes both orders of the samples' customer; the consumer may count them first."""
    at = "2026-11-21T12:00:00.000Z"
    customers.upsert(ORGANIZATION, customers.Identity("ada@example.com", "crm-1"), {}, at, new_id=lambda: CUSTOMER_ID)
    for external_id in ("DEMO-C1", "DEMO-C2"):
        sale = Sale("demo-shop", external_id, None, 4999, "USD", at, customer_id=CUSTOMER_ID)
        customer_totals.reconcile(ORGANIZATION, CUSTOMER_ID, transactions.record(ORGANIZATION, sale).transaction.id)


def more_customers_wait_than_one_turn_notifies() -> None:
    """Add waiting customers for the samples' product, which is restocked."""
    product = products.existing(ORGANIZATION, "sequenzy", "SKU-1")
    assert back_in_stock.wait(product, "V-1", CUSTOMER_ID)
    back = [{**product["variants"][0], "toldInStock": True}]
    products.upsert_many(ORGANIZATION, "sequenzy", [("SKU-1", {"variants": back})])
    with mock.patch.object(back_in_stock, "PAGE", 1):
        back_in_stock.notify(ORGANIZATION, product["pk"].rpartition("#")[2], ["V-1"])


def statuses_over_http(stack: Stack) -> dict[str, int]:
    """Send each sample of a call to the stack; the statuses by name, the default route's left out."""
    names = sorted(path.stem for path in EVENTS.glob("api/*.json") if path.stem != "unrouted")
    with httpx.Client(timeout=60, trust_env=False) as client:
        return {name: _send(client, stack, name) for name in [*FIRST, *names]}


def _send(client: httpx.Client, stack: Stack, name: str) -> int:
    event: dict[str, Any] = json.loads((EVENTS / f"api/{name}.json").read_text())
    query = f"?{event['rawQueryString']}" if event["rawQueryString"] else ""
    url = f"{stack.root_url}{event['rawPath']}{query}"
    headers = {name: value for name, value in event["headers"].items() if name not in _OF_THE_CLIENT}
    method = event["requestContext"]["http"]["method"]
    return client.request(method, url, content=event.get("body"), headers=headers).status_code
