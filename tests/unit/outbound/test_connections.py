"""Connections to receivers: checked addresses, certificates of the name, and one deadline."""

import logging
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from select import select
from typing import Any

import pytest

from tests.receivers import (
    Certificate,
    Receiver,
    answers,
    certified,
    cuts,
    drips,
    hangs,
    sends,
    unread,
)
from tributary.outbound import sender
from tributary.outbound.attempt import Sent

Start = Callable[..., Receiver]
NAME = "hooks.example.org"
OK = answers("200 OK", body="fine")
SOON = 0.3


def post(
    to: Receiver | int,
    trust: Certificate | None = None,
    name: str = NAME,
    records: Sequence[str] = ("127.0.0.1",),
    **by: Any,
) -> Sent:
    """Send to a receiver with TLS under a name that the given records are known for."""
    port = to if isinstance(to, int) else to.port
    context = trust.trusted() if trust else ssl.create_default_context()
    options = {"local": True, "resolve": lambda *_: records, "trust": lambda: context, "deadline": 5} | by
    return sender.post(f"https://{name}:{port}/hooks", {"X-A": "b"}, b"{}", **options)


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, float]]:
    """Every address that is dialled, with its time-out; none takes the call."""
    calls = []

    def refuse(address: tuple[str, int], timeout: float) -> None:
        calls.append((*address, timeout))
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return calls


def test_the_certificate_and_the_headers_are_of_the_name(receiver: Start, certificate: Certificate):
    to, named = receiver(OK, certificate), []
    certificate.server.sni_callback = lambda _, name, __: named.append(name)

    sent = post(to, certificate)

    certificate.server.sni_callback = None
    assert (sent.status, sent.error) == (200, None)
    assert named == [NAME]
    assert f"Host: {NAME}:{to.port}\r\n".encode() in to.requests[0]


@pytest.mark.parametrize(
    ("days", "trusted", "name"),
    [(1, False, NAME), (1, True, "other.example.org"), (1, True, "127.0.0.1"), (-1, True, NAME)],
    ids=["unknown-authority", "other-name", "address", "expired"],
)
def test_a_wrong_certificate_gets_no_request(receiver: Start, days, trusted, name):
    shown = certified(NAME, days)
    to = receiver(OK, shown)

    sent = post(to, shown if trusted else None, name)

    assert (sent.status, sent.error) == (None, "tls")
    assert to.requests == []


def test_a_receiver_without_tls_or_with_an_old_one_is_refused(receiver: Start, recwarn):
    old = certified(NAME)
    old.server.minimum_version, old.server.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1

    assert post(receiver(unread(sends(b"HTTP/1.1 400 Bad Request\r\n\r\n")))).error == "tls"
    assert post(receiver(OK, old), old).error == "tls"


def test_a_receiver_that_wants_a_certificate_of_ours_is_refused(receiver: Start):
    demanding = certified(NAME)
    demanding.server.verify_mode = ssl.CERT_REQUIRED

    sent = post(receiver(OK, demanding), demanding)

    assert sent.status is None
    assert sent.error in {"tls", "connection_closed"}  # its alert, or the reset that overtakes it


@pytest.mark.parametrize("behaviour", [sends(), cuts, sends(b"HTTP/1.1 200 OK\r\nX: y")], ids=["end", "reset", "head"])
def test_a_connection_cut_within_tls(receiver: Start, certificate: Certificate, behaviour):
    assert post(receiver(behaviour, certificate), certificate).error == "connection_closed"


@pytest.mark.parametrize("behaviour", [sends(), cuts], ids=["end", "reset"])
def test_a_connection_cut_in_the_handshake(receiver: Start, behaviour):
    assert post(receiver(unread(behaviour))).error == "connection_closed"


@pytest.mark.parametrize("behaviour", [hangs, drips(b"\0", before=b"\x16\x03\x03\x40\x00")], ids=["hangs", "drips"])
def test_a_late_handshake_ends_at_the_deadline(receiver: Start, behaviour):
    sent = post(receiver(unread(behaviour)), deadline=SOON)

    assert (sent.status, sent.error) == (None, "timeout")
    assert 300 <= sent.milliseconds < 3000


@pytest.mark.parametrize("behaviour", [hangs, drips(b"H")], ids=["hangs", "drips"])
def test_a_late_answer_within_tls_ends_at_the_deadline(receiver: Start, certificate: Certificate, behaviour):
    sent = post(receiver(behaviour, certificate), certificate, deadline=SOON)

    assert (sent.status, sent.error) == (None, "timeout")
    assert 300 <= sent.milliseconds < 3000


def test_name_servers_that_hang_end_at_the_deadline():
    over = threading.Event()

    sent = post(443, resolve=lambda *_: over.wait(5) and [], deadline=SOON)

    over.set()
    assert (sent.status, sent.error) == (None, "dns")
    assert 300 <= sent.milliseconds < 3000


