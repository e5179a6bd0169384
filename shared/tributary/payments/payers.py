"""The organization's side of its payments: the accounts that pay, checked before anything is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tributary.domain import money
from tributary.payments.aba import routing_failure
from tributary.payments.bank_text import NAME, nacha_text, sepa_name
from tributary.payments.checks import Checks, Refusal
from tributary.payments.iban import bic_failure, compact, sepa_failure


@dataclass(frozen=True)
class SepaPayer:
    name: str
    iban: str = field(repr=False)
    bic: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class AchPayer:
    """The account at the originating bank: its routing number and name, and the company as that bank knows it."""

    routing: str = field(repr=False)
    bank_name: str
    company_id: str = field(repr=False)
    company_name: str
    origin: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Payer:
    """Accounts that pay; a method without one is refused. Wise pays from `wise_source`, or the payout's currency."""

    sepa: SepaPayer | None = None
    ach: AchPayer | None = None
    wise_source: str | None = None


def checked_payer(body: Mapping[str, Any]) -> tuple[Payer | None, tuple[Refusal, ...]]:
    """The payer that a body `{sepa, ach, wise}` describes, or None and every failed check."""
    given = {name: body[name] for name in _READERS if body.get(name) is not None}
    refusals = [
        Refusal(name, "must be an object.", "TYPE") for name, it in given.items() if not isinstance(it, Mapping)
    ]
    parts: dict[str, Any] = {}
    for name, part in given.items():
        if isinstance(part, Mapping):
            checks = Checks(part, f"{name}.")
            parts[name] = _READERS[name](checks)
            refusals += checks.refusals
    payer = Payer(parts.get("sepa"), parts.get("ach"), parts.get("wise"))
    return (None if refusals else payer), tuple(refusals)


def _sepa(checks: Checks) -> SepaPayer:
    iban = checks.code("iban", compact, sepa_failure)
    bic = checks.code("bic", compact, bic_failure) if checks.has("bic") else None
    return SepaPayer(checks.spelled("name", NAME, sepa_name), iban, bic)


def _ach(checks: Checks) -> AchPayer:
    """Texts of the widths of Nacha's fields: none is cut, since the bank compares them."""
    return AchPayer(
        checks.code("routing", compact, routing_failure),
        checks.spelled("bankName", 23, nacha_text),
        checks.spelled("companyId", 10, nacha_text),
        checks.spelled("companyName", 16, nacha_text),
        checks.spelled("origin", 10, nacha_text) if checks.has("origin") else None,
    )


def _wise(checks: Checks) -> str:
    return checks.choice("sourceCurrency", sorted(money.CURRENCIES))


_READERS: dict[str, Callable[[Checks], object]] = {"sepa": _sepa, "ach": _ach, "wise": _wise}
