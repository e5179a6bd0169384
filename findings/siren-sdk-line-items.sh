#!/usr/bin/env bash
# siren-sdk cuts the quantity of a line to a whole number and drops members it does not know.
#
# Package:   siren-sdk 0.2.0
# Behaviour: events.sale sends a quantity of 1.5 as 1 and a quantity of 0.5 as 0, without an error. Of a line, it
#            sends external id, name, quantity and amount only; events.ingest sends the same body unchanged.
# Guess:     A line is a mapping of any members, so it is sent as it is, or a broken quantity raises, as a missing
#            amount does. The server computes amount x quantity, so goods sold by weight earn too little.
# Seen:      sale: quantity 1 for 1.5, 0 for 0.5, no 'sku'; ingest: quantity 1.5, with 'sku'
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check siren-sdk==0.2.0 httpx==0.28.1

venv/bin/python - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import siren

bodies = []


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


class Recording(BaseHTTPRequestHandler):
    def do_POST(self):
        bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Recording)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = siren.Siren(api_key="sk_live_demo", base_url=f"http://127.0.0.1:{server.server_port}")


def line_of_sale(**line):
    client.events.sale(source="shop", external_id="1001", total=7.5, tracking_id=1, items=[line])
    return bodies[-1]["items"][0]


tea = {"name": "Tea", "amount": 5, "quantity": 1.5, "sku": "tea-1"}
expect("line of a sale", line_of_sale(**tea), {"name": "Tea", "quantity": 1, "amount": 5})
expect("half a piece", line_of_sale(amount=5, quantity=0.5), {"quantity": 0, "amount": 5})
client.events.ingest("sale", {"items": [tea]})
expect("line by ingest", bodies[-1]["items"][0], tea)
PYTHON
