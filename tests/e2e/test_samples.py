"""The samples in events/ run unmodified: every function with each of its samples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from local.commands import demo_sale
from local.paths import ROOT
from local.seed import ORGANIZATION
from local.stack import Stack
from tests.contract.api.routes import routes_of_the_template
from tests.e2e.support.functions import FunctionProcess
from tests.stack.journey import changes, ledger_of
from tests.template import consumers
from tributary.domain.transaction import Sale
from tributary.ledger.catalogue import back_in_stock, products
from tributary.ledger.customers import customers
from tributary.ledger.orders import customer_totals
from tributary.ledger.sales import transactions
from tributary.ledger.store.values import decode_item

EVENTS = ROOT / "events"
#: The customer of the samples.
CUSTOMER_ID = 5001
#: Their messages come from schedules.
OF_SCHEDULES = {"release_reminder", "set_quintiles"}
#: Number of times that Lambda runs a function for a failing event.
TRIES = 3


@pytest.fixture(scope="module")
def functions(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FunctionProcess]:
    """The functions against the stack as `make run` leaves it, with a customer, and with a lead of one sample that
    others name."""
    demo_sale.follow(stack)
    with ledger_of(stack):
        a_customer_orders()
        more_customers_wait_than_one_turn_notifies()
    log = (tmp_path_factory.mktemp("samples") / "log").open("wb")
    with log, FunctionProcess(stack.endpoint, log) as process:
        lead = process.run("report_event", json.loads((EVENTS / "api/report_event.json").read_text()))
        assert lead["answer"]["statusCode"] == 200, lead
        pushed = process.run("push_order", json.loads((EVENTS / "api/push_order.json").read_text()))
        assert pushed["answer"]["statusCode"] == 202, pushed
        yield process


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


def samples(pattern: str) -> list[Any]:
    paths = sorted(EVENTS.glob(pattern))
    return [pytest.param(path, id=str(path.relative_to(EVENTS))) for path in paths]


@pytest.mark.parametrize("path", samples("api/*.json"))
def test_a_sample_of_a_call_succeeds_unmodified(functions: FunctionProcess, path: Path) -> None:
    event = json.loads(path.read_text())
    function = dict(routes_of_the_template())[event["routeKey"]]

    done = functions.run(function, event)

    assert done["answer"]["statusCode"] in ((404,) if path.stem == "unrouted" else (200, 201, 202)), done


@pytest.mark.parametrize("path", [*samples("sqs/*.json"), *samples("schedule/*.json"), *samples("stream/*.json")])
def test_a_sample_of_a_batch_is_handled_completely(functions: FunctionProcess, path: Path) -> None:
    function = "publish_events" if path.parent.name == "stream" else path.stem

    done = functions.run(function, json.loads(path.read_text()))

    assert done["answer"] == {"batchItemFailures": []}


#: Consumers with a sample of an event that they get bare, by its name in events/bus.
BARE = [
    ("attribute_sale", "SaleTriggered.v1"),
    ("attribute_sale", "RefundTriggered.v1"),
    ("attribute_sale", "LeadTriggered.v1"),
    ("issue_obligation", "SaleTriggered.v1"),
    ("issue_obligation", "LeadTriggered.v1"),
    ("issue_obligation", "ConversionAwarded.v1"),
    ("issue_obligation", "ConversionApproved.v1"),
    ("issue_obligation", "ConversionRejected.v1"),
    ("issue_obligation", "ConversionReopened.v1"),
    ("update_customer", "customers/SaleTriggered.v1"),
    ("follow_order", "ecommerce.order_placed.v1"),
    ("schedule_reminders", "ecommerce.order_placed.v1"),
    ("schedule_reminders", "ecommerce.order_cancelled.v1"),
    ("announce_restock", "ProductRestocked.v1"),
    ("settle_engagements", "OpportunitySettled.v1"),
    ("settle_engagements", "OpportunityInvalidated.v1"),
    ("receive_event", "foreign/SaleTriggered"),
    ("receive_event", "foreign/RefundTriggered"),
    ("receive_event", "foreign/MessageSent"),
]


def test_every_consumer_of_the_bus_has_a_bare_event() -> None:
    assert {function for function, _ in BARE} == set(consumers().values()) - OF_SCHEDULES


@pytest.mark.parametrize(("function", "name"), BARE)
def test_a_consumer_accepts_a_bare_event(functions: FunctionProcess, function: str, name: str) -> None:
    """A bare event is retried, as Lambda does: the subject of a refund may still be on its way."""
    before = [name.replace("RefundTriggered", "SaleTriggered"), name] if "foreign" in name else [name]

    done = [functions.run(function, bus_event(other)) for other in before for _ in range(TRIES)]

    assert done[-1].get("raised") is None, done


def bus_event(name: str) -> Any:
    return json.loads((EVENTS / "bus" / f"{name}.json").read_text())


def test_the_records_of_the_samples_have_the_form_of_the_stacks_own(stack: Stack, functions: object) -> None:
    """An outdated sample would prove nothing."""
    written: dict[str, list[Any]] = {}
    for form in [image(change) for change in changes(stack) if "NewImage" in change["dynamodb"]]:
        if form["organization"] == "demo":
            written.setdefault(form["entity"], []).append(shape(form))

    for path in EVENTS.glob("stream/*.json"):
        for record in json.loads(path.read_text())["Records"]:
            sample = image(record)
            assert shape(sample) in written[sample["entity"]], (path.name, sample["entity"])


def image(record: Any) -> Any:
    return decode_item(record["dynamodb"]["NewImage"])


def shape(item: Any) -> Any:
    """Member names of an item and of its `listed` map, without those that only some changes have."""
    sometimes = {"trace", "nonce", "refundedAt", "refunded", "given", "amended", "parent", "listPk", "listSk"}
    sometimes |= {"wholeRefundAt", "cancelledAt", "withdrawnAt", "change", "seen"}
    return item.keys() - sometimes, item.get("listed", {}).keys() - {"customerId"}
