"""Distributors for the in-process stack: periods of the past, and the nights that close them."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from local.seed import COLLABORATOR_ID, ORGANIZATION
from tests.stack.exchange import Answer, Item, Message
from tests.stack.house import House
from tests.stack.moto_stack import client
from tests.stack.scenarios.past import line
from tributary.api.siren.requests.owed.distributors import DistributorBody
from tributary.domain import times
from tributary.domain.distributor import Period, period_of
from tributary.domain.ids import random_id
from tributary.ledger.distributions import closing, distributors
from tributary.ledger.distributions.distributions import Place
from tributary.ledger.distributions.pool import HOURS_OPEN


def before(month: Period) -> Period:
    return period_of("monthly", times.later(month.start, days=-1))


def tenth(month: Period) -> str:
    """Noon of its tenth day."""
    return times.later(month.start, days=9, hours=12)


def named(month: Period) -> str:
    return month.name[:7]


#: The month that a night of now leaves open, and the two before it: a night closes every month that has ended.
OPEN = period_of("monthly", times.later(times.now(), hours=-HOURS_OPEN))
LAST = before(OPEN)
EARLIER = before(LAST)
NIGHT = '{"id": "night-1", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}'
#: No visit has this trackingId, so that the sale earns nothing but its part of a pool.
UNKNOWN_VISITOR = 1


#: Of the samples in events/: a distributor with a closed month, and one to delete.
DISTRIBUTOR, SPARE = 4001, 4002


def pools_of_the_samples() -> None:
    """Make the distributors that the samples name, and close a month of the first, without a score."""
    given = {"name": "Authors", "revenuePercentage": "10", "collaborators": [COLLABORATOR_ID]}
    body = DistributorBody.model_validate(given)
    for number in (DISTRIBUTOR, SPARE):
        distributors.create(ORGANIZATION, number, body.settings(), "2026-10-01T00:00:00.000Z")
    closing.close(Place(ORGANIZATION, DISTRIBUTOR, period_of("monthly", "2026-10-10T00:00:00.000Z")), times.now())


def new_distributor(house: House, *people: int, since: str = EARLIER.start, **settings: Any) -> int:
    """Create a distributor of 10 % as of a moment in the past."""
    body = {"name": "Authors", "revenuePercentage": 10, "transactionCompilers": ["includeLineItems"]}
    given = DistributorBody.model_validate({**body, "collaborators": list(people), **settings}).settings()
    number = random_id()
    with house._environment("manage_distributors"):
        distributors.create(ORGANIZATION, number, given, since)
    return number


def sell(house: House, name: str, amount: float, when: str | None = None, **members: Any) -> None:
    """Report a sale of that moment."""
    said = {"occurredAt": when} if when else {}
    answer = house.sale(name, UNKNOWN_VISITOR, **{"total": amount, "items": [line(amount)], **said, **members})
    assert answer.status == 200


def score(house: House, distributor: int, person: Any, points: int, when: str | None = None, **members: Any) -> Answer:
    body = {"distributorId": distributor, "collaboratorId": person, "score": points, **members}
    return house.post("/distributors/credit-metric", body | ({"occurredAt": when} if when else {}))


def scored(house: House, distributor: int, scores: Mapping[int, int], when: str) -> None:
    """Credit scores at a moment."""
    for person, points in scores.items():
        assert score(house, distributor, person, points, when).status == 201


def close(house: House) -> list[Message]:
    """Pass a night: close all periods that have ended, and deliver everything that follows; return its messages."""
    waiting, passed = [Message("close_periods", NIGHT)], list[Message]()
    while waiting:
        passed += waiting
        for message in waiting:
            assert house.consume(message)
        waiting = sent_by_the_night(house)
    house.deliver()
    return passed


def closed_month(house: House, person: int, **settings: Any) -> int:
    """Create a distributor of one person, with last month closed and one sale of 100 in it; return its id."""
    number = new_distributor(house, person, since=LAST.start, **settings)
    scored(house, number, {person: 1}, tenth(LAST))
    sell(house, "ORD-1", 100, tenth(LAST))
    house.deliver()
    close(house)
    return number


def sent_by_the_night(house: House) -> list[Message]:
    """Empty the queue of the nightly function; return the messages that it sent itself."""
    url = house._variables("close_periods")["QUEUE_URL"]
    found: list[Item] = []
    while some := client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += some
        for it in some:
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=it["ReceiptHandle"])
    return [Message("close_periods", json.dumps(json.loads(it["Body"]))) for it in found]


def distribution(house: House, month: str) -> Item:
    """The distribution of a month."""
    (found,) = [it for it in house.get("/distributions", number=200).json if it["periodStart"].startswith(month)]
    return dict(house.get(f"/distributions/{found['id']}").json)


def allocated(house: House, month: str) -> dict[int, int]:
    """The share of each collaborator in a month."""
    return {it["collaboratorId"]: it["value"] for it in distribution(house, month)["allocations"]}


def months(house: House) -> list[str]:
    """The months closed, oldest first."""
    return sorted(it["periodStart"][:7] for it in house.get("/distributions", number=200).json)


def revenue(house: House) -> dict[str, int]:
    """Revenue of each month after refunds, of the sales themselves."""
    sums: Counter[str] = Counter()
    for item in house.ledger("transaction"):
        if item["listed"]["status"] == "complete":
            sums[item["reported"]["occurredAt"][:7]] += item["refundable"] - item.get("refunded", 0)
    return dict(sums)


def entries(house: House) -> list[tuple[str, int, int]]:
    """Month, revenue before and after refunds of each entry that is something."""
    found = [(it["pk"].split("#")[-1][:7], it["whole"], it["value"]) for it in house.ledger("pool-entry")]
    return sorted(it for it in found if it[1])
