"""Field types shared by several bodies. Each refuses with a sentence for the client."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, StringConstraints, ValidationInfo
from pydantic_core import PydanticCustomError

from tributary.api.http import blanks
from tributary.domain import times
from tributary.domain.money import CURRENCIES, MAX_MINOR
from tributary.domain.quantity import MOST, PLACES
from tributary.domain.transaction import EITHER_WAY, LOWERING
from tributary.domain.withdrawn_currencies import WITHDRAWN, withdrawn_before

_NUMERIC = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,6})?", re.ASCII)
_MAX_DIGITS = 100
_LARGEST_ADJUSTED = 15
#: Control characters and those that turn the direction of text: two names could look alike, or like another's.
_UNSEEN = r"\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069"
#: Members of one object, unknown ones included.
MAX_MEMBERS = 1000
#: Seconds that another system's clock may be ahead of ours.
_SKEW_SECONDS = 300
#: Of a minor unit. Floats of clients are wrong by less, so that 19.99 × 100 is 1999.
_FINEST_PRICE, _EXACT = Decimal(1).scaleb(-12), Context(prec=40)

#: JSON Schema of each check's input, for docs/openapi.json.
SCHEMAS: dict[Callable[..., Any], dict[str, Any]] = {}
Check = TypeVar("Check", bound=Callable[..., Any])


def takes(**schema: Any) -> Callable[[Check], Check]:
    """Note a check's input as JSON Schema. Conditions that JSON Schema cannot express are left out."""

    def note(check: Check) -> Check:
        SCHEMAS[check] = schema
        return check

    return note


def refuse(kind: str, sentence: str, **context: Any) -> PydanticCustomError:
    """A refusal whose `kind` is one of the failure types and whose sentence goes on after the field's name."""
    return PydanticCustomError(kind, sentence, context)


def few_members(document: dict[str, Any]) -> None:
    """Refuse an object of more than MAX_MEMBERS."""
    if len(document) > MAX_MEMBERS:
        raise refuse("LENGTH", f"must have at most {MAX_MEMBERS} members.", max=MAX_MEMBERS)


def well_formed(text: str) -> bool:
    """True if a text can be encoded: JSON may hold half of a surrogate pair."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


@takes(
    type=["number", "string"],
    exclusiveMinimum=-(10**16),
    exclusiveMaximum=10**16,
    maxLength=_MAX_DIGITS,
    pattern=rf"^\s*{_NUMERIC.pattern}\s*$",
)
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


@takes()
def _whole(value: Any) -> Any:
    """1999.0 is the integer 1999, as in JSON Schema: some languages write whole numbers so."""
    return int(value) if isinstance(value, Decimal) and value.adjusted() < 20 and value == int(value) else value


@takes(type=["number", "string"], minimum=0, maximum=MAX_MINOR, pattern=rf"^\s*{_NUMERIC.pattern}\s*$")
def _price(given: Any) -> int | Decimal:
    """An integer, or a decimal if it is finer than the minor unit."""
    fine = decimal(given).quantize(_FINEST_PRICE, ROUND_HALF_UP, _EXACT)
    if not 0 <= fine <= MAX_MINOR:
        raise refuse("MIN" if fine < 0 else "MAX", f"must be from 0 to {MAX_MINOR}.", min=0, max=MAX_MINOR)
    return int(fine) if fine == int(fine) else fine.normalize(_EXACT)


@takes(minimum=0)
def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise refuse("MIN", "must be at least 0.", min=0)
    return value


@blanks.text
@takes(minimum=0)
def _off(value: Decimal) -> Decimal:
    """An amount taken off: blank text counts as absent, as shop systems send it for none."""
    return _not_negative(value)


@takes(exclusiveMinimum=0, maximum=MOST, description="Units; may have decimals, as of goods by weight.")
def _units(value: Decimal) -> Decimal:
    if value <= 0:
        raise refuse("MIN", "must be more than 0.", min=0)
    if value > MOST:
        raise refuse("MAX", f"must be at most {MOST}.", max=MOST)
    if value != round(value, PLACES):
        raise refuse("FORMAT", f"must have at most {PLACES} decimals.")
    return value


@blanks.text
@takes(type=["integer", "string"], minimum=1, maximum=MAX_MINOR, pattern="^[0-9]{1,20}$")
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


@takes(type=["string", "number"])
def _text_of_number(value: Any) -> Any:
    """1004 is "1004": ids of other systems come as numbers too."""
    return str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


@blanks.text
@takes(minLength=1, pattern=r"\S")
def _filled(value: str) -> str:
    if not value.strip():
        raise refuse("REQUIRED", "is required.")
    return value


@takes()
def without_blanks(value: Any) -> Any:
    """A list without its blank texts."""
    return [it for it in value if not blanks.is_blank(it)] if isinstance(value, list) else value


@takes(pattern=f"^[^{_UNSEEN}]*[^{_UNSEEN}\\s][^{_UNSEEN}]*$")
def _seen(value: str) -> str:
    if re.search(f"[{_UNSEEN}]", value):
        raise refuse("FORMAT", "must have no control characters and none that change the direction of text.")
    return value


@takes(pattern="^[A-Za-z]{3}$", description="An ISO 4217 code.")
def _currency(value: str) -> str:
    code = _known_currency(value)
    require_currency_of(code, times.now())
    return code


@takes(pattern="^[A-Za-z]{3}$", description="An ISO 4217 code, a withdrawn one for moments at which it was valid.")
def _known_currency(value: str) -> str:
    if not value.isascii() or value.upper() not in CURRENCIES | WITHDRAWN.keys():
        raise refuse("ENUM", "must be an ISO 4217 currency code.")
    return value.upper()


def require_currency_of(currency: str | None, at: str, **where: Any) -> None:
    """Refuse a currency that was withdrawn before a moment."""
    if currency is not None and (month := withdrawn_before(currency, at)):
        raise refuse("ENUM", f"was withdrawn in {month}.", withdrawn=month, **where)


@takes(description="ISO 8601; without an offset it is UTC.", examples=["2026-11-21T12:00:00Z"])
def _moment(value: str) -> str:
    try:
        return times.text(times.parse(value))
    except (ValueError, OverflowError):
        raise refuse("FORMAT", "must be an ISO 8601 date and time.") from None


@takes(description="ISO 8601, not in the future; without an offset it is UTC.")
def past(value: str) -> str:
    if value > times.later(times.now(), seconds=_SKEW_SECONDS):
        raise refuse("MAX", "must not be in the future.")
    return value


def email(pattern: str) -> AfterValidator:
    """Check of an e-mail address against a dialect's own pattern. Spaces around it are taken off."""

    @blanks.text
    @takes(pattern=rf"^\s*{pattern}\s*$")
    def check(value: str) -> str:
        value = value.strip()
        if not re.fullmatch(pattern, value):
            raise refuse("FORMAT", "must be an e-mail address.")
        return value

    return AfterValidator(check)


