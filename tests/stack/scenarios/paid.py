"""Batches for the in-process stack, and the sums that must agree."""

from collections import Counter
from datetime import date
from typing import Any
from unittest import mock

from local.seed import COLLABORATOR_ID, ORGANIZATION
from tests.stack.exchange import Answer, Item
from tests.stack.house import House
from tests.stack.scenarios.past import line, sold
from tributary.domain import times
from tributary.domain.ids import cause_id, random_id
from tributary.domain.payable import Arguments
from tributary.ledger.earnings import credit_items, obligations_by_hand
from tributary.ledger.earnings.credit_items import Credit
from tributary.ledger.payouts import fulfillments, payment_files, previews, proofs, selection
from tributary.ledger.store import table

LIVE = ("unpaid", "paid")
#: The batch of preview 8004, whose payout another system pays.
FILED_BATCH = cause_id(ORGANIZATION, "fulfillment", "preview", 8004)
#: Of the samples in events/: credits by hand, and the previews of four of them; three previews have become batches.
CREDITS = PAID, FAILED, PREVIEWED, CHANGED, DELETED, FILED = (7001, 7002, 7003, 7004, 7005, 7006)
PREVIEWS = {8001: PAID, 8002: FAILED, 8003: PREVIEWED, 8004: FILED}


def batches_of_the_samples() -> None:
    """Make the credits, previews, batches, payouts and the proof that the samples name; ids of batches and payouts
    derive from the previews'."""
    now = times.now()
    for number in CREDITS:
        made = Credit(ORGANIZATION, number, COLLABORATOR_ID, 2500, "USD", credit_items.BY_HAND, reason="Welcome bonus")
        obligations_by_hand.create(made, now)
    for preview, credit_id in PREVIEWS.items():
        with mock.patch.object(previews, "random_id", return_value=preview):
            previews.make(ORGANIZATION, Arguments(now, obligation_ids=(credit_id,)))
    for preview, method in ((8001, "manual"), (8002, "manual"), (8004, "external")):
        with paid_by(method):
            fulfillments.generate_previewed(ORGANIZATION, preview, lambda: True)
    for filed in table.query(f"{ORGANIZATION}#fulfillment#{FILED_BATCH}", "fulfillment"):
        with mock.patch.object(payment_files, "_require_near"):  # the samples name a day of their own
            payment_files.make(filed, date(2026, 12, 1))
    proof_id = proofs.begin(ORGANIZATION, "night-of-the-samples")
    while proofs.go_on(ORGANIZATION, proof_id):
        pass


def paid_by(method: str) -> Any:
    """Every collaborator has this method, without members of its own."""
    return mock.patch.object(selection, "method_of", return_value={"type": method})


def credit(house: House, value: int = 2500, **members: Any) -> Item:
    body = {"collaboratorId": house.collaborator_id, "value": value, **members}
    answer = house.post("/obligations", body)
    assert answer.status == 201, answer.text
    return dict(answer.json)


def earned(house: House, **settings: Any) -> Item:
    """The obligation of a sale of 100."""
    sold(house, house.new_visit(house.new_collaborator(house.new_program(**settings))), line(100))
    return dict(house.get("/obligations").json[0])


def owe(house: House, collaborator: int, *values: int, currency: str = "USD", first: int = 1) -> list[int]:
    """Credits by hand with these values, one millisecond after another; their ids."""
    ids = []
    with house._environment("manage_obligations"):
        for number, value in enumerate(values, first):
            made = Credit(ORGANIZATION, random_id(), collaborator, value, currency, credit_items.BY_HAND)
            obligations_by_hand.create(made, f"2026-01-01T00:00:00.{number:03}Z")
            ids.append(made.id)
    return ids


def people(house: House, count: int) -> list[int]:
    return [house.new_collaborator() for _ in range(count)]


def batch(house: House) -> Item:
    """The only batch, as a client reads it."""
    (found,) = house.get("/fulfillments").json
    return dict(found)


def generate(house: House, **arguments: Any) -> Answer:
    """Make a batch, and deliver everything that follows."""
    answer = house.post("/fulfillments/generate", arguments)
    house.deliver()
    return answer


def payouts(house: House) -> list[Item]:
    """The payouts as a client lists them, oldest first."""
    return list(reversed(house.get("/payouts").json))


def live_sums(house: House) -> dict[tuple[int, str], int]:
    """The sum of live payouts by collaborator and currency."""
    sums: Counter[tuple[int, str]] = Counter()
    for payout in (item["listed"] for item in house.ledger("payout")):
        if payout["status"] in LIVE:
            sums[payout["collaboratorId"], payout["currency"]] += payout["value"]
    return dict(sums)


def completed_sums(house: House) -> dict[tuple[int, str], int]:
    """The sum of obligations in payouts by collaborator and currency."""
    sums: Counter[tuple[int, str]] = Counter()
    for owed in (item["listed"] for item in house.ledger("obligation")):
        if owed["status"] == "complete" and owed["payoutId"] is not None:
            sums[owed["collaboratorId"], owed["currency"]] += owed["value"]
    return dict(sums)


def balances(house: House) -> dict[int, int]:
    """The sum of everything owed or paid to each collaborator, which refunds before or after a payout leave alike."""
    sums: Counter[int] = Counter()
    for owed in (item["listed"] for item in house.ledger("obligation")):
        if owed["status"] in ("draft", "pending", "complete"):
            sums[owed["collaboratorId"]] += owed["value"]
    return dict(sums)


def require_agreement(house: House) -> None:
    """Each live payout is the sum of its obligations, and each batch the sum of its payouts."""
    assert live_sums(house) == completed_sums(house)
    held: Counter[int] = Counter()
    for owed in (item["listed"] for item in house.ledger("obligation")):
        if owed["payoutId"] is not None:
            held[owed["payoutId"]] += owed["value"]
    made: Counter[int] = Counter()
    for payout in (item["listed"] for item in house.ledger("payout")):
        if payout["status"] in LIVE:
            assert held[payout["id"]] == payout["value"] > 0
            made[payout["fulfillmentId"]] += payout["value"]
        else:
            assert held[payout["id"]] == 0
    for batch in (item["listed"] for item in house.ledger("fulfillment")):
        assert sum(batch["totals"].values()) == made[batch["id"]]
