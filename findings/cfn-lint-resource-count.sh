#!/usr/bin/env bash
# cfn-lint counts the resources of a SAM template before SAM expands them.
#
# Package:   cfn-lint 1.58.0, aws-sam-translator 1.115.0
# Behaviour: Ten functions with 25 schedules each pass cfn-lint. The translator makes 520 resources of them, and
#            cfn-lint rejects that template with E3010, the limit of 500 resources.
# Guess:     cfn-lint expands a SAM template before it counts, since earlier versions ran the translator. This
#            version does not install it and reads SAM's resource types from schemas, so a stack fails first at
#            deployment.
# Seen:      resources: 10, then 520; cfn-lint as written: []; as expanded: ['E3010']
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check cfn-lint==1.58.0 aws-sam-translator==1.115.0

AWS_DEFAULT_REGION=us-east-1 venv/bin/python - <<'PYTHON'
import copy
import json
import subprocess

from samtranslator.translator.transform import transform


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


class NoManagedPolicies:
    def load(self):
        return {}


def lint(**templates):
    """The ids of the rules broken by each template, from one run."""
    for name, template in templates.items():
        with open(f"{name}.json", "w") as file:
            json.dump(template, file)
    command = ["venv/bin/cfn-lint", "--format", "json", *(f"{name}.json" for name in templates)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    return {
        name: sorted({report["Rule"]["Id"] for report in found if report["Filename"] == f"{name}.json"})
        for name in templates
    }


def function():
    schedule = {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}}
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.12",
            "Handler": "index.handler",
            "InlineCode": "def handler(event, context): return 1",
            "Events": {f"Schedule{number}": schedule for number in range(25)},
        },
    }


written = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {f"Function{number}": function() for number in range(10)},
}
expanded = transform(copy.deepcopy(written), {}, NoManagedPolicies())
expect("resources as written", len(written["Resources"]), 10)
expect("resources after expansion", len(expanded["Resources"]), 520)
rules = lint(written=written, expanded=expanded)
expect("cfn-lint as written", rules["written"], [])
expect("cfn-lint as expanded", rules["expanded"], ["E3010"])
PYTHON
