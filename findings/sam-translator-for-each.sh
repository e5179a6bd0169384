#!/usr/bin/env bash
# The SAM translator refuses Fn::ForEach, and cfn-lint passes it.
#
# Package:   aws-sam-translator 1.115.0, cfn-lint 1.58.0
# Behaviour: A template with AWS::LanguageExtensions and a loop over two functions passes cfn-lint. The translator
#            raises InvalidDocumentException: "All 'Resources' must be Objects. If you're using YAML, this may be an
#            indentation issue." The message names neither the loop nor the transform.
# Guess:     The translator expands the loop, or leaves it for CloudFormation to expand, because the transform list
#            names AWS::LanguageExtensions first. Tests and emulators that import the translator fail on a
#            deployable template.
# Seen:      cfn-lint: exit 0; translator: Structure of the SAM template is invalid. All 'Resources' must be
#            Objects. ...
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

FUNCTION = {
    "Type": "AWS::Serverless::Function",
    "Properties": {
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "InlineCode": "def handler(event, context): return 1",
    },
}


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


class NoManagedPolicies:
    def load(self):
        return {}


def template(resources):
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"],
        "Resources": resources,
    }


def translated(resources):
    try:
        return sorted(transform(template(resources), {}, NoManagedPolicies())["Resources"])
    except InvalidDocumentException as error:
        return error.causes[0].message


loop = {"Fn::ForEach::Workers": ["Name", ["First", "Second"], {"${Name}Worker": FUNCTION}]}
with open("template.json", "w") as file:
    json.dump(template(loop), file)
linted = subprocess.run(["venv/bin/cfn-lint", "template.json"], capture_output=True)
expect("cfn-lint on the loop", linted.returncode, 0)
expect("translator without the loop", translated({"FirstWorker": FUNCTION}), ["FirstWorker", "FirstWorkerRole"])
refusal = "Structure of the SAM template is invalid. All 'Resources' must be Objects. "
expect("translator on the loop", translated(loop), refusal + "If you're using YAML, this may be an indentation issue.")
PYTHON
