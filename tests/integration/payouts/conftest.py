import pytest

from tributary.ledger.payouts import fulfillments


@pytest.fixture(autouse=True)
def _impatient_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's looks at a batch that is still being made, without their pauses."""
    monkeypatch.setattr(fulfillments, "_LOOKS", (0,) * len(fulfillments._LOOKS))
