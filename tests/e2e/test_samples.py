"""The samples in events/ run unmodified: every function with each of its samples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.stack import Stack
from tests.contract.api.routes import routes_of_the_template
from tests.e2e.support.functions import FunctionProcess
from tests.e2e.support.samples import EVENTS, FIRST, SUCCESS, prepare
from tests.stack.journey import changes
from tests.template import consumers
from tributary.ledger.store.values import decode_item

#: Their messages come from schedules and functions.
OF_SCHEDULES = {"close_hours", "close_periods", "prove_ledger", "release_reminder", "send_webhook", "set_quintiles"}
#: Number of times that Lambda runs a function for a failing event.
TRIES = 3


@pytest.fixture(scope="module")
def functions(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FunctionProcess]:
    """The functions against the stack as `make run` leaves it, with a customer, and with a lead of one sample that
    others name."""
    prepare(stack)
    log = (tmp_path_factory.mktemp("samples") / "log").open("wb")
    with log, FunctionProcess(stack.endpoint, log) as process:
        for function in FIRST:
            done = process.run(function, json.loads((EVENTS / f"api/{function}.json").read_text()))
            assert done["answer"]["statusCode"] in SUCCESS, done
        yield process


def samples(pattern: str) -> list[Any]:
    paths = sorted(EVENTS.glob(pattern))
    return [pytest.param(path, id=str(path.relative_to(EVENTS))) for path in paths]


@pytest.mark.parametrize("path", samples("api/*.json"))
def test_a_sample_of_a_call_succeeds_unmodified(functions: FunctionProcess, path: Path) -> None:
    event = json.loads(path.read_text())
    function = dict(routes_of_the_template())[event["routeKey"]]

    done = functions.run(function, event)

    assert done["answer"]["statusCode"] in ((404,) if path.stem == "unrouted" else SUCCESS), done


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
    ("attribute_sale", "ReferralTold.v1"),
    ("issue_obligation", "SaleTriggered.v1"),
    ("issue_obligation", "LeadTriggered.v1"),
    ("issue_obligation", "ConversionAwarded.v1"),
    ("issue_obligation", "ConversionApproved.v1"),
    ("issue_obligation", "ConversionRejected.v1"),
    ("issue_obligation", "ConversionReopened.v1"),
    ("issue_obligation", "ConversionDeleted.v1"),
    ("update_customer", "customers/SaleTriggered.v1"),
    ("follow_order", "ecommerce.order_placed.v1"),
    ("schedule_reminders", "ecommerce.order_placed.v1"),
    ("schedule_reminders", "ecommerce.order_cancelled.v1"),
    ("announce_restock", "ProductRestocked.v1"),
    ("settle_engagements", "OpportunitySettled.v1"),
    ("settle_engagements", "OpportunityInvalidated.v1"),
    ("settle_payouts", "FulfillmentCreated.v1"),
    ("fan_out_webhooks", "webhooks/PayoutPaid.v1"),
    ("share_revenue", "RefundTriggered.v1"),
    ("settle_payouts", "PayoutFailed.v1"),
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
    sometimes |= {"coupon", "pausedAt", "testedAt", "formerSealed", "netRefunds", "minimumPayout", "payoutMethod"}
    sometimes |= {"wholeRefundAt", "cancelledAt", "withdrawnAt", "change", "seen", "reserved"}
    return item.keys() - sometimes, item.get("listed", {}).keys() - {"customerId"}
