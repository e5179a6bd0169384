#!/usr/bin/env bash
# siren-sdk takes a redirect for success.
#
# Package:   siren-sdk 0.2.0
# Behaviour: When the server answers 301 or 308, events.sale returns an EventResult with that status and an empty
#            body, and raises nothing. The sale is recorded nowhere. conversions.list returns an empty page.
# Guess:     The redirect is followed, or raised as an error, as the client maps every other answer to a result or
#            an error. A base URL of http or of an old host is enough, and reading result.status gives None, as for
#            an older server.
# Seen:      sale: (301, None); list: []; requests at the new place: 0
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check siren-sdk==0.2.0 httpx==0.28.1

venv/bin/python - <<'PYTHON'
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import siren

at_new_place = []


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


class Moved(BaseHTTPRequestHandler):
    """Redirects /301/... and /308/... to /new/... and answers there."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        _, first, rest = self.path.split("/", 2)
        if first == "new":
            at_new_place.append(rest)
            self.answer(200, b'{"status": "created"}')
        else:
            self.answer(int(first), b"", Location=f"/new/{rest}")

    do_GET = do_POST

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Moved)
threading.Thread(target=server.serve_forever, daemon=True).start()


def client(place):
    return siren.Siren(api_key="sk_live_demo", base_url=f"http://127.0.0.1:{server.server_port}/{place}")


def sale(place):
    result = client(place).events.sale(source="shop", external_id="1001", total=5, tracking_id=1)
    return result.http_status, result.status


expect("sale after a 301", sale("301"), (301, None))
expect("sale after a 308", sale("308"), (308, None))
expect("list after a 301", client("301").conversions.list().data, [])
expect("requests at the new place", at_new_place, [])
expect("sale at the new place", sale("new"), (200, "created"))
PYTHON
