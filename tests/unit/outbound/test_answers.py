"""Answers of receivers: real servers on loopback that answer well, badly, late, cut or without end."""

import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.receivers import Receiver, answers, cuts, drips, hangs, sends, unread
from tributary.outbound import sender
from tributary.outbound.attempt import LONGEST_PAUSE, Sent, pause_asked

Start = Callable[..., Receiver]
OK = b"HTTP/1.1 200 OK\r\n"
HEADERS = {"Content-Type": "application/json", "webhook-id": "evt_1"}
BODY = json.dumps({"version": 1, "id": "evt_1"}).encode()
SOON = 0.3


def post(receiver: Receiver, body: bytes = BODY, deadline: float = 5) -> Sent:
    return sender.post(receiver.url, HEADERS, body, local=True, deadline=deadline)


def test_the_receiver_gets_the_very_bytes(receiver: Start):
    to = receiver(answers("204 No Content"))

    sent = post(to)

    head, _, body = to.requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert (sent.status, sent.error, sent.retry_after) == (204, None, None)
    assert 0 <= sent.milliseconds < 5000
    assert body == BODY
    assert lines[0] == "POST /hooks?shop=1 HTTP/1.1"
    assert sorted(lines[1:]) == [
        "Accept-Encoding: identity",
        "Connection: close",
        f"Content-Length: {len(BODY)}",
        "Content-Type: application/json",
        f"Host: 127.0.0.1:{to.port}",
        "webhook-id: evt_1",
    ]


@pytest.mark.parametrize("status", [200, 202, 299, 400, 404, 410, 429, 500, 503])
def test_a_status_is_told_as_it_is(receiver: Start, status):
    assert post(receiver(answers(f"{status} Word", body="x"))).status == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Start, status):
    elsewhere = receiver(answers("200 OK"))
    to = receiver(answers(f"{status} Moved", f"Location: {elsewhere.url}"))

    sent = post(to)

    assert (sent.status, sent.error) == (status, None)
    assert elsewhere.requests == []
    assert len(to.requests) == 1


@pytest.mark.parametrize(
    "interim", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"]
)
def test_interim_answers_are_passed_over(receiver: Start, interim):
    assert post(receiver(sends(interim * 3 + OK + b"\r\n"))).status == 200
    assert post(receiver(sends(interim, interim, OK + b"\r\n", pause=0.01))).status == 200


def test_nothing_but_interim_answers_is_no_answer(receiver: Start):
    assert post(receiver(sends(b"HTTP/1.1 102 Processing\r\n\r\n" * 50))).error == "protocol"


@pytest.mark.parametrize("bad", [
    b"garbage\r\n\r\n",
    b"<html>\r\n\r\n",
    b"HTTP/1.1 abc OK\r\n\r\n",
    b"HTTP/1.1 2\xb20 OK\r\n\r\n",
    b"HTTP/1.1 99 Low\r\n\r\n",
    b"HTTP/1.1 1000 High\r\n\r\n",
    b"HTTP/1.1\r\n\r\n",
    b"HTTP/2.0 200 OK\r\n\r\n",
    b"ICY 200 OK\r\n\r\n",
    b"\x16\x03\x01\r\n\r\n",
    b"\r\n\r\n",
    b"HTTP/1.1 " + b"2" * 100_000,
    OK + b"X: " + b"y" * 100_000,
    OK + b"".join(b"X-%d: y\r\n" % number for number in range(200)) + b"\r\n",
    OK + (b"X: " + b"y" * 900 + b"\r\n") * 90 + b"\r\n",
])  # fmt: skip
def test_a_malformed_or_endless_head_is_no_answer(receiver: Start, bad):
    sent = post(receiver(sends(bad)))

    assert (sent.status, sent.error) == (None, "protocol")


@pytest.mark.parametrize("behaviour", [
    sends(), unread(sends()), cuts, unread(cuts), sends(b"HTTP/1.1 20"), sends(OK), sends(OK + b"X: y\r\n"),
], ids="closed closed-unread reset reset-unread in-status after-status in-head".split())  # fmt: skip
def test_a_connection_that_ends_in_the_head_is_no_answer(receiver: Start, behaviour):
    sent = post(receiver(behaviour))

    assert (sent.status, sent.error) == (None, "connection_closed")


@pytest.mark.parametrize(
    "behaviour", [hangs, drips(b"H"), drips(b"X: y\r\n", before=OK)], ids=["hangs", "word", "head"]
)
def test_a_late_head_ends_at_the_deadline(receiver: Start, behaviour):
    sent = post(receiver(behaviour), deadline=SOON)

    assert (sent.status, sent.error) == (None, "timeout")
    assert 300 <= sent.milliseconds < 3000


