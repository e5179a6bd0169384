"""Outcomes of deliveries, as the log of a connection shows them."""

from collections.abc import Callable, Sequence

from tributary.domain.errors import TributaryError, ValidationFailed

RECORDED, REPEAT = "recorded", "repeat"
#: News of money that went back, kept until its order comes.
WAITS = "recorded: waits for its order"
_IGNORED, _REFUSED = "ignored: ", "refused: "


def ignored(reason: str) -> str:
    return _IGNORED + reason


def refused(reason: str) -> str:
    return _REFUSED + reason


def attempt(record: Callable[[], str]) -> str:
    """The outcome of one fact; the ledger's refusal is one too, so that the facts beside it are recorded."""
    try:
        return record()
    except ValidationFailed as error:
        return refused(", ".join(sorted({failure.field for failure in error.failures})))
    except TributaryError as error:
        return refused(error.code)


def of_all(outcomes: Sequence[str]) -> str:
    """The outcome of several facts: refusals beat what waits, that other news, news a repeat, and a repeat the rest."""
    reasons = {it.removeprefix(_REFUSED): None for it in outcomes if it.startswith(_REFUSED)}
    if reasons:
        return refused(", ".join(reasons))
    return next((known for known in (WAITS, RECORDED, REPEAT) if known in outcomes), outcomes[0])
