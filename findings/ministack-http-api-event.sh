#!/usr/bin/env bash
# ministack leaves the stage and the cookies out of an HTTP API's event.
#
# Package:   ministack 1.5.33, boto3 1.43.106
# Behaviour: Through a stage named "shop", rawPath is "/orders/1" though requestContext.stage is "shop". Cookies
#            stay in the header "cookie", and the member "cookies" is missing.
# Guess:     rawPath is "/shop/orders/1" and cookies are a list of their own, as in events of payload format 2.0 on
#            AWS. Query text, path parameters, base64 of binary bodies and the stage's own name are right, so the
#            rest is taken for right too. A router that cuts the stage off sees the difference only after a
#            deployment.
# Seen:      rawPath: '/orders/1'; stage: 'shop'; cookies: None; cookie header: 'a=1; b=2'
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check \
    ministack==1.5.33 boto3==1.43.106 botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile

import boto3


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


@contextlib.contextmanager
def ministack():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "TMPDIR": os.getcwd()}
    with open("ministack.log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "ministack"],
            env=os.environ | settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_ministack/health").close()
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


CODE = """
import json

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event)}
"""

archive = io.BytesIO()
with zipfile.ZipFile(archive, "w") as file:
    file.writestr("app.py", CODE)

with ministack() as endpoint:
    awslambda, gateway = (boto3.client(name, endpoint_url=endpoint) for name in ("lambda", "apigatewayv2"))
    function = awslambda.create_function(
        FunctionName="echo",
        Runtime=f"python3.{sys.version_info.minor}",
        Handler="app.handler",
        Role="arn:aws:iam::000000000000:role/demo",
        Code={"ZipFile": archive.getvalue()},
    )["FunctionArn"]
    api = gateway.create_api(Name="echo", ProtocolType="HTTP")["ApiId"]
    integration = gateway.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0"
    )["IntegrationId"]
    gateway.create_route(ApiId=api, RouteKey="GET /orders/{id}", Target=f"integrations/{integration}")
    gateway.create_stage(ApiId=api, StageName="shop", AutoDeploy=True)
    headers = {"Host": f"{api}.execute-api.localhost", "Cookie": "a=1; b=2"}
    request = urllib.request.Request(f"{endpoint}/shop/orders/1?x=1&x=2", headers=headers)
    with urllib.request.urlopen(request) as answer:
        event = json.load(answer)

    expect("payload format", event["version"], "2.0")
    expect("query", event["rawQueryString"], "x=1&x=2")
    expect("path parameters", event["pathParameters"], {"id": "1"})
    expect("stage", event["requestContext"]["stage"], "shop")
    expect("rawPath", event["rawPath"], "/orders/1")
    expect("cookies", event.get("cookies"), None)
    expect("cookie header", event["headers"].get("cookie"), "a=1; b=2")
PYTHON
