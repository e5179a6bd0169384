"""Checks of the ledger's own money: payouts against their obligations, these against their conversions or shares.

Each compares stored records and returns the reasons for which they disagree.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tributary.domain.clawback import adjustment
from tributary.domain.conversion import obligation_wanted

Record = Mapping[str, Any]
LIVE = ("unpaid", "paid")
#: Statuses of a conversion whose sale has ended.
ENDED = ("rejected", "expired", "deleted")


def payout_disagrees(payout: Record, owed: Sequence[Record]) -> Iterator[str]:
    """Compare a listed payout with the listed obligations in it: their sum, their number and their state."""
    if payout["status"] not in LIVE:
        if owed:
            yield "obligations_not_released"
        return
    if sum(held["value"] for held in owed) != payout["value"]:
        yield "sum_of_obligations_differs"
    if len(owed) != payout["obligationCount"]:
        yield "number_of_obligations_differs"
    names = {(held["payoutId"], held["status"], held["collaboratorId"], held["currency"]) for held in owed}
    if names - {(payout["id"], "complete", payout["collaboratorId"], payout["currency"])}:
        yield "obligation_of_another_state"
    if payout["value"] <= 0:
        yield "payout_not_positive"


def batch_disagrees(batch: Record, payouts: Sequence[Record]) -> Iterator[str]:
    """Compare a listed batch with the listed payouts in it: their sums by currency, and their number."""
    live = [it for it in payouts if it["status"] in LIVE]
    sums = dict.fromkeys(batch["totals"], 0)
    for it in live:
        sums[it["currency"]] = sums.get(it["currency"], 0) + it["value"]
    if sums != batch["totals"]:
        yield "totals_differ"
    if len(live) != batch["payoutCount"]:
        yield "number_of_payouts_differs"


def obligation_disagrees(obligation: Record, conversion: Record, sale_status: str | None) -> Iterator[str]:
    """Compare an obligation's item with its conversion's, and that with the status of its sale; None for a lead.

    A deletion of a sale leaves its earnings as they are."""
    held, source = obligation["listed"], conversion["listed"]
    if sale_status not in (None, "complete", "deleted") and source["status"] not in ENDED:
        yield "conversion_of_an_ended_sale"
    if held["status"] in ("cancelled", "deleted") or obligation["conversionVersion"] > conversion["version"]:
        return
    wanted = obligation_wanted(
        source["status"], source["value"], source["currency"], settled=conversion.get("settled") or False
    )
    if held["status"] == "complete" and not obligation.get("settled"):
        worth = 0 if wanted.status == "rejected" else wanted.value
        clawback = source["award"].get("clawback", "none")
        if adjustment(held["value"], obligation.get("moved", 0), worth, clawback):
            yield "paid_amount_differs"
    elif not obligation.get("settled") and (wanted.status, wanted.value) != (held["status"], held["value"]):
        yield "obligation_differs"


def share_disagrees(obligation: Record, worth: int, clawback: str) -> Iterator[str]:
    """Compare the item of an allocation's obligation with its share now. Ended by hand, it may differ."""
    status, value = obligation["listed"]["status"], obligation["listed"]["value"]
    if status == "complete":
        if adjustment(value, obligation.get("moved", 0), worth, clawback):
            yield "paid_amount_differs"
    elif (status == "pending" or (status == "rejected" and not value)) and value != worth:
        yield "obligation_differs"
