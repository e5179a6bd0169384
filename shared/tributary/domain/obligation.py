"""States of an obligation, and a person's actions on it."""

from collections.abc import Mapping

STATUSES = ("draft", "pending", "complete", "rejected", "cancelled", "deleted")
#: Names of states in requests: clients say `fulfilled` for `complete`.
SPOKEN: Mapping[str, str] = {**{status: status for status in STATUSES}, "fulfilled": "complete"}
#: States that no report changes again.
FINAL = ("cancelled", "deleted")

#: A person's actions: target status and allowed statuses. `complete` here is paid without a payout of ours.
ACTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "approve": ("pending", ("draft",)),
    "markPending": ("pending", ("draft", "rejected", "complete")),
    "reject": ("rejected", ("draft", "pending")),
    "markComplete": ("complete", ("pending",)),
    "delete": ("deleted", ("draft", "pending", "rejected", "cancelled")),
    "cancel": ("cancelled", ("draft", "pending", "rejected")),
}
#: The review of a conversion that leads to an obligation's state: until it is paid, an obligation follows it.
REVIEWED: Mapping[str, str] = {"pending": "approve", "rejected": "reject"}


def may_become(status: str, target: str) -> bool:
    """True if some action leads there."""
    return any(status in allowed for reached, allowed in ACTIONS.values() if reached == target)