@pytest.mark.parametrize("error", [socket.gaierror(-2), TimeoutError(), UnicodeError()])
def test_an_unknown_name_is_told(error, dialled):
    def fail(*_):
        raise error

    assert post(443, resolve=fail).error == "dns"
    assert dialled == []


def test_a_fault_of_ours_in_the_look_up_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        post(443, resolve=lambda *_: 1 // 0)


@pytest.mark.parametrize("records", [["10.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["127.0.0.1"], ["2606:4700::1", "::1"]])
def test_a_name_with_a_private_record_is_not_dialled(records, dialled):
    assert post(443, records=records, local=False).error == "refused_address"
    assert dialled == []


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/", "http://example.org/", "https://example.org:22/", "https://a@b.org/"]
)
def test_a_refused_url_is_neither_looked_up_nor_dialled(url, dialled):
    looked_up = []

    sent = sender.post(url, {}, b"{}", resolve=lambda *it: looked_up.append(it) or [])

    assert sent == Sent(None, sent.milliseconds, "refused_address", None)
    assert looked_up + dialled == []


def test_a_name_that_changes_after_the_check_changes_nothing(dialled):
    """The first look-up is public, each later one the instance's metadata."""
    answers_of_dns = iter([["8.8.8.8"], ["169.254.169.254"], ["169.254.169.254"]])

    sent = post(443, local=False, resolve=lambda *_: next(answers_of_dns))

    assert sent.error == "connect"
    assert [address for address, *_ in dialled] == ["8.8.8.8"]
    assert next(answers_of_dns) == ["169.254.169.254"]


def test_the_name_is_not_looked_up_again_to_connect(receiver: Start, certificate: Certificate, monkeypatch):
    asked, look_up = [], socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **by: asked.append(host) or look_up(host, *rest, **by)
    )

    assert post(receiver(OK, certificate), certificate).status == 200
    assert asked == ["127.0.0.1"]


def test_addresses_are_tried_in_turn_within_one_deadline(dialled):
    records = ["2606:4700::1", "8.8.8.8", "2606:4700::2", "8.8.4.4", "1.1.1.1", "1.0.0.1"]

    sent = post(443, local=False, records=records, deadline=8)

    assert sent.error == "connect"
    assert [address for address, *_ in dialled] == ["8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1"]
    assert [round(seconds) for *_, seconds in dialled] == [2, 3, 4, 8]


def test_the_next_address_is_used_if_one_takes_no_connection(receiver: Start, certificate: Certificate):
    assert post(receiver(OK, certificate), certificate, records=["127.0.0.1", "::1"]).status == 200
    assert post(receiver(OK, certificate), certificate, records=["::1", "127.0.0.1"]).status == 200
    assert post(unused_port(), certificate, records=["127.0.0.1", "::1"]).error == "connect"


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_proxies_of_the_environment_are_passed_over(receiver: Start, monkeypatch):
    proxy, to = receiver(OK), receiver(OK)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")

    assert sender.post(to.url, {}, b"{}", local=True).status == 200
    assert (len(to.requests), proxy.requests) == (1, [])


def test_nothing_is_logged_or_printed(receiver: Start, certificate: Certificate, caplog, capfd):
    caplog.set_level(logging.DEBUG)

    post(receiver(OK, certificate), certificate)
    post(receiver(sends(b"garbage"), certificate), certificate)
    post(receiver(unread(cuts)))
    post(443, records=["10.0.0.1"])

    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_a_connection_reset_before_tls_sends_nothing_in_the_clear(receiver: Start, monkeypatch):
    to, connect = receiver(unread(cuts)), socket.create_connection

    def connected_and_reset(*address: Any) -> socket.socket:
        connection = connect(*address)
        connection.sendall(b"x")
        select([connection], [], [])  # until the reset has come
        connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)  # and was reported, so that no call reports it again
        return connection

    monkeypatch.setattr(socket, "create_connection", connected_and_reset)

    assert post(to).error == "connection_closed"
    assert to.requests == []


def test_no_connection_is_left_open(receiver: Start, certificate: Certificate, monkeypatch):
    made, create = [], socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda *it: made.append(create(*it)) or made[-1])
    taken, wrap = [], ssl.SSLContext.wrap_socket
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", lambda *it, **by: taken.append(wrap(*it, **by)) or taken[-1])

    for behaviour, trust in ((OK, certificate), (cuts, certificate), (hangs, certificate), (OK, None)):
        post(receiver(behaviour, certificate), trust, deadline=SOON)

    ours = [it for it in taken if not it.server_side]
    assert len(made) == 4
    assert [it.fileno() for it in made + ours] == [-1] * (4 + len(ours))
