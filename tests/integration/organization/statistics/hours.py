"""A clock that tests move, the closing of hours as the schedule does it, and what the answers add up to."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from tests.stack.exchange import Item, Message
from tests.stack.house import House
from tests.stack.moto_stack import client, stream
from tests.stack.wiring import variables
from tributary.domain import times
from tributary.ledger.statistics import closed
from tributary.ledger.store.values import decode_item

BEGIN = "2026-03-31T21:20:00.000Z"
FIGURES = (
    "sales", "refunded", "pendingConversions", "approvedConversions", "rejectedConversions", "deletedConversions",
    "issued", "reversed", "paid",
)  # fmt: skip

#: Count and sum, by (figure, currency).
Totals = dict[tuple[str, str], list[int]]


class Clock:
    """The ledger's clock: a millisecond passes with each look, and more if a test says so."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> str:
        self.now = times.later(self.now, seconds=0.001)
        return self.now

    def passes(self, **by: float) -> None:
        self.now = times.later(self.now, **by)


@contextmanager
def clock() -> Iterator[Clock]:
    made = Clock()
    with mock.patch.object(times, "now", made):
        yield made


def schedule(house: House, at: str, **detail: Any) -> list[Message]:
    """Hand the schedule's message to the function; the messages that follow wait in its queue."""
    event = {"id": at, "source": "aws.events", "detail-type": "Scheduled Event", "time": at, "detail": detail}
    assert house.consume(Message("close_hours", json.dumps(event)))
    return waiting(house)


def waiting(house: House) -> list[Message]:
    """Empty the function's queue."""
    queue, found = variables("close_hours")["QUEUE_URL"], []
    while received := client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for it in received:
            client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=it["ReceiptHandle"])
        found += [Message("close_hours", it["Body"]) for it in received]
    return found


def close(house: House, messages: Iterable[Message]) -> None:
    """Consume messages and all that follow from them."""
    left = list(messages)
    while left:
        assert house.consume(left.pop(0))
        left += waiting(house)


def tick(house: House, clock: Clock) -> None:
    """Twenty minutes past the present hour: what the schedule closes is closed."""
    close(house, schedule(house, clock()))


def asked(house: House, **query: Any) -> list[Item]:
    answer = house.get("/statistics", **query)
    assert answer.status == 200, answer.text
    return list(answer.json["rows"])


def totals(rows: Iterable[Item]) -> Totals:
    """The sums of rows, but for those of nothing."""
    found: Totals = {}
    for row in rows:
        for figure in FIGURES:
            for part in row[figure]:
                count(found, figure, part["currency"], part["count"], part["value"])
    return tidy(found)


def count(found: Totals, figure: str, currency: str, number: int, value: int) -> None:
    held = found.setdefault((figure, currency), [0, 0])
    held[0] += number
    held[1] += value


def tidy(found: Totals) -> Totals:
    return {name: held for name, held in found.items() if held != [0, 0]}


def lists(house: House) -> Totals:
    """The sums of the lists as they are now: what every hour together must add up to. The counts of `issued` and
    `reversed` are of movements, so these are net here, without a count."""
    found: Totals = {}
    for item in house.ledger():
        if "listPk" not in item:
            continue
        held, entity = item["listed"], item["entity"]
        if entity == "transaction":
            count(found, "sales", held["currency"], 1, held["totalValue"])
            if item.get("refunded"):
                count(found, "refunded", held["currency"], 1, item["refunded"])
        elif entity == "conversion":
            count(found, f"{held['status']}Conversions", held["currency"], 1, held["value"])
        elif entity == "obligation" and held["status"] in ("draft", "pending", "complete"):
            count(found, "net", held["currency"], 0, held["value"])
        elif entity == "payout" and held["status"] == "paid":
            count(found, "paid", held["currency"], 1, held["value"])
    return tidy(found)


def net(found: Totals) -> Totals:
    """Sums with what was issued less what was reversed as one figure."""
    made: Totals = {}
    for (figure, currency), (number, value) in found.items():
        if figure in ("issued", "reversed"):
            count(made, "net", currency, 0, value if figure == "issued" else -value)
        else:
            count(made, figure, currency, number, value)
    return tidy(made)


def worked_out(since: int) -> dict[str, Totals]:
    """Sums by hour, worked out from each change of the table, without any code of the statistics."""
    hours: dict[str, Totals] = {}
    for change in stream()[since:]:
        images = change["dynamodb"]
        old, new = (decode_item(images[name]) if name in images else None for name in ("OldImage", "NewImage"))
        if new is None or new["entity"] not in ("transaction", "conversion", "obligation", "payout"):
            continue
        at = new["listed"]["dateCreated"] if old is None else new["changedAt"]
        hour = hours.setdefault(at[:13], {})
        if new["entity"] == "obligation":
            currencies = {it["listed"]["currency"] for it in (old, new) if it}
            for currency in currencies:
                by = _owed(new, currency) - _owed(old, currency)
                if by:
                    count(hour, "issued" if by > 0 else "reversed", currency, 1, abs(by))
            continue
        for image, sign in ((new, 1), (old, -1)):
            for figure, currency, value in _counted(image):
                count(hour, figure, currency, sign, sign * value)
    return {hour: tidy(found) for hour, found in hours.items() if tidy(found)}


def _owed(item: Item | None, currency: str) -> int:
    if item is None or "listPk" not in item or item["listed"]["currency"] != currency:
        return 0
    owed = item["listed"]["status"] in ("draft", "pending", "complete")
    return int(item["listed"]["value"]) if owed else 0


def _counted(item: Item | None) -> Iterator[tuple[str, str, int]]:
    if item is None or "listPk" not in item:
        return
    held, entity = item["listed"], item["entity"]
    if entity == "transaction":
        yield "sales", held["currency"], held["totalValue"]
        if item.get("refunded"):
            yield "refunded", held["currency"], item["refunded"]
    elif entity == "conversion":
        yield f"{held['status']}Conversions", held["currency"], held["value"]
    elif held["status"] == "paid":
        yield "paid", held["currency"], held["value"]


def kept(house: House) -> dict[str, Item]:
    """The stored sums, without the marks of their writes."""
    marks = ("nonce", "version", "begun", "trace")
    return {
        item["sk"]: {name: held for name, held in item.items() if name not in marks}
        for item in house.ledger(closed.KIND)
    }
