"""SEPA credit transfers as ISO 20022 pain.001.001.09, in euros and without addresses (EPC132-08).

MsgId and PmtInfId come from the batch and EndToEndId from the payout, so a second upload is refused by the bank.
"""

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from tributary.domain import times
from tributary.payments.bank_text import NAME, REMITTANCE, sepa_text
from tributary.payments.batch import Batch, Format, Part, Payment, iso_amount, reference_of
from tributary.payments.checks import Unsayable
from tributary.payments.iban import sepa_failure
from tributary.payments.methods import Sepa
from tributary.payments.payers import SepaPayer

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_MOST_ROWS = 5_000
_MOST_VALUE = 999_999_999_99  # EPC132-08, AT-T002


def _line(batch: Batch, payment: Payment) -> Element:
    method = payment.method
    assert isinstance(method, Sepa)
    if batch.payer.sepa is None:
        raise Unsayable("payer", "must have a SEPA account.", "REQUIRED")
    if payment.currency != "EUR":
        raise Unsayable("currency", "must be EUR, as every SEPA transfer.", "ENUM")
    if failure := sepa_failure(method.iban):
        raise Unsayable("iban", failure)
    transfer = Element("CdtTrfTxInf")
    _put(transfer, "PmtId/EndToEndId", reference_of(payment.payout_id))
    _put(transfer, "Amt/InstdAmt", _amount(payment)).set("Ccy", "EUR")
    if method.bic:
        _put(transfer, "CdtrAgt/FinInstnId/BICFI", method.bic)
    _put(transfer, "Cdtr/Nm", sepa_text("accountHolder", method.holder, NAME))
    _put(transfer, "CdtrAcct/Id/IBAN", method.iban)
    _put(transfer, "RmtInf/Ustrd", sepa_text("reference", payment.reference, REMITTANCE))
    return transfer


def _amount(payment: Payment) -> str:
    if payment.value > _MOST_VALUE:
        raise Unsayable("value", "must be at most 999999999.99, as every SEPA transfer.")
    return iso_amount(payment.value, "EUR")


def _whole(part: Part, transfers: Sequence[Element]) -> bytes:
    payer = part.batch.payer.sepa
    assert payer
    document = Element("Document", xmlns=NAMESPACE)
    initiation = SubElement(document, "CstmrCdtTrfInitn")
    header = SubElement(initiation, "GrpHdr")
    _put(header, "MsgId", part.message_id)
    _put(header, "CreDtTm", times.text(times.parse(part.batch.created_at)))
    _put_sums(header, part)
    _put(header, "InitgPty/Nm", sepa_text("name", payer.name, NAME))
    _put_payment(SubElement(initiation, "PmtInf"), part, payer).extend(transfers)
    ElementTree.indent(document)
    text: bytes = ElementTree.tostring(document, encoding="UTF-8", xml_declaration=True)
    return text + b"\n"


def _put_payment(payment: Element, part: Part, payer: SepaPayer) -> Element:
    _put(payment, "PmtInfId", part.message_id)
    _put(payment, "PmtMtd", "TRF")
    _put_sums(payment, part)
    _put(payment, "PmtTpInf/SvcLvl/Cd", "SEPA")
    _put(payment, "ReqdExctnDt/Dt", part.batch.execution_date.isoformat())
    _put(payment, "Dbtr/Nm", sepa_text("name", payer.name, NAME))
    _put(payment, "DbtrAcct/Id/IBAN", payer.iban)
    if payer.bic:
        _put(payment, "DbtrAgt/FinInstnId/BICFI", payer.bic)
    else:
        _put(payment, "DbtrAgt/FinInstnId/Othr/Id", "NOTPROVIDED")
    _put(payment, "ChrgBr", "SLEV")
    return payment


def _put_sums(parent: Element, part: Part) -> None:
    _put(parent, "NbOfTxs", str(len(part.payments)))
    _put(parent, "CtrlSum", iso_amount(part.total, "EUR"))


def _put(parent: Element, path: str, text: str) -> Element:
    """A new element at the end of a path of new elements."""
    for name in path.split("/"):
        parent = SubElement(parent, name)
    parent.text = text
    return parent


FORMAT = Format("sepa", "xml", "application/xml", _MOST_ROWS, _line, _whole, iso_amount)
