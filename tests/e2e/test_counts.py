"""Requests of concurrent copies of a function to DynamoDB: as many each as one alone.

The real handlers, each in a process.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.support.functions import FunctionProcess, http_event
from tests.stack.journey import Journey, at_once, at_rest, changes
from tributary.domain.events import events_of
from tributary.ledger.store.values import decode_item

COPIES, EACH = 3, 5


@pytest.fixture(scope="module")
def copies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[FunctionProcess]]:
    endpoint = request.getfixturevalue("stack").endpoint
    directory: Path = tmp_path_factory.mktemp("counts")
    with ExitStack() as kept:
        logs = [kept.enter_context((directory / str(number)).open("wb")) for number in range(COPIES)]
        yield [kept.enter_context(FunctionProcess(endpoint, log)) for log in logs]


def all_at_once(copies: list[FunctionProcess], function: str, event: Any, each: int = EACH) -> list[Any]:
    """Run the event so many times in every copy, all copies concurrently."""
    runs = at_once(COPIES, lambda copy: [copy.run(function, event) for _ in range(each)], copies)
    assert not [run for made in runs for run in made if "raised" in run]
    return [run for made in runs for run in made]


def warm(copies: list[FunctionProcess], journey: Journey) -> None:
    """Make every copy cache the key."""
    nothing = http_event("POST", "/siren/v1/event/refund", journey.keys["events"], {"source": "x", "externalId": "x"})
    all_at_once(copies, "report_refund", nothing, each=1)


def test_concurrent_posts_of_a_sale_are_one_put_each_and_no_read(
    copies: list[FunctionProcess], journey: Journey
) -> None:
    warm(copies, journey)
    sale = http_event(
        "POST", "/siren/v1/event/sale", journey.keys["events"], journey.sale(journey.visit(journey.house()))
    )

    runs = all_at_once(copies, "report_sale", sale)

    assert [run["requests"] for run in runs] == [{"PutItem": 1}] * COPIES * EACH
    created = [run for run in runs if "Idempotency-Hit" not in run["answer"]["headers"]]
    assert len(created) == 1


def test_concurrent_posts_of_a_refund_are_one_update_each_and_no_read(
    copies: list[FunctionProcess], journey: Journey
) -> None:
    warm(copies, journey)
    sale = journey.sale(journey.visit(journey.house()))
    journey.owed(journey.post_sale(sale))
    body = {name: sale[name] for name in ("source", "externalId")}

    runs = all_at_once(
        copies, "report_refund", http_event("POST", "/siren/v1/event/refund", journey.keys["events"], body)
    )

    assert [run["requests"] for run in runs] == [{"UpdateItem": 1}] * COPIES * EACH
    assert {run["answer"]["statusCode"] for run in runs} == {200}


def test_concurrent_attributions_of_a_sale_are_one_decision_and_few_requests(
    copies: list[FunctionProcess], journey: Journey
) -> None:
    visit = journey.visit(journey.house())
    with journey.held_up("AttributeSale"):
        before = len(changes(journey.stack))
        transaction = journey.post_sale(journey.sale(visit))
        event = sale_triggered(journey, before)
        runs = all_at_once(copies, "attribute_sale", event)

    for run in runs:
        asked = run["requests"]
        tries = asked.get("TransactWriteItems", 0)
        assert tries <= 2
        assert sum(asked.values()) <= (3 + 1) * (tries + 1)
    at_rest(journey.stack)
    assert [it["value"] for it in journey.listed("conversions", transactionId=transaction)] == [500]
    assert [it["value"] for it in journey.listed("obligations")] == [500]


def test_a_handled_event_costs_its_reads_and_no_write(copies: list[FunctionProcess], journey: Journey) -> None:
    before = len(changes(journey.stack))
    journey.owed(journey.post_sale(journey.sale(journey.visit(journey.house()))))
    at_rest(journey.stack)
    event = sale_triggered(journey, before)

    attributed = all_at_once(copies, "attribute_sale", event)
    issued = all_at_once(copies, "issue_obligation", event)

    assert {tuple(run["requests"].items()) for run in attributed} == {(("BatchGetItem", 1),)}
    assert {tuple(run["requests"].items()) for run in issued} == {(("Query", 1),)}


def sale_triggered(journey: Journey, since: int) -> Any:
    """The event of the organization's sale, from the changes since then."""
    for record in changes(journey.stack)[since:]:
        item = decode_item(record["dynamodb"]["NewImage"])
        if (item["entity"], item["organization"]) == ("transaction", journey.organization):
            (event, _) = events_of(None, item)
            return {"source": "tributary", "detail-type": event.detail_type, "detail": event.detail}
    raise AssertionError("no change of the sale in the stream")
