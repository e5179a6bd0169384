"""Receivers of webhooks on loopback, each with one behaviour, good or bad."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Behaviour = Callable[[socket.socket], None]
_GIVE_UP = 5


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate: the server's side, and the PEM that a client may trust."""

    server: ssl.SSLContext
    pem: str

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.pem)


def certified(name: str, days: int = 1) -> Certificate:
    """A certificate for a name; one with negative days has expired."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with TemporaryDirectory() as folder:
        chain = Path(folder, "chain.pem")
        chain.write_bytes(private + pem)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(chain)
    return Certificate(server, pem.decode())


class Receiver:
    """A server on loopback that treats every connection the same way, and keeps the requests it has read."""

    def __init__(self, behaviour: Behaviour, certificate: Certificate | None = None) -> None:
        self._behaviour, self._certificate = behaviour, certificate
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self.port: int = self._listener.getsockname()[1]
        self.requests: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?shop=1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self._treat(self._listener.accept()[0])

    def _treat(self, connection: socket.socket) -> None:
        connection.settimeout(_GIVE_UP)
        with suppress(OSError), connection:
            if self._certificate is None:
                self._behave(connection)
            else:
                with self._certificate.server.wrap_socket(connection, server_side=True) as secured:
                    self._behave(secured)

    def _behave(self, connection: socket.socket) -> None:
        if getattr(self._behaviour, "reads", True):
            self.requests.append(read_request(connection))
        self._behaviour(connection)


def read_request(connection: socket.socket) -> bytes:
    """Head and body of one request."""
    request = b""
    while b"\r\n\r\n" not in request:
        request += _some(connection)
    head, _, body = request.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += _some(connection)
    return head + b"\r\n\r\n" + body


def _some(connection: socket.socket) -> bytes:
    some = connection.recv(65536)
    if not some:
        raise ConnectionError
    return some


def sends(*pieces: bytes, pause: float = 0) -> Behaviour:
    """Send the pieces and close."""

    def behave(connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)

    return behave


def answers(status: str, *headers: str, body: str = "") -> Behaviour:
    """Answer as most servers do, with a length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", body]
    return sends("\r\n".join(lines).encode())


def hangs(connection: socket.socket) -> None:
    """Answer nothing, until the client hangs up."""
    while connection.recv(65536):
        pass


def cuts(connection: socket.socket) -> None:
    """Reset the connection, where `sends()` without pieces closes it properly."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def drips(content: bytes, before: bytes = b"") -> Behaviour:
    """Send some at once, then the content one byte at a time, over and over for a while."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(before)
        end = time.monotonic() + _GIVE_UP
        while time.monotonic() < end:
            for byte in content:
                connection.sendall(bytes([byte]))
                time.sleep(0.02)

    return behave


def unread(behaviour: Behaviour) -> Behaviour:
    """The behaviour once the first byte of the request has come, before any is read."""

    def behave(connection: socket.socket) -> None:
        connection.recv(1, socket.MSG_PEEK)
        behaviour(connection)

    behave.reads = False  # type: ignore[attr-defined]
    return behave
