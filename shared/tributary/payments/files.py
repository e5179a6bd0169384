"""Files of a batch, one for each method and currency, split at the receiver's limits.

The same batch always makes the same bytes: payments are ordered by payout, and nothing depends on the clock or chance.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tributary.payments.batch import BankFile, BankFiles, Batch, Format, Part, Payment, RefusedPayment
from tributary.payments.checks import Unsayable
from tributary.payments.formats import external, nacha, pain001, paypal, wise
from tributary.payments.methods import Wise

_FORMATS = {
    "paypal": paypal.FORMAT,
    "wise": wise.TO_SAVED,
    "sepa": pain001.FORMAT,
    "ach": nacha.FORMAT,
    "external": external.FORMAT,
}


def bank_files(batch: Batch, payments: Iterable[Payment]) -> BankFiles:
    """The files that pay these payments; ValueError if a payout is named twice, since it would be paid twice."""
    ordered = sorted(payments, key=lambda payment: payment.payout_id)
    if twice := [number for number, times in Counter(it.payout_id for it in ordered).items() if times > 1]:
        raise ValueError(f"payouts named twice: {twice}")
    groups: dict[tuple[str, str], list[tuple[Payment, Any]]] = {}
    refused = []
    for payment in ordered:
        if form := _format_of(payment):
            try:
                line = form.line(batch, payment)
                groups.setdefault((form.name, payment.currency), []).append((payment, line))
            except Unsayable as unsayable:
                refused.append(RefusedPayment(payment.payout_id, *unsayable.refusal[:2]))
    files = tuple(file for key in sorted(groups) for file in _files(batch, groups[key]))
    return BankFiles(files, tuple(refused), tuple(it.payout_id for it in ordered if not _format_of(it)))


def _format_of(payment: Payment) -> Format | None:
    """The format that pays a payment; None if a person does."""
    if isinstance(payment.method, Wise) and payment.method.email:
        return wise.BY_EMAIL
    return _FORMATS.get(payment.method.type)


def _files(batch: Batch, entries: Sequence[tuple[Payment, Any]]) -> Iterator[BankFile]:
    form = _format_of(entries[0][0])
    assert form
    parts, offset = list(_split(form, entries)), 0
    for number, part in enumerate(parts, 1):
        payments = [payment for payment, _ in part]
        whole = Part(batch, form.name, payments, number, offset)
        yield _file(form, whole, [line for _, line in part], len(parts))
        offset += len(part)


def _file(form: Format, part: Part, lines: Sequence[Any], parts: int) -> BankFile:
    currency = part.payments[0].currency
    stem = f"payouts-{part.batch.fulfillment_id}-{form.name}-{currency}-{part.number}-of-{parts}"
    return BankFile(
        name=f"{stem}.{form.suffix}",
        media_type=form.media_type,
        content=form.whole(part, lines),
        method=part.payments[0].method.type,
        currency=currency,
        message_id=part.message_id,
        payout_ids=tuple(payment.payout_id for payment in part.payments),
        control_sum=part.total,
        control_text=form.amount(part.total, currency),
    )


def _split(form: Format, entries: Sequence[tuple[Payment, Any]]) -> Iterator[list[tuple[Payment, Any]]]:
    """Runs of entries within the format's rows and total."""
    part: list[tuple[Payment, Any]] = []
    total = 0
    for payment, line in entries:
        too_much = form.most_total is not None and total + payment.value > form.most_total
        if part and (too_much or len(part) == form.most_rows):
            yield part
            part, total = [], 0
        part.append((payment, line))
        total += payment.value
    yield part
