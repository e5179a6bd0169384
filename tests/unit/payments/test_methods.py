import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.payments.builders import (
    ACH,
    EXTERNAL,
    IBANS,
    PAYPAL,
    ROUTINGS,
    SEPA,
    WISE_EMAIL,
    WISE_SAVED,
    methods,
    names,
)
from tributary.payments.methods import (
    TYPES,
    Ach,
    External,
    Manual,
    PayPal,
    Sepa,
    Wise,
    as_json,
    checked,
    of_json,
    shown,
)

SEPA_BODY = {"type": "sepa", "iban": "de89 3704 0044 0532 0130 00", "accountHolder": " Jürgen Groß "}
ACH_BODY = {
    "type": "ach", "routing": ROUTINGS[0], "account": "123456789", "accountType": "savings", "accountHolder": "Nora Ek"
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "method"),
    [
        ({"type": "paypal", "email": " nora@example.com "}, PAYPAL),
        ({"type": "wise", "email": "nora@example.com", "accountHolder": "Nora Ek"}, WISE_EMAIL),
        ({"type": "wise", "recipientId": "40000123"}, Wise(recipient_id="40000123")),
        (
            {"type": "wise", "recipientId": "4", "receiverType": "institution"},
            Wise(recipient_id="4", receiver_type="institution"),
        ),
        (SEPA_BODY, Sepa(IBANS[0], "Jürgen Groß")),
        (SEPA_BODY | {"bic": "cobadeff", "other": 1}, Sepa(IBANS[0], "Jürgen Groß", "COBADEFF")),
        (ACH_BODY, Ach(ROUTINGS[0], "123456789", "savings", "Nora Ek")),
        ({"type": "external"}, External()),
        ({"type": "external", "account": "acct-77"}, EXTERNAL),
        ({"type": "manual"}, Manual()),
    ],
)
def test_a_body_of_each_type_becomes_its_method(body, method):
    assert checked(body) == (method, ())


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({}, {"type": "REQUIRED"}),
        ({"type": "cash"}, {"type": "ENUM"}),
        ({"type": ["sepa"]}, {"type": "ENUM"}),
        ({"type": "paypal"}, {"email": "REQUIRED"}),
        ({"type": "paypal", "email": "nora"}, {"email": "FORMAT"}),
        ({"type": "paypal", "email": f"{'n' * 120}@example.com"}, {"email": "LENGTH"}),
        ({"type": "paypal", "email": 7}, {"email": "TYPE"}),
        ({"type": "paypal", "email": "no\u200bra@example.com"}, {"email": "FORMAT"}),
        ({"type": "wise"}, {"recipientId": "REQUIRED"}),
        ({"type": "wise", "email": "nora@example.com"}, {"accountHolder": "REQUIRED"}),
        ({"type": "wise", "recipientId": "4", "receiverType": "dog"}, {"receiverType": "ENUM"}),
        ({"type": "wise", "recipientId": "4,0"}, {"recipientId": "FORMAT"}),
        (
            {"type": "wise", "recipientId": "4", "email": "n@example.com", "accountHolder": "N"},
            {"recipientId": "REQUIRED"},
        ),
        ({"type": "sepa"}, {"iban": "REQUIRED", "accountHolder": "REQUIRED"}),
        (
            {"type": "sepa", "iban": "DE88370400440532013000", "bic": "X", "accountHolder": "山"},
            {"iban": "FORMAT", "bic": "FORMAT", "accountHolder": "FORMAT"},
        ),
        (SEPA_BODY | {"accountHolder": "ß" * 36}, {"accountHolder": "LENGTH"}),
        (SEPA_BODY | {"iban": "TR330006100519786457841326"}, {"iban": "FORMAT"}),
        ({"type": "ach"}, dict.fromkeys(("routing", "account", "accountType", "accountHolder"), "REQUIRED")),
        (
            {"type": "ach", "routing": "021000022", "account": "12-34", "accountType": "loan", "accountHolder": "\n"},
            {"routing": "FORMAT", "account": "FORMAT", "accountType": "ENUM", "accountHolder": "REQUIRED"},
        ),
        (ACH_BODY | {"account": "1" * 18}, {"account": "FORMAT"}),
        (ACH_BODY | {"account": "٣٣٣٣٣"}, {"account": "FORMAT"}),
    ],
)
def test_every_failed_check_of_a_body_is_reported(body, failures):
    method, refusals = checked(body)

    assert method is None
    assert {it.field: it.type for it in refusals} == failures
    assert len(refusals) == len(failures)


def test_a_reason_never_repeats_bank_data():
    secret = {"iban": "DE88370400440532013000", "routing": "021000022", "account": "98765x4321", "email": "nora.ek"}
    bodies = [
        {"type": it, "accountHolder": "N", "accountType": "checking", **secret} for it in ("paypal", "sepa", "ach")
    ]

    reasons = str([checked(body)[1] for body in bodies])

    assert "FORMAT" in reasons
    assert not [it for it in secret.values() if it in reasons]


@given(methods(names))
def test_a_method_survives_storage_as_json(method):
    assert of_json(json.loads(json.dumps(as_json(method)))) == method


@pytest.mark.parametrize(
    ("method", "last"),
    [
        (SEPA, "3000"),
        (ACH, "6789"),
        (PAYPAL, "ra"),
        (WISE_EMAIL, "ra"),
        (WISE_SAVED, "0123"),
        (EXTERNAL, "t-77"[-3:]),
        (PayPal("a@example.com"), None),
        (Ach(ROUTINGS[0], "1234", "checking", "N"), "34"),
        (External(), None),
        (Manual(), None),
    ],
)
def test_only_the_last_characters_are_shown(method, last):
    assert shown(method) == {"type": method.type, "last4": last}


@given(methods(names))
def test_at_most_half_of_an_identifier_is_shown(method):
    seen = shown(method)["last4"] or ""

    assert len(seen) <= 4
    assert 2 * len(seen) <= len(method.identifier)


@pytest.mark.parametrize("method", [PAYPAL, WISE_EMAIL, WISE_SAVED, SEPA, ACH, EXTERNAL])
def test_bank_data_is_in_no_repr(method):
    secrets = [
        value for name, value in as_json(method).items() if name not in ("type", "account_type", "receiver_type")
    ]

    assert secrets
    assert not [it for it in secrets if it in repr(method)]


_JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2)
_MEMBERS = ("email", "recipientId", "accountHolder", "receiverType", "iban", "bic", "routing", "account", "accountType")


@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(_MEMBERS), _JSON))
def test_whatever_a_client_sends_is_a_method_or_refused(kind: str, body):
    method, refusals = checked({"type": kind, **body})

    assert (method is None) == bool(refusals)
