"""Payments with sensible defaults, and hypothesis's strategies of them."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tributary.domain.money import MAX_MINOR
from tributary.payments.batch import Batch, Payment
from tributary.payments.methods import CHECKING, SAVINGS, Ach, External, Manual, PayoutMethod, PayPal, Sepa, Wise
from tributary.payments.payers import AchPayer, Payer, SepaPayer

IBANS = (
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "NL91ABNA0417164300",
    "MT84MALT011000012345MTLCAST001S",
)
ROUTINGS = ("021000021", "011401533", "091000019", "322271627")

PAYER = Payer(
    sepa=SepaPayer("Acme GmbH", "DE75512108001245126199", "COBADEFFXXX"),
    ach=AchPayer("121042882", "Wells Fargo", "1234567890", "Acme Inc"),
)
BATCH = Batch(4218, "2026-11-29T10:20:30.123Z", date(2026, 12, 1), PAYER)

PAYPAL = PayPal("nora@example.com")
WISE_EMAIL = Wise(email="nora@example.com", holder="Nora Ek")
WISE_SAVED = Wise(recipient_id="40000123", holder="Nora Ek")
SEPA = Sepa(IBANS[0], "Nora Ek")
ACH = Ach(ROUTINGS[0], "123456789", CHECKING, "Nora Ek")
EXTERNAL = External("acct-77")


def payment(payout_id: int = 1, value: int = 1250, currency: str = "EUR", method: PayoutMethod = SEPA) -> Payment:
    return Payment(payout_id, value, currency, method, f"Payout {payout_id}")


def batch(**changes: Any) -> Batch:
    return replace(BATCH, **changes)


names = st.text(min_size=1, max_size=90)
spellable = st.text(st.sampled_from("aäåßøłđžŒÞIñ éZжЩєїґΩάυου'-.&"), min_size=1, max_size=60).map(
    lambda text: f"N{text}"
)
values = st.integers(-5, 10**7) | st.integers(1, MAX_MINOR)


def methods(holders: st.SearchStrategy[str]) -> st.SearchStrategy[PayoutMethod]:
    """Methods of every type, with holders of any names."""
    return st.one_of(
        st.just(PAYPAL),
        st.builds(Wise, email=st.just("nora@example.com"), holder=holders),
        st.just(WISE_SAVED),
        st.builds(Sepa, st.sampled_from(IBANS), holders, st.sampled_from([None, "MALTMTMT"])),
        st.builds(
            Ach, st.sampled_from(ROUTINGS), st.from_regex(r"[0-9]{4,17}", fullmatch=True),
            st.sampled_from([CHECKING, SAVINGS]), holders,
        ),
        st.just(EXTERNAL),
        st.just(Manual()),
    )  # fmt: skip


def batches_of(holders: st.SearchStrategy[str] = names) -> st.SearchStrategy[list[Payment]]:
    """Payments of one batch: every payout once."""
    one = st.builds(
        Payment, st.integers(1, MAX_MINOR), values, st.sampled_from(["EUR", "USD", "HUF", "JPY", "KWD"]),
        methods(holders), st.just("Payout of Acme"),
    )  # fmt: skip
    return st.lists(one, max_size=40, unique_by=lambda it: it.payout_id)
