import csv
import io

from tests.unit.payments.builders import BATCH, EXTERNAL, WISE_EMAIL, WISE_SAVED, batch, payment
from tributary.payments.files import bank_files
from tributary.payments.methods import Wise
from tributary.payments.payers import Payer


def test_recipients_by_e_mail_have_the_header_of_their_template():
    [file] = bank_files(BATCH, [payment(7, 123456, "GBP", WISE_EMAIL)]).files

    assert file.content.decode() == (
        "name,recipientEmail,paymentReference,receiverType,amountCurrency,amount,sourceCurrency,targetCurrency,type\r\n"
        "Nora Ek,nora@example.com,P7,PERSON,target,1234.56,GBP,GBP,EMAIL\r\n"
    )


def test_saved_recipients_have_the_header_of_theirs_and_the_payers_currency():
    [file] = bank_files(batch(payer=Payer(wise_source="EUR")), [payment(7, 5000, "JPY", WISE_SAVED)]).files

    assert file.content.decode() == (
        "recipientId,name,recipientEmail,recipientDetail,sourceCurrency,targetCurrency,amountCurrency,amount,"
        "paymentReference,receiverType\r\n"
        "40000123,Nora Ek,,,EUR,JPY,target,5000,P7,PERSON\r\n"
    )


def test_a_company_is_an_institution():
    company = Wise(email="nora@example.com", holder="Ek Ltd", receiver_type="institution")

    [file] = bank_files(BATCH, [payment(7, method=company)]).files

    assert b",INSTITUTION," in file.content


def test_names_like_a_formula_are_not_changed():
    [file] = bank_files(BATCH, [payment(1, method=Wise(email="nora@example.com", holder='=1+1 "山", Ltd'))]).files

    _, cells = csv.reader(io.StringIO(file.content.decode()))
    assert cells[0] == '=1+1 "山", Ltd'


def test_another_systems_file_has_its_account_and_reference():
    [file] = bank_files(BATCH, [payment(7, 123456, "KWD", EXTERNAL)]).files

    assert file.content.decode() == "payoutId,account,amount,currency,reference\r\nP7,acct-77,123.456,KWD,Payout 7\r\n"
