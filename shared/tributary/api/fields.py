"""Types of body fields that several bodies share; each refuses with a sentence for the one who sent it."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from tributary.domain import times
from tributary.domain.money import CURRENCIES, MAX_MINOR

_NUMERIC = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,6})?", re.ASCII)
_MAX_DIGITS = 100
_LARGEST_ADJUSTED = 15
#: How far another system's clock may be ahead of ours.
_SKEW_SECONDS = 300


class RequestBody(BaseModel):
    """Strict: `true` is not 1. Unknown members are ignored, so that newer clients are not refused."""

    model_config = ConfigDict(strict=True, alias_generator=to_camel, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, document: Any) -> Any:
        """null leaves a member at its default; only where null is a value of its own, it is one."""
        if not isinstance(document, dict):
            return document
        defaulted = {field.alias for field in cls.model_fields.values() if field.get_default() is not None}
        return {name: value for name, value in document.items() if value is not None or name not in defaulted}


def refuse(kind: str, sentence: str, **context: Any) -> PydanticCustomError:
    """A refusal whose `kind` is one of the failure types and whose sentence goes on after the field's name."""
    return PydanticCustomError(kind, sentence, context)


def decimal(value: Any) -> Decimal:
    """Major units as exact decimal, from a number or numeric text."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise refuse("TYPE", "must be a number.")
    if isinstance(value, str) and not _NUMERIC.fullmatch(value.strip()):
        raise refuse("TYPE", "must be a number.")
    if isinstance(value, str) and len(value) > _MAX_DIGITS:
        raise refuse("LENGTH", f"must have at most {_MAX_DIGITS} digits.")
    amount = Decimal(value.strip() if isinstance(value, str) else value)
    if amount and amount.adjusted() > _LARGEST_ADJUSTED:
        raise refuse("MAX", "is too large.")
    return amount


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise refuse("MIN", "must be at least 0.", min=0)
    return value


def identifier(value: Any) -> int:
    """An id: an integer from 1 to 2^53 - 1, or its digits as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise refuse("TYPE", "must be an integer.")
    if value < 1:
        raise refuse("MIN", "must be at least 1.", min=1)
    if value > MAX_MINOR:
        raise refuse("MAX", f"must be at most {MAX_MINOR}.", max=MAX_MINOR)
    return value


def _text_of_number(value: Any) -> Any:
    """1004 is "1004": ids of other systems come as numbers too."""
    return str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


def _filled(value: str) -> str:
    if not value.strip():
        raise refuse("REQUIRED", "is required.")
    return value


def _currency(value: str) -> str:
    if value.upper() not in CURRENCIES:
        raise refuse("ENUM", "must be an ISO 4217 currency code.")
    return value.upper()


def _moment(value: str) -> str:
    try:
        return times.text(times.parse(value))
    except (ValueError, OverflowError):
        raise refuse("FORMAT", "must be an ISO 8601 date and time.") from None


def _past(value: str) -> str:
    if value > times.later(times.now(), seconds=_SKEW_SECONDS):
        raise refuse("MAX", "must not be in the future.")
    return value


Amount = Annotated[Decimal, BeforeValidator(decimal)]
PositiveAmount = Annotated[Amount, AfterValidator(_not_negative)]
Identifier = Annotated[int, BeforeValidator(identifier)]
Currency = Annotated[str, AfterValidator(_currency)]
Moment = Annotated[str, AfterValidator(_moment)]
PastMoment = Annotated[Moment, AfterValidator(_past)]

MAX_SLUG = 64
Slug = Annotated[str, StringConstraints(max_length=MAX_SLUG, pattern=r"^[a-z0-9][a-z0-9-]*$")]
Word = Annotated[str, StringConstraints(max_length=64), AfterValidator(_filled)]
Text = Annotated[str, StringConstraints(max_length=255), AfterValidator(_filled)]
TextOrNumber = Annotated[Text, BeforeValidator(_text_of_number)]
LongText = Annotated[str, StringConstraints(max_length=2000)]
