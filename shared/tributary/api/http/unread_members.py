"""Members that mean money or access and that a body does not read: refused by name, never passed over."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, get_args

from tributary.api.http.bodies import SnakeBody
from tributary.domain.errors import Failure

_DISCOUNT = ("discount", "discounts", "discountamount", "discounttotal", "totaldiscount", "totaldiscounts")
#: Names of each kind of money, in one spelling.
KINDS: Mapping[str, Sequence[str]] = {
    "discount": (*_DISCOUNT, "discountallocations"),
    "tax": ("tax", "taxes", "taxamount", "taxtotal", "totaltax"),
    "shipping": ("shipping", "shippingamount", "shippingtotal", "totalshipping"),
    "fee": ("fee", "fees", "tip", "tips", "tipamount", "totaltip"),
    "refund": ("refund", "refundamount", "refundedamount", "amountrefunded", "totalrefunded"),
}

#: Members that decide about money, in one spelling. In a spelling that a body does not read, they are refused.
_DECIDING = frozenset("amount commission currency items quantity refundamount refundid subtotal total units".split())


def money(*kinds: str, instead: str) -> dict[str, str]:
    """Names of these kinds with the rest of their refusal's sentence, where {kind} is the kind."""
    return {name: instead.format(kind=kind) for kind in kinds for name in KINDS[kind]}


def failures(model: type[SnakeBody], document: Any, place: str = "") -> Iterator[Failure]:
    """Failures for the members of a document, at any depth, that its model refuses to pass over."""
    if not isinstance(document, dict):
        return
    known, inner, nulls = _known(model), _inner(model), model.never_null(document)
    for name, value in document.items():
        field = f"{place}{name}"
        if name not in known and (sentence := _refusal(model, name, document)) and _says_something(value):
            yield Failure(field, f"{field} {sentence}", "UNKNOWN")
        elif value is None and name in nulls:
            yield Failure(field, f"{field} {nulls[name]}", "TYPE")
    for name, value in document.items():
        if part := inner.get(name if name in known else plain(name)):
            yield from _within(part, value, f"{place}{name}")


def _refusal(model: type[SnakeBody], name: str, document: Mapping[str, Any]) -> str | None:
    """The rest of the refusal's sentence for a member that the body does not read; None if it may be ignored."""
    if sentence := model.unread.get(plain(name)):
        return sentence
    spellings = _deciding(model).get(plain(name), ())
    return f"is not read: send {spellings[0]}." if spellings and not document.keys() & {*spellings} else None


def _within(model: type[SnakeBody], value: Any, field: str) -> Iterator[Failure]:
    """Failures of the bodies in one member, an object or a list of them."""
    if not isinstance(value, list):
        yield from failures(model, value, f"{field}.")
        return
    for row, part in enumerate(value):
        yield from failures(model, part, f"{field}[{row}].")


def plain(name: str) -> str:
    """A name in one spelling: total_discount, totalDiscount and totalDiscountCents are the same."""
    return name.replace("_", "").replace("-", "").lower().removesuffix("cents")


def _says_something(value: Any) -> bool:
    """False for nothing: null, blank text, an empty list or object, an amount of zero."""
    if isinstance(value, str):
        return bool(value.strip()) and _amount(value) != 0
    return bool(value)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        return None
    return None if amount.is_nan() else amount


@cache
def _known(model: type[SnakeBody]) -> frozenset[str]:
    return frozenset(spelling for name in model.model_fields for spelling in model.spellings(name))


@cache
def _deciding(model: type[SnakeBody]) -> Mapping[str, Sequence[str]]:
    """The spellings that are read of each member that decides about money, the usual one first."""
    fields = model.model_fields
    usual = {name: fields[name].alias or name for name in fields if plain(name) in _DECIDING}
    return {plain(name): (first, *(model.spellings(name) - {first})) for name, first in usual.items()}


@cache
def _inner(model: type[SnakeBody]) -> Mapping[str, type[SnakeBody]]:
    """The bodies within a body, by each spelling of their members and by their plain names."""
    found = {name: next(models(field.annotation), None) for name, field in model.model_fields.items()}
    return {
        spelling: inner
        for name, inner in found.items()
        if inner is not None
        for spelling in (plain(name), *model.spellings(name))
    }


def models(annotation: Any) -> Iterator[type[SnakeBody]]:
    if isinstance(annotation, type) and issubclass(annotation, SnakeBody):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)
