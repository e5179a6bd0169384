#!/usr/bin/env bash
# A second export of sepaxml holds every payment twice and counts three for each.
#
# Package:   sepaxml 2.7.0
# Behaviour: In batch mode a second export() of one SepaTransfer has every payment twice. Its header counts three for
#            each, so number and control sum agree with neither; the schema is satisfied, and the message id is the same.
# Guess:     export() only writes the document, so a second call returns the same text; at worst it would repeat the
#            payments and their count alike. A retry after a failed upload looks safe.
# Seen:      first: 1 payment, NbOfTxs 1, CtrlSum 12.50; second: 2 payments, NbOfTxs 3, CtrlSum 37.50, same MsgId
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check sepaxml==2.7.0

venv/bin/python - <<'PYTHON'
import datetime
import re

from sepaxml import SepaTransfer

PAYER = {"name": "Acme", "IBAN": "DE75512108001245126199", "BIC": "COBADEFFXXX", "batch": True, "currency": "EUR"}
PAYMENT = {
    "name": "Nora Ek",
    "IBAN": "DE89370400440532013000",
    "BIC": "COBADEFFXXX",
    "amount": 1250,
    "description": "Payout",
    "endtoend_id": "P1",
    "execution_date": datetime.date(2026, 12, 1),
}


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


def first(tag, text):
    return re.search(f"<{tag}>([^<]+)", text)[1]


def summary(text):
    return text.count("<EndToEndId>P1<"), first("NbOfTxs", text), first("CtrlSum", text)


transfer = SepaTransfer(PAYER, schema="pain.001.001.09")
transfer.add_payment(PAYMENT)
once, twice = (transfer.export(validate=True).decode() for _ in range(2))

expect("payments, NbOfTxs and CtrlSum of the first export", summary(once), (1, "1", "12.50"))
expect("of the second export", summary(twice), (2, "3", "37.50"))
expect("message ids are the same", first("MsgId", once) == first("MsgId", twice), True)
PYTHON
