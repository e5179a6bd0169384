#!/usr/bin/env bash
# cfn-lint-serverless asks for a dead-letter queue of the dead-letter queue, and for a log group that is there.
#
# Package:   cfn-lint-serverless 0.3.6, cfn-lint 1.58.0
# Behaviour: ES6000 reports a queue that another queue names as its dead-letter queue. WS1004 reports a function
#            with LoggingConfig and a log group with retention; it is quiet only for a group named
#            /aws/lambda/<function>.
# Guess:     The target of a redrive policy is exempt, as following the rule would never end. A log group in
#            LoggingConfig counts as the function's log group. Both templates do what the rules' texts ask for.
# Seen:      queue with its dead-letter queue: ['ES6000 Dead']; LoggingConfig: ['WS1004 Worker']; group by name: []
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check cfn-lint==1.58.0 cfn-lint-serverless==0.3.6

AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import json
import subprocess

HEAD = {"AWSTemplateFormatVersion": "2010-09-09", "Transform": "AWS::Serverless-2016-10-31"}


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


def reports(rules, **templates):
    """Rule and resource of each report by one of these rules, per template, from one run."""
    for name, resources in templates.items():
        with open(f"{name}.json", "w") as file:
            json.dump({**HEAD, "Resources": resources}, file)
    command = ["venv/bin/cfn-lint", "--append-rules", "cfn_lint_serverless.rules", "--format", "json", "--"]
    done = subprocess.run([*command, *(f"{name}.json" for name in templates)], capture_output=True, text=True)
    found = {name: [] for name in templates}
    for report in json.loads(done.stdout):
        name, rule = report["Filename"].removesuffix(".json"), report["Rule"]["Id"]
        if rule in rules:
            resource = next(resource for resource in templates[name] if resource in report["Message"])
            found[name].append(f"{rule} {resource}")
    return found


def queue(**properties):
    kept = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
    return {"Type": "AWS::SQS::Queue", **kept, "Properties": properties}


def group(**properties):
    kept = {"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}
    return {"Type": "AWS::Logs::LogGroup", **kept, "Properties": {"RetentionInDays": 30, **properties}}


def worker(**properties):
    code = {"Runtime": "python3.12", "Handler": "index.handler", "InlineCode": "def handler(event, context): return 1"}
    return {"Type": "AWS::Serverless::Function", "Properties": {**code, **properties}}


redrive = {"deadLetterTargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}, "maxReceiveCount": 5}
found = reports(
    {"ES6000", "WS1004"},
    queues={"Dead": queue(), "Work": queue(RedrivePolicy=redrive)},
    configured={"Logs": group(), "Worker": worker(LoggingConfig={"LogGroup": {"Ref": "Logs"}})},
    named={"Logs": group(LogGroupName={"Fn::Sub": "/aws/lambda/${Worker}"}), "Worker": worker()},
)
expect("queue with its dead-letter queue", found["queues"], ["ES6000 Dead"])
expect("group in LoggingConfig", found["configured"], ["WS1004 Worker"])
expect("group by name", found["named"], [])
PYTHON