@pytest.mark.parametrize("rest", [
    drips(b"x", before=OK + b"\r\n"),
    drips(b"x", before=OK + b"Content-Length: 1000000\r\n\r\n"),
    drips(b"1\r\nx\r\n", before=OK + b"Transfer-Encoding: chunked\r\n\r\n"),
    lambda connection: (connection.sendall(OK + b"Content-Length: 5\r\n\r\n"), hangs(connection)),
], ids=["until-close", "length", "chunked", "hangs"])  # fmt: skip
def test_a_late_body_ends_at_the_deadline_and_its_status_counts(receiver: Start, rest):
    sent = post(receiver(rest), deadline=SOON)

    assert (sent.status, sent.error) == (200, None)
    assert 300 <= sent.milliseconds < 3000


@pytest.mark.parametrize("body", [
    b"Content-Length: 1000\r\n\r\nx",
    b"Content-Length: -1\r\n\r\nx",
    b"Content-Length: x\r\n\r\nx",
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx",
    b"Transfer-Encoding: chunked\r\n\r\n5\r\nx",
    b"Transfer-Encoding: chunked\r\n\r\n-5\r\nx",
    b"Transfer-Encoding: chunked\r\n\r\n" + b"5" * 70_000,
])  # fmt: skip
def test_the_status_of_a_broken_body_counts(receiver: Start, body):
    assert post(receiver(sends(OK + body))).status == 200


@pytest.mark.parametrize("head", [b"\r\n", b"Content-Length: 1073741824\r\n\r\n"], ids=["until-close", "length"])
def test_of_a_gigabyte_little_is_read(receiver: Start, head):
    taken = []

    def a_gigabyte(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**16)
        connection.sendall(OK + head)
        for _ in range(2**14):
            connection.sendall(b"x" * 2**16)
            taken.append(2**16)

    with Receiver(a_gigabyte) as to:
        sent = post(to)

    assert (sent.status, sent.error) == (200, None)
    assert sum(taken) < 2**25


def test_an_answer_before_the_body_was_read_counts(receiver: Start, monkeypatch):
    """The connection is closed already when the request is sent."""
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(b"HTTP/1.1 413 Too Large\r\n\r\n")
    monkeypatch.setattr(sender, "connected", lambda *_: ours)

    assert post(receiver(hangs)).status == 413


def test_a_receiver_that_reads_nothing_ends_at_the_deadline(receiver: Start):
    sent = post(receiver(unread(lambda _: time.sleep(2 * SOON))), b"x" * 2**25, deadline=SOON)

    assert (sent.status, sent.error) == (None, "timeout")
    assert sent.milliseconds < 3000


@pytest.mark.parametrize("status", ["429 Too Many", "503 Unavailable"])
def test_a_pause_asked_for_is_told(receiver: Start, status):
    sent = post(receiver(answers(status, "Retry-After: 120")))

    assert (sent.status, sent.retry_after) == (int(status[:3]), 120)


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(("text", "seconds"), [
    (None, None), ("", None), ("0", 0), (" 7 ", 7), ("86400", 86400), ("86401", 86400), ("9" * 5000, 86400),
    ("-5", None), ("1.5", None), ("soon", None), ("５", None), ("0x10", None),
    ("Mon, 30 Nov 2026 12:02:00 GMT", 120), ("Mon, 30 Nov 2026 12:02:00 -0000", 120),
    ("Mon, 30 Nov 2026 12:02:00", 120),
    ("Monday, 30-Nov-26 12:02:00 GMT", 120), ("Mon Nov 30 12:02:00 2026", 120),
    ("Mon, 30 Nov 2026 11:00:00 GMT", 0), ("Sat, 30 Nov 2030 12:00:00 GMT", 86400),
    ("Mon, 30 Feb 2026 12:00:00 GMT", None), ("Mon, 30 Nov 99999 12:00:00 GMT", None),
])  # fmt: skip
def test_retry_after_is_seconds_or_a_date(text, seconds):
    assert pause_asked(text, NOW) == seconds


LIKE_A_DATE = r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{1,5} \d{1,2}:\d\d(:\d\d)? ([A-Z]{3}|[+-]\d{1,9})"


@given(st.text() | st.from_regex(LIKE_A_DATE))
def test_any_text_is_a_pause_of_a_day_at_most_or_none(text):
    assert pause_asked(text) is None or 0 <= pause_asked(text) <= LONGEST_PAUSE


@given(st.datetimes(timezones=st.just(UTC)).map(lambda it: it.replace(microsecond=0)), st.integers(0, LONGEST_PAUSE))
def test_a_date_is_the_pause_until_then(now, seconds):
    if now.year < 9999:
        date = format_datetime(now + timedelta(seconds=seconds), usegmt=True)
        assert pause_asked(date, now) == seconds or now.year < 1000
