"""`listen`: a receiver of webhooks on this machine: registers itself, verifies both signatures, prints each post."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local import state_file, web
from local.commands.run import end_on_signals
from local.ports import named_port
from local.problem import Problem

#: Seconds between the attempt and its arrival.
_FRESH = 300


class Receiver(ThreadingHTTPServer):
    """Answers 200 to posts that are signed by the secret, and 401 to all others."""

    daemon_threads = True
    secret = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Post(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        fault = fault_of(self.server.secret, headers, body)
        self.send_response(401 if fault else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        print(_line(headers, body, fault), flush=True)

    def log_message(self, *_: Any) -> None:
        """Say nothing more."""


def listen() -> None:
    """Receive every event of the running stack until Ctrl-C; PORT=… names one of several stacks."""
    end_on_signals()
    stack = state_file.read(named_port())
    key = stack["keys"]["admin"]
    with Receiver(("127.0.0.1", 0), _Post) as receiver:
        asked = {"targetUrl": receiver.url, "events": ["*"], "description": "make listen"}
        made = web.post(f"{stack['url']}/webhooks", asked, key)
        if made.status != 201:
            raise Problem(f"the stack refused the webhook ({made.status}): {made.body.decode()}")
        receiver.secret = made.json["signingSecret"]
        print(
            f"webhook {made.json['id']} posts to {receiver.url}; it begins within ten seconds, Ctrl-C ends it",
            flush=True,
        )
        try:
            receiver.serve_forever()
        except KeyboardInterrupt:
            print("\nstopped", flush=True)
        finally:
            web.delete(f"{stack['url']}/webhooks/{made.json['id']}", key)


def fault_of(secret: str, headers: Mapping[str, str], body: bytes) -> str | None:
    """The reason to refuse a post, by Siren's signature and by that of Standard Webhooks."""
    siren = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(siren.encode(), headers.get("x-siren-signature", "").encode()):
        return "X-Siren-Signature is wrong"
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > _FRESH:
        return "webhook-timestamp is not of now"
    signed = f"{headers.get('webhook-id', '')}.{stamp}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    standard = b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    if not any(hmac.compare_digest(standard, it.encode()) for it in headers.get("webhook-signature", "").split()):
        return "webhook-signature is wrong"
    return None


def _line(headers: Mapping[str, str], body: bytes, fault: str | None) -> str:
    if fault:
        return f"refused: {fault}"
    event = json.loads(body)
    return f"{event['type']}  {event['id']}  {json.dumps(event['data'], ensure_ascii=False)}"
