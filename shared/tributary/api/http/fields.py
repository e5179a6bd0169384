"""Field types shared by several bodies. Each refuses with a sentence for the client."""

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, StringConstraints, ValidationInfo

from tributary.api.http.inputs import blanks, patterns
from tributary.api.http.inputs.numbers import decimal, discount, identifier, not_negative, price, units, whole
from tributary.api.http.inputs.taken import or_blank, refuse, reshapes, takes, takes_named
from tributary.domain import times
from tributary.domain.money import CURRENCIES, MAX_MINOR
from tributary.domain.transaction import EITHER_WAY, LOWERING
from tributary.domain.withdrawn_currencies import WITHDRAWN, withdrawn_before

_MOMENT = re.compile(patterns.moment())
#: Control characters and those that turn the direction of text: two names could look alike, or like another's.
_UNSEEN = r"\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069"
#: Members of one object, unknown ones included.
MAX_MEMBERS = 1000
#: Seconds that another system's clock may be ahead of ours.
SKEW_SECONDS = 300


def few_members(document: dict[str, Any]) -> None:
    """Refuse an object of more than MAX_MEMBERS."""
    if len(document) > MAX_MEMBERS:
        raise refuse("LENGTH", f"must have at most {MAX_MEMBERS} members.", max=MAX_MEMBERS)


def well_formed(text: str) -> bool:
    """True if a text can be encoded: JSON may hold half of a surrogate pair."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


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


@reshapes(lambda inner: inner | {"items": or_blank(inner["items"])})
def without_blanks(value: Any) -> Any:
    """A list without its blank texts."""
    return [it for it in value if not blanks.is_blank(it)] if isinstance(value, list) else value


@reshapes(lambda inner: inner | {"pattern": f"^[^{_UNSEEN}]*[^{_UNSEEN}\\s][^{_UNSEEN}]*$"})  # with that of _filled
def _seen(value: str) -> str:
    if re.search(f"[{_UNSEEN}]", value):
        raise refuse("FORMAT", "must have no control characters and none that change the direction of text.")
    return value


@takes_named(
    "CurrencyNow", type="string", pattern=f"^({patterns.any_case(CURRENCIES)})$", description="An ISO 4217 code."
)
def _currency(value: str) -> str:
    code = _known_currency(value)
    require_currency_of(code, times.now())
    return code


@takes_named(
    "CurrencyThen",
    type="string",
    pattern=f"^({patterns.any_case(CURRENCIES | WITHDRAWN.keys())})$",
    description="An ISO 4217 code, a withdrawn one for moments at which it was valid.",
)
def _known_currency(value: str) -> str:
    if not value.isascii() or value.upper() not in CURRENCIES | WITHDRAWN.keys():
        raise refuse("ENUM", "must be an ISO 4217 currency code.")
    return value.upper()


def require_currency_of(currency: str | None, at: str, **where: Any) -> None:
    """Refuse a currency that was withdrawn before a moment."""
    if currency is not None and (month := withdrawn_before(currency, at)):
        raise refuse("ENUM", f"was withdrawn in {month}.", withdrawn=month, **where)


@takes_named(
    "Moment",
    type="string",
    pattern=f"^{_MOMENT.pattern}$",
    description="ISO 8601; without an offset it is UTC.",
    examples=["2026-11-21T12:00:00Z"],
)
def moment(value: str) -> str:
    try:
        if _MOMENT.fullmatch(value):
            return times.text(times.parse(value))
    except OverflowError:  # an offset that leads out of the calendar
        pass
    raise refuse("FORMAT", "must be an ISO 8601 date and time.")


@takes(description="ISO 8601, not in the future; without an offset it is UTC.")
def past(value: str) -> str:
    if value > times.later(times.now(), seconds=SKEW_SECONDS):
        raise refuse("MAX", "must not be in the future.")
    return value


#: A character of an e-mail address.
MAIL = r"[^@\s\x00-\x1f\x7f-\x9f]"


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
Quantity = Annotated[Amount, AfterValidator(units)]
PositiveAmount = Annotated[Amount, AfterValidator(not_negative)]
Reduction = Annotated[Amount, AfterValidator(discount)]
#: Integers, also with a point and zeros after it.
WHOLE = BeforeValidator(whole)
#: A sum in minor units is whole, so that 19.99 is never taken for one; a price per unit may be finer.
Minor = Annotated[int, Field(ge=0, le=MAX_MINOR), WHOLE]
Price = Annotated[int | Decimal, PlainValidator(price)]
Identifier = Annotated[int, BeforeValidator(identifier)]
Currency = Annotated[str, AfterValidator(_currency)]
#: A currency of today or of the past; the body compares it with its moment.
AnyCurrency = Annotated[str, AfterValidator(_known_currency)]
Moment = Annotated[str, AfterValidator(moment)]
PastMoment = Annotated[Moment, AfterValidator(past)]

MAX_SLUG = 64
Slug = Annotated[str, StringConstraints(max_length=MAX_SLUG, pattern=r"^[a-z0-9][a-z0-9-]*$")]
Word = Annotated[str, StringConstraints(max_length=64), AfterValidator(_filled), AfterValidator(_seen)]
#: Text of any length that is not blank.
Filled = Annotated[str, AfterValidator(_filled)]
Text = Annotated[str, StringConstraints(max_length=255), AfterValidator(_filled)]
TextOrNumber = Annotated[Text, BeforeValidator(_text_of_number)]
#: Names a record.
Name = Annotated[Text, AfterValidator(_seen)]
NameOrNumber = Annotated[Name, BeforeValidator(_text_of_number)]
LongText = Annotated[str, StringConstraints(max_length=2000)]
#: Requires a point after the at sign.
Email = Annotated[Annotated[str, Field(max_length=254)], email(rf"{MAIL}+@{MAIL}+\.{MAIL}+")]
