"""A bank's status report on SEPA transfers, any version of ISO 20022 pain.002.

A status of the whole message or payment counts for each of its payouts that has none of its own.
"""

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from tributary.payments.batch import payout_of
from tributary.payments.formats.xml_text import UnreadableXml, parse
from tributary.payments.results import FAILED, PAID, WAITING, Answer, Reading, Status

# Settled or credited, rejected or cancelled (ISO 20022 ExternalPaymentTransactionStatus1Code); others may still change.
_FINAL: dict[str, Status] = {"ACSC": PAID, "ACCC": PAID, "RJCT": FAILED, "CANC": FAILED}
_WAITING = {"ACCP", "ACSP", "ACTC", "ACWC", "ACWP", "ACFC", "PDNG", "PART", "PATC", "RCVD"}
_STATUSES: dict[str, Status] = dict.fromkeys(_WAITING, WAITING) | _FINAL


def read_pain002(content: bytes, payouts: Mapping[str, Sequence[int]]) -> Answer:
    """The answer of a report; `payouts` of each message id of ours, for statuses of a whole message.

    Rows are numbered transactions; 0 is the report itself.
    """
    reading = Reading()
    try:
        report = parse(content).find("CstmrPmtStsRpt")
    except UnreadableXml as error:
        reading.refuse(0, "file", str(error))
        return reading.answer
    if report is None:
        reading.refuse(0, "file", "must be a pain.002 report.")
        return reading.answer
    named = _take_transactions(reading, report)
    if named is not None:
        _take_whole(reading, report, payouts, named)
    return reading.answer


def _take_transactions(reading: Reading, report: Element) -> set[int] | None:
    """Take the statuses of single transfers; returns their payouts, those with an unreadable status too. None if a
    transfer is not known, which may be any payout of the file."""
    named, known = set[int](), True
    for row, transfer in enumerate(report.iter("TxInfAndSts"), 1):
        reference = transfer.findtext("OrgnlEndToEndId", "")
        payout_id = payout_of(reference)
        status = _status(reading, row, transfer.findtext("TxSts"))
        if payout_id is None:
            reading.refuse(row, "OrgnlEndToEndId", "must be a payout's reference.")
            known = False
            continue
        named.add(payout_id)
        if status:
            reading.take(row, payout_id, status, _reason(transfer))
    return named if known else None


def _take_whole(reading: Reading, report: Element, payouts: Mapping[str, Sequence[int]], named: set[int]) -> None:
    """Take the status of the message, or of its payment, for payouts without their own."""
    group = report.find("OrgnlGrpInfAndSts")
    message_id = "" if group is None else group.findtext("OrgnlMsgId", "")
    code, reason = _whole_status(report, group)
    status = _status(reading, 0, code) if code else None
    if status and message_id not in payouts:
        reading.refuse(0, "OrgnlMsgId", "must be the message id of a file of ours.")
    for payout_id in payouts.get(message_id, ()):
        if status and payout_id not in named:
            reading.take(0, payout_id, status, reason)


def _whole_status(report: Element, group: Element | None) -> tuple[str | None, str | None]:
    """Code and reason of the payment, or else of the message; payments that differ say nothing of other transfers."""
    payments = [it for it in report.findall("OrgnlPmtInfAndSts") if it.findtext("PmtInfSts")]
    if len({payment.findtext("PmtInfSts") for payment in payments}) > 1:
        return "PART", None
    if payments:
        return payments[0].findtext("PmtInfSts"), _reason(payments[0])
    return (None, None) if group is None else (group.findtext("GrpSts"), _reason(group))


def _status(reading: Reading, row: int, code: str | None) -> Status | None:
    if code in _STATUSES:
        return _STATUSES[code]
    reading.refuse(row, "status", f"must be one of {', '.join(sorted(_STATUSES))}.")
    return None


def _reason(level: Element) -> str | None:
    """The bank's codes and its text, such as `AC04: account closed`."""
    paths = ("StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry", "StsRsnInf/AddtlInf")
    texts = [found.text or "" for path in paths for found in level.findall(path)]
    return ": ".join(filter(None, texts)) or None
