import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.payments.formats.pain002 import read_pain002
from tributary.payments.results import Answer, Result, RowError

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001."
PAYOUTS = {"F4218-SEPA-EUR-1": (7, 8, 9)}
WHOLE = "<OrgnlGrpInfAndSts><OrgnlMsgId>{}</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>{}</OrgnlGrpInfAndSts>"
CLOSED = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>DE89370400440532013000 closed</AddtlInf></StsRsnInf>"


def transfer(reference: str, status: str, reason: str = "") -> str:
    original = f"<OrgnlEndToEndId>{reference}</OrgnlEndToEndId>" if reference else ""
    return f"<TxInfAndSts>{original}<TxSts>{status}</TxSts>{reason}</TxInfAndSts>"


def report(
    *transfers: str, group: str = "", payment: str = "", message_id: str = "F4218-SEPA-EUR-1", version: int = 10
) -> bytes:
    group_status = f"<GrpSts>{group}</GrpSts>{CLOSED if group == 'RJCT' else ''}" if group else ""
    payment_status = f"<PmtInfSts>{payment}</PmtInfSts>" if payment else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}{version:02}">'
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>A1</MsgId></GrpHdr>{WHOLE.format(message_id, group_status)}"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>F4218-SEPA-EUR-1</OrgnlPmtInfId>{payment_status}{''.join(transfers)}"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


@pytest.mark.parametrize("version", [3, 10, 14])
def test_settled_transfers_are_paid_and_rejected_ones_failed_with_the_banks_reason(version: int):
    content = report(transfer("P7", "ACSC"), transfer("P8", "RJCT", CLOSED), transfer("P9", "ACCC"), version=version)

    assert read_pain002(content, {}) == Answer(
        (Result(7, "paid", None), Result(8, "failed", "AC04: [account] closed"), Result(9, "paid", None)), (), ()
    )


@pytest.mark.parametrize("status", ["ACCP", "ACSP", "ACTC", "ACWC", "PDNG", "RCVD"])
def test_a_transfer_under_way_is_neither_paid_nor_failed(status: str):
    answer = read_pain002(report(transfer("P7", status)), {})

    assert answer == Answer((), (Result(7, "waiting", None),), ())


def test_a_rejected_message_fails_each_of_its_payouts():
    answer = read_pain002(report(group="RJCT"), PAYOUTS)

    assert answer.results == tuple(Result(number, "failed", "AC04: [account] closed") for number in (7, 8, 9))


def test_a_status_of_the_payment_counts_for_transfers_without_their_own():
    content = report(transfer("P8", "RJCT"), group="PART", payment="ACSC")

    answer = read_pain002(content, PAYOUTS)

    assert answer.results == (Result(8, "failed", None), Result(7, "paid", None), Result(9, "paid", None))


def test_in_a_partly_accepted_message_the_other_transfers_wait():
    answer = read_pain002(report(transfer("P8", "RJCT"), group="PART"), PAYOUTS)

    assert [it.payout_id for it in answer.results] == [8]
    assert [it.payout_id for it in answer.waiting] == [7, 9]


def test_payments_with_different_statuses_leave_the_other_transfers_waiting():
    blocks = "</OrgnlPmtInfAndSts><OrgnlPmtInfAndSts><PmtInfSts>RJCT</PmtInfSts>"

    answer = read_pain002(report(transfer("P7", "ACSC"), blocks, payment="ACSC"), PAYOUTS)

    assert [it.payout_id for it in answer.results] == [7]
    assert [it.payout_id for it in answer.waiting] == [8, 9]


def test_a_transfer_with_an_unknown_status_never_takes_the_messages():
    answer = read_pain002(report(transfer("P7", "XXXX"), group="ACSC"), PAYOUTS)

    assert [it.payout_id for it in answer.results] == [8, 9]
    assert [(it.row, it.field) for it in answer.errors] == [(1, "status")]


def test_a_transfer_that_is_not_known_keeps_the_others_from_the_messages_status():
    """It may be any of them."""
    answer = read_pain002(report(transfer("UNREADABLE", "RJCT"), transfer("P7", "ACSC"), group="ACSC"), PAYOUTS)

    assert answer.results == (Result(7, "paid", None),)
    assert [(it.row, it.field) for it in answer.errors] == [(1, "OrgnlEndToEndId")]


def test_errors_name_the_transfer():
    content = report(transfer("P7", "ACSC"), transfer("NOTPROVIDED", "ACSC"), transfer("", "RJCT"))

    answer = read_pain002(content, {})

    assert answer.results == (Result(7, "paid", None),)
    assert answer.errors == tuple(RowError(row, "OrgnlEndToEndId", "must be a payout's reference.") for row in (2, 3))


def test_a_status_of_a_message_that_is_not_ours_is_an_error():
    answer = read_pain002(report(group="RJCT", message_id="OTHER"), PAYOUTS)

    assert answer == Answer((), (), (RowError(0, "OrgnlMsgId", "must be the message id of a file of ours."),))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "must be well-formed XML."),
        (b"<Document>", "must be well-formed XML."),
        (b"\xff\xfe\x00", "must be well-formed XML."),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "must be well-formed XML."),
        (b"<Document><&></Document>", "must be well-formed XML."),
        (b"<Document/>", "must be a pain.002 report."),
        (b"<a>" * 51 + b"</a>" * 51, "must be nested at most 50 deep."),
        (b"<!DOCTYPE a><a/>", "must not have a document type (DOCTYPE)."),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "must not have a document type (DOCTYPE)."),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>', "must not have a document type (DOCTYPE)."),
    ],
)
def test_a_file_that_is_no_report_is_refused_and_never_raises(content: bytes, reason: str):
    assert read_pain002(content, PAYOUTS) == Answer((), (), (RowError(0, "file", reason),))


def test_a_report_may_be_in_another_encoding():
    content = report(transfer("P7", "ACSC")).decode().replace("UTF-8", "UTF-16")

    assert read_pain002(content.encode("utf-16"), {}).results == (Result(7, "paid", None),)


_PIECES = ["<Document>", "</Document>", "<CstmrPmtStsRpt>", "</CstmrPmtStsRpt>", "<TxInfAndSts>", "</TxInfAndSts>"]
_PIECES += [
    "<TxSts>ACSC</TxSts>",
    "<OrgnlEndToEndId>P7</OrgnlEndToEndId>",
    "<!DOCTYPE a>",
    "<![CDATA[x]]>",
    "&amp;",
    "&x;",
]


@given(st.lists(st.sampled_from(_PIECES)).map(lambda pieces: "".join(pieces).encode()) | st.binary())
def test_whatever_a_report_holds_it_is_read_or_refused(content: bytes):
    answer = read_pain002(content, PAYOUTS)

    assert answer.errors or {it.payout_id for it in answer.results} <= {7}
