#!/usr/bin/env bash
# cfn-lint passes a misspelled member of a function's SQS event, and SAM refuses it.
#
# Package:   cfn-lint 1.58.0, aws-sam-translator 1.115.0
# Behaviour: "BatchSizes" in an SQS event passes cfn-lint, and the translator ends with "property BatchSizes not
#            defined for resource of type SQS". The same kind of slip in an HttpApi event is reported by cfn-lint.
# Guess:     cfn-lint reports both, since it has schemas of SAM's events and reports the slip in HttpApi. "make
#            check" is then believed to cover the events of consumers.
# Seen:      reported by cfn-lint: ['misspelled_http_api']; translator: property BatchSizes not defined ...
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check cfn-lint==1.58.0 aws-sam-translator==1.115.0

AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import json
import subprocess

from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform

QUEUE = {"Fn::GetAtt": ["Queue", "Arn"]}


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


class NoManagedPolicies:
    def load(self):
        return {}


def template(kind, **properties):
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Queue": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"},
            "Consumer": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Runtime": "python3.12",
                    "Handler": "index.handler",
                    "InlineCode": "def handler(event, context): return 1",
                    "Events": {"Event": {"Type": kind, "Properties": properties}},
                },
            },
        },
    }


def lint(**templates):
    """The names of the templates with reports, from one run."""
    for name, template in templates.items():
        with open(f"{name}.json", "w") as file:
            json.dump(template, file)
    command = ["venv/bin/cfn-lint", "--format", "json", *(f"{name}.json" for name in templates)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    return sorted({report["Filename"].removesuffix(".json") for report in found})


def translated(template):
    try:
        return len(transform(template, {}, NoManagedPolicies())["Resources"])
    except InvalidDocumentException as error:
        return error.causes[0].message


right, wrong = template("SQS", Queue=QUEUE, BatchSize=5), template("SQS", Queue=QUEUE, BatchSizes=5)
route = template("HttpApi", Path="/a", Method="get", TimeoutInMilis=3)
reported = lint(right_sqs=right, misspelled_sqs=wrong, misspelled_http_api=route)
expect("reported by cfn-lint", reported, ["misspelled_http_api"])
expect("translator on SQS, right", translated(right), 4)
refusal = "Resource with id [ConsumerEvent] is invalid. property BatchSizes not defined for resource of type SQS"
expect("translator on SQS, misspelled", translated(wrong), refusal)
PYTHON
