"""The currency of a refund: that of its sale, or not given."""

from tributary.domain.errors import Failure, ValidationFailed


def require_same(asked: str | None, currency: str) -> None:
    """ValidationFailed for a refund in another currency than its sale's."""
    if asked not in (None, currency):
        sentence = f"currency must be {currency}, as in the sale."
        raise ValidationFailed([Failure("currency", sentence, "ENUM", {"known": [currency]})])
