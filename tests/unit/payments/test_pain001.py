from importlib.resources import files
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from sepaxml import SepaTransfer

from tests.unit.payments.builders import BATCH, IBANS, PAYER, SEPA, batch, names, payment
from tributary.domain.money import MAX_MINOR
from tributary.payments.bank_text import SEPA_CHARACTERS
from tributary.payments.batch import Payment
from tributary.payments.files import bank_files
from tributary.payments.methods import Sepa
from tributary.payments.payers import Payer, SepaPayer

NAMESPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
MOST = {"Nm": 70, "Ustrd": 140, "EndToEndId": 35, "MsgId": 35, "PmtInfId": 35}

WHOLE = """\
<?xml version='1.0' encoding='UTF-8'?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
  <CstmrCdtTrfInitn>
    <GrpHdr>
      <MsgId>F4218-SEPA-EUR-1</MsgId>
      <CreDtTm>2026-11-29T10:20:30.123Z</CreDtTm>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>1234.56</CtrlSum>
      <InitgPty>
        <Nm>Acme GmbH</Nm>
      </InitgPty>
    </GrpHdr>
    <PmtInf>
      <PmtInfId>F4218-SEPA-EUR-1</PmtInfId>
      <PmtMtd>TRF</PmtMtd>
      <NbOfTxs>1</NbOfTxs>
      <CtrlSum>1234.56</CtrlSum>
      <PmtTpInf>
        <SvcLvl>
          <Cd>SEPA</Cd>
        </SvcLvl>
      </PmtTpInf>
      <ReqdExctnDt>
        <Dt>2026-12-01</Dt>
      </ReqdExctnDt>
      <Dbtr>
        <Nm>Acme GmbH</Nm>
      </Dbtr>
      <DbtrAcct>
        <Id>
          <IBAN>DE75512108001245126199</IBAN>
        </Id>
      </DbtrAcct>
      <DbtrAgt>
        <FinInstnId>
          <BICFI>COBADEFFXXX</BICFI>
        </FinInstnId>
      </DbtrAgt>
      <ChrgBr>SLEV</ChrgBr>
      <CdtTrfTxInf>
        <PmtId>
          <EndToEndId>P7</EndToEndId>
        </PmtId>
        <Amt>
          <InstdAmt Ccy="EUR">1234.56</InstdAmt>
        </Amt>
        <CdtrAgt>
          <FinInstnId>
            <BICFI>MALTMTMT</BICFI>
          </FinInstnId>
        </CdtrAgt>
        <Cdtr>
          <Nm>Jurgen Gross</Nm>
        </Cdtr>
        <CdtrAcct>
          <Id>
            <IBAN>DE89370400440532013000</IBAN>
          </Id>
        </CdtrAcct>
        <RmtInf>
          <Ustrd>Payout 7</Ustrd>
        </RmtInf>
      </CdtTrfTxInf>
    </PmtInf>
  </CstmrCdtTrfInitn>
</Document>
"""


@pytest.fixture(scope="module")
def schema():
    """The published schema, as another library packages it."""
    return xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))


def elements(content: bytes) -> list[tuple[str, str]]:
    tree = ElementTree.fromstring(content)
    return [(it.tag.removeprefix(NAMESPACE), (it.text or "").strip()) for it in tree.iter()]


def texts(content: bytes, name: str) -> list[str]:
    return [text for tag, text in elements(content) if tag == name]


def transfers(content: bytes) -> list[list[tuple[str, str]]]:
    tree = ElementTree.fromstring(content)
    found = tree.iter(f"{NAMESPACE}CdtTrfTxInf")
    return [[(it.tag.removeprefix(NAMESPACE), (it.text or "").strip()) for it in one.iter()] for one in found]


def test_a_file_names_payer_date_and_transfers_and_no_address():
    paid = payment(7, 123456, method=Sepa(IBANS[0], "Jürgen Groß", "MALTMTMT"))

    [file] = bank_files(BATCH, [paid]).files

    assert file.content.decode() == WHOLE
    assert (file.media_type, file.message_id, file.control_text) == ("application/xml", "F4218-SEPA-EUR-1", "1234.56")


@pytest.mark.parametrize("bic", [None, "COBADEFFXXX"])
@pytest.mark.parametrize("method", [SEPA, Sepa(IBANS[3], "N", "MALTMTMT")])
def test_a_file_follows_the_published_schema_with_and_without_bics(schema, bic, method):
    payer = Payer(sepa=SepaPayer("Acme", "DE75512108001245126199", bic))

    [file] = bank_files(batch(payer=payer), [payment(1, method=method), payment(2, 1)]).files

    assert schema.is_valid(file.content.decode())
    assert not schema.is_valid(file.content.decode().replace("SLEV", "NONE"))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, MAX_MINOR), st.integers(1, 999_999_999_99), names, names), min_size=1, max_size=5,
             unique_by=lambda it: it[0])
)  # fmt: skip
def test_with_any_names_and_amounts_a_file_follows_the_schema_and_the_sepa_alphabet(schema, rows):
    payments = [Payment(number, value, "EUR", Sepa(IBANS[1], name), text) for number, value, name, text in rows]

    made = bank_files(BATCH, [*payments, payment(MAX_MINOR + 1)])

    [file] = made.files
    schema.validate(file.content.decode())
    for tag, text in elements(file.content):
        assert set(text) <= SEPA_CHARACTERS
        assert len(text) <= MOST.get(tag, 35)
    amounts = [int(it.replace(".", "")) for it in texts(file.content, "InstdAmt")]
    assert [sum(amounts)] * 2 == [int(it.replace(".", "")) for it in texts(file.content, "CtrlSum")]
    assert texts(file.content, "NbOfTxs") == [str(file.rows)] * 2
    assert len(texts(file.content, "EndToEndId")) == len(set(texts(file.content, "EndToEndId"))) == file.rows


def test_a_second_library_writes_the_same_transfers_and_sums():
    payments = [payment(7, 123456), payment(8, 99, method=Sepa(IBANS[3], "Łukasz Groß", "MALTMTMT"))]
    config = {
        "name": PAYER.sepa.name, "IBAN": PAYER.sepa.iban, "BIC": PAYER.sepa.bic, "batch": True, "currency": "EUR"
    }  # fmt: skip
    theirs = SepaTransfer(config, schema="pain.001.001.09")
    for it in payments:
        bic = {"BIC": it.method.bic} if it.method.bic else {}
        theirs.add_payment(
            {"name": it.method.holder, "IBAN": it.method.iban, "amount": it.value, "description": it.reference, **bic,
             "endtoend_id": f"P{it.payout_id}", "execution_date": BATCH.execution_date}
        )  # fmt: skip
    exported = theirs.export(validate=True)

    [file] = bank_files(BATCH, payments).files

    assert transfers(file.content) == transfers(exported)
    for name in ("NbOfTxs", "CtrlSum", "Nm", "IBAN", "Dt", "Cd", "ChrgBr", "PmtMtd"):
        assert texts(file.content, name) == texts(exported, name)


def test_parts_of_a_batch_have_their_own_message_ids():
    made = bank_files(BATCH, [payment(number) for number in range(1, 5002)])

    for name in ("MsgId", "PmtInfId"):
        ids = [texts(file.content, name) for file in made.files]
        assert ids == [["F4218-SEPA-EUR-1"], ["F4218-SEPA-EUR-2"]] == [[file.message_id] for file in made.files]