def signed_by_type(**schema: Any) -> AfterValidator:
    """Check of a line's amount by its `type`, a field before it. `schema` is the JSON Schema of the amount.

    Discounts lower a sale, fees and roundings do either, everything else raises it: a discount above zero would raise
    what is earned."""

    @takes(**schema)
    def check(value: Decimal | int, known: ValidationInfo) -> Decimal | int:
        kind = known.data.get("type")
        if value < 0 and kind not in (LOWERING, *EITHER_WAY):
            raise refuse("MIN", f"must be at least 0 unless the type is {LOWERING}, {' or '.join(EITHER_WAY)}.", min=0)
        if value > 0 and kind == LOWERING:
            raise refuse("MAX", f"must not be positive with the type {LOWERING}.", max=0)
        return value

    return AfterValidator(check)


Amount = Annotated[Decimal, BeforeValidator(decimal)]
Quantity = Annotated[Amount, AfterValidator(_units)]
PositiveAmount = Annotated[Amount, AfterValidator(_not_negative)]
Reduction = Annotated[Amount, AfterValidator(_off)]
#: Integers, also with a point and zeros after it.
WHOLE = BeforeValidator(_whole)
#: A sum in minor units is whole, so that 19.99 is never taken for one; a price per unit may be finer.
Minor = Annotated[int, Field(ge=0, le=MAX_MINOR), WHOLE]
Price = Annotated[int | Decimal, PlainValidator(_price)]
Identifier = Annotated[int, BeforeValidator(identifier)]
Currency = Annotated[str, AfterValidator(_currency)]
#: A currency of today or of the past; the body compares it with its moment.
AnyCurrency = Annotated[str, AfterValidator(_known_currency)]
Moment = Annotated[str, AfterValidator(_moment)]
PastMoment = Annotated[Moment, AfterValidator(past)]

MAX_SLUG = 64
Slug = Annotated[str, StringConstraints(max_length=MAX_SLUG, pattern=r"^[a-z0-9][a-z0-9-]*$")]
Word = Annotated[str, StringConstraints(max_length=64), AfterValidator(_filled), AfterValidator(_seen)]
Text = Annotated[str, StringConstraints(max_length=255), AfterValidator(_filled)]
TextOrNumber = Annotated[Text, BeforeValidator(_text_of_number)]
#: Names a record.
Name = Annotated[Text, AfterValidator(_seen)]
NameOrNumber = Annotated[Name, BeforeValidator(_text_of_number)]
LongText = Annotated[str, StringConstraints(max_length=2000)]
#: Requires a point after the at sign.
Email = Annotated[Annotated[str, Field(max_length=254)], email(r"[^@\s]+@[^@\s]+\.[^@\s]+")]
