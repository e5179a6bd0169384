"""A receiver of webhooks on this machine, and a webhook's life with a stack that sends over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local.commands.listen import fault_of
from tests.stack.journey import Item, Journey, eventually


class Receiver(ThreadingHTTPServer):
    """Answers each post with the next of its statuses, and with 200 once there are none left."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.statuses: list[int] = []
        self.posts: list[tuple[Item, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Post(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append(({name.lower(): value for name, value in self.headers.items()}, body))
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        self.send_response(status)
        if status == 503:
            self.send_header("Retry-After", "1800")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, daemon=True)
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


def a_webhook_is_told(journey: Journey) -> None:
    """A webhook's life: a post, its retries by message and by schedule, a replay, a rotation, its end by a 410."""
    with receiving() as receiver:
        asked = {"targetUrl": receiver.url, "events": ["currency.created"]}
        made = journey.ok("POST", "/webhooks", asked)
        path = f"/webhooks/{made['id']}"
        assert journey.ok("POST", f"{path}/test")["success"]
        receiver.statuses = [500, 503]
        journey.ok("PUT", "/settings", {"minimumPayout": {"EUR": 1}})

        def delivery(*statuses: int) -> Any:
            found = journey.listed(f"webhooks/{made['id']}/deliveries")
            return [it for it in found if [tried["status"] for tried in it["attempts"]] == list(statuses)]

        (waiting,) = eventually(lambda: delivery(500, 503))
        assert (waiting["status"], waiting["nextAttemptAt"] > waiting["dateModified"]) == ("pending", True)
        assert journey.ok("POST", f"{path}/deliveries/{waiting['id']}/replay")["status"] == "pending"
        (done,) = eventually(lambda: delivery(500, 503, 200))
        assert [fault_of(made["signingSecret"], *post) for post in receiver.posts] == [None] * 4
        assert journey.ok("POST", f"{path}/rotate")["signingSecret"] != made["signingSecret"]
        receiver.statuses = [410]
        span = {"from": "2020-01-01", "statuses": ["delivered"]}
        assert journey.ok("POST", f"{path}/replay", span)["affected"] == 1
        assert eventually(lambda: journey.ok("GET", path)["pausedReason"]) == "gone"
        assert journey.ok("POST", f"{path}/test")["success"]
        assert journey.ok("PATCH", path, {"status": "active"})["pausedReason"] is None
        assert done["id"] == waiting["id"]
        assert journey.ok("GET", "/webhooks/events")
        assert [it["id"] for it in journey.listed("webhooks")] == [made["id"]]
        assert journey.call("DELETE", path).status_code == 200
