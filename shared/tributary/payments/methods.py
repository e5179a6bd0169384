"""Ways to pay a collaborator. Bank data stays out of every repr; only `shown` may leave the ledger."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from tributary.payments.aba import routing_failure
from tributary.payments.bank_text import nacha_text, sepa_name
from tributary.payments.checks import Checks, Refusal
from tributary.payments.iban import bic_failure, compact, sepa_failure

_MOST_HOLDER, _MOST_ACCOUNT = 140, 140
_SHOWN = 4


@dataclass(frozen=True)
class PayPal:
    type: ClassVar = "paypal"
    email: str = field(repr=False)

    @property
    def identifier(self) -> str:
        return self.email.rpartition("@")[0]


@dataclass(frozen=True)
class Wise:
    """A recipient saved at Wise, or an address to which Wise sends a link and that needs a name."""

    type: ClassVar = "wise"
    email: str | None = field(default=None, repr=False)
    recipient_id: str | None = field(default=None, repr=False)
    holder: str | None = field(default=None, repr=False)
    receiver_type: str = "person"

    @property
    def identifier(self) -> str:
        return self.recipient_id or (self.email or "").rpartition("@")[0]


@dataclass(frozen=True)
class Sepa:
    """A bank account. `holder` is the bank's name for its owner, which Verification of Payee compares."""

    type: ClassVar = "sepa"
    iban: str = field(repr=False)
    holder: str = field(repr=False)
    bic: str | None = field(default=None, repr=False)

    @property
    def identifier(self) -> str:
        return self.iban


@dataclass(frozen=True)
class Ach:
    type: ClassVar = "ach"
    routing: str = field(repr=False)
    account: str = field(repr=False)
    account_type: str
    holder: str = field(repr=False)

    @property
    def identifier(self) -> str:
        return self.account


@dataclass(frozen=True)
class External:
    """A payment by another system, in which the collaborator may have an account."""

    type: ClassVar = "external"
    account: str | None = field(default=None, repr=False)

    @property
    def identifier(self) -> str:
        return self.account or ""


@dataclass(frozen=True)
class Manual:
    """A payment by hand, in no file."""

    type: ClassVar = "manual"
    identifier: ClassVar = ""


PayoutMethod = PayPal | Wise | Sepa | Ach | External | Manual

CHECKING, SAVINGS = "checking", "savings"
RECEIVER_TYPES = ("person", "institution")


def as_json(method: PayoutMethod) -> dict[str, Any]:
    """The form in storage, bank data included."""
    return {"type": method.type, **{name: value for name, value in asdict(method).items() if value is not None}}


def of_json(stored: Mapping[str, Any]) -> PayoutMethod:
    """The method that `as_json` wrote."""
    members = {name: value for name, value in stored.items() if name != "type"}
    return _CLASSES[stored["type"]](**members)


def shown(method: PayoutMethod) -> dict[str, Any]:
    """The form that an API may show: the last four characters, of an e-mail's local part; half of a shorter text."""
    shortest = min(_SHOWN, len(method.identifier) // 2)
    return {"type": method.type, "last4": method.identifier[len(method.identifier) - shortest :] or None}


def checked(body: Mapping[str, Any]) -> tuple[PayoutMethod | None, tuple[Refusal, ...]]:
    """The method that a body describes, or None and every failed check."""
    checks = Checks(body)
    if not (kind := checks.choice("type", TYPES)):
        return None, tuple(checks.refusals)
    method = _READERS[kind](checks)
    return (None if checks.refusals else method), tuple(checks.refusals)


def _paypal(checks: Checks) -> PayoutMethod:
    return PayPal(checks.email("email"))


def _wise(checks: Checks) -> PayoutMethod:
    by_id, by_email = checks.has("recipientId"), checks.has("email")
    if by_id == by_email:
        checks.refuse("recipientId", "or email is required, and not both.", "REQUIRED")
    holder = checks.text("accountHolder", _MOST_HOLDER) if by_email or checks.has("accountHolder") else None
    recipient = checks.text("recipientId", 36) if by_id else None
    if recipient and not (recipient.isascii() and recipient.replace("-", "").isalnum()):
        checks.refuse("recipientId", "must have only letters, digits and hyphens.")
    kind = checks.choice("receiverType", RECEIVER_TYPES) if checks.has("receiverType") else RECEIVER_TYPES[0]
    return Wise(checks.email("email") if by_email else None, recipient, holder, kind)


def _sepa(checks: Checks) -> PayoutMethod:
    iban = checks.code("iban", compact, sepa_failure)
    bic = checks.code("bic", compact, bic_failure) if checks.has("bic") else None
    return Sepa(iban, checks.spelled("accountHolder", _MOST_HOLDER, sepa_name), bic)


def _ach(checks: Checks) -> PayoutMethod:
    return Ach(
        checks.code("routing", compact, routing_failure),
        checks.digits("account", 4, 17),
        checks.choice("accountType", (CHECKING, SAVINGS)),
        checks.spelled("accountHolder", _MOST_HOLDER, nacha_text),
    )


def _external(checks: Checks) -> PayoutMethod:
    return External(checks.text("account", _MOST_ACCOUNT) if checks.has("account") else None)


def _manual(_: Checks) -> PayoutMethod:
    return Manual()


_READERS: dict[str, Callable[[Checks], PayoutMethod]] = {
    "paypal": _paypal,
    "wise": _wise,
    "sepa": _sepa,
    "ach": _ach,
    "external": _external,
    "manual": _manual,
}
TYPES = tuple(_READERS)
_CLASSES: dict[str, Callable[..., PayoutMethod]] = {it.type: it for it in (PayPal, Wise, Sepa, Ach, External, Manual)}
