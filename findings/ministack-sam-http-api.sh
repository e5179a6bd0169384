#!/usr/bin/env bash
# ministack creates a SAM HttpApi without any of its routes.
#
# Package:   ministack 1.5.33, aws-sam-translator 1.115.0, boto3 1.43.106
# Behaviour: A stack with one function and one HttpApi event ends as CREATE_COMPLETE, with the API, its stage and
#            the permission. The API has no route, and a call gets 404. The same route as resources of its own
#            works.
# Guess:     A route of a completed stack answers. SAM writes routes into the OpenAPI Body of the API, and the
#            emulator takes that property without a word. Events of other kinds in the same template do become
#            resources.
# Seen:      status: 'CREATE_COMPLETE'; routes: []; GET /orders: 404; with explicit resources: 200
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check \
    ministack==1.5.33 aws-sam-translator==1.115.0 boto3==1.43.106 botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

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


FUNCTION = {
    "Type": "AWS::Serverless::Function",
    "Properties": {
        "Runtime": f"python3.{sys.version_info.minor}",
        "Handler": "index.handler",
        "InlineCode": "def handler(event, context): return {'statusCode': 200, 'body': 'answered'}",
    },
}
EVENT = {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}, "Path": "/orders", "Method": "get"}}
BY_SAM = {
    "Api": {"Type": "AWS::Serverless::HttpApi"},
    "Function": {**FUNCTION, "Properties": {**FUNCTION["Properties"], "Events": {"Orders": EVENT}}},
}
BY_RESOURCES = {
    "Function": FUNCTION,
    "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "orders", "ProtocolType": "HTTP"}},
    "Stage": {
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True},
    },
    "Integration": {
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {
            "ApiId": {"Ref": "Api"},
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": {"Fn::GetAtt": ["Function", "Arn"]},
            "PayloadFormatVersion": "2.0",
        },
    },
    "Route": {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {
            "ApiId": {"Ref": "Api"},
            "RouteKey": "GET /orders",
            "Target": {"Fn::Sub": "integrations/${Integration}"},
        },
    },
}

with ministack() as endpoint:
    stacks, gateway = (boto3.client(name, endpoint_url=endpoint) for name in ("cloudformation", "apigatewayv2"))

    def deployed(name, resources):
        """Status, route keys and the HTTP status of GET /orders."""
        template = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Transform": "AWS::Serverless-2016-10-31",
            "Resources": resources,
            "Outputs": {"Api": {"Value": {"Ref": "Api"}}},
        }
        capabilities = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
        stacks.create_stack(StackName=name, TemplateBody=json.dumps(template), Capabilities=capabilities)
        for _ in range(300):
            (stack,) = stacks.describe_stacks(StackName=name)["Stacks"]
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                break
            time.sleep(0.2)
        api = stack["Outputs"][0]["OutputValue"]
        routes = [route["RouteKey"] for route in gateway.get_routes(ApiId=api)["Items"]]
        request = urllib.request.Request(f"{endpoint}/orders", headers={"Host": f"{api}.execute-api.localhost"})
        try:
            with urllib.request.urlopen(request) as answer:
                return stack["StackStatus"], routes, answer.status
        except urllib.error.HTTPError as error:
            return stack["StackStatus"], routes, error.code

    expect("by resources", deployed("resources", BY_RESOURCES), ("CREATE_COMPLETE", ["GET /orders"], 200))
    expect("by SAM's HttpApi", deployed("sam", BY_SAM), ("CREATE_COMPLETE", [], 404))
PYTHON
