import pytest

from tests.unit.payments.builders import PAYER
from tributary.payments.payers import Payer, checked_payer

BODY = {
    "sepa": {"name": "Acme GmbH", "iban": "DE75 5121 0800 1245 1261 99", "bic": "COBADEFFXXX"},
    "ach": {"routing": "121042882", "bankName": "Wells Fargo", "companyId": "1234567890", "companyName": "Acme Inc"},
}


def test_a_payer_has_an_account_for_each_method_that_it_uses():
    assert checked_payer(BODY) == (PAYER, ())
    assert checked_payer({}) == (Payer(), ())
    assert checked_payer({"wise": {"sourceCurrency": "GBP"}}) == (Payer(wise_source="GBP"), ())


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({"sepa": 7}, {"sepa": "TYPE"}),
        ({"sepa": {}}, {"sepa.iban": "REQUIRED", "sepa.name": "REQUIRED"}),
        ({"ach": {}}, dict.fromkeys(("ach.routing", "ach.bankName", "ach.companyId", "ach.companyName"), "REQUIRED")),
        ({"ach": BODY["ach"] | {"companyName": "A" * 17}}, {"ach.companyName": "LENGTH"}),
        ({"ach": BODY["ach"] | {"origin": "山"}}, {"ach.origin": "FORMAT"}),
        ({"ach": BODY["ach"] | {"companyName": "ß" * 9}}, {"ach.companyName": "LENGTH"}),
        ({"wise": {"sourceCurrency": "XAU"}}, {"wise.sourceCurrency": "ENUM"}),
        ({"sepa": BODY["sepa"] | {"bic": "X"}, "ach": 7}, {"sepa.bic": "FORMAT", "ach": "TYPE"}),
    ],
)  # fmt: skip
def test_every_failed_check_of_a_payer_is_reported(body, failures):
    payer, refusals = checked_payer(body)

    assert payer is None
    assert {it.field: it.type for it in refusals} == failures
    assert len(refusals) == len(failures)


def test_accounts_are_in_no_repr():
    assert "DE75512108001245126199" not in repr(PAYER)
    assert "121042882" not in repr(PAYER)
