"""Rules for every function, log group and table of the stack, read from the template as CloudFormation sees it."""

import collections
import re
from collections.abc import Iterator
from typing import Any

from tests.template import ROOT, expanded_template, raw_template, resources, target

FUNCTIONS = resources("AWS::Lambda::Function")
LAMBDAS_LEVELS = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}


def test_every_function_runs_the_same_python_on_arm():
    assert not [
        name for name, it in FUNCTIONS.items() if (it["Runtime"], it["Architectures"]) != ("python3.13", ["arm64"])
    ]


def test_every_layer_is_built_for_that_python_on_arm():
    layers = resources("AWS::Lambda::LayerVersion").values()
    assert {(*it["CompatibleRuntimes"], *it["CompatibleArchitectures"]) for it in layers} == {("python3.13", "arm64")}


def test_requests_consumers_and_the_relay_log_to_one_group_each():
    """Metric filters count the relay's lines, so no other function may write there."""
    consumers = {target(it["FunctionName"]) for it in resources("AWS::Lambda::EventSourceMapping").values()}
    expected = {name: "ConsumerLogs" if name in consumers else "RequestLogs" for name in FUNCTIONS}
    expected["PublishEvents"] = "PublishEventsLogs"

    assert {name: target(it["LoggingConfig"]["LogGroup"]) for name, it in FUNCTIONS.items()} == expected


def test_every_function_logs_at_the_operators_level():
    """Lambda defaults to INFO, drops lower levels, and hides the configured level from the code."""
    levels = [
        (it["LoggingConfig"]["LogFormat"], it["LoggingConfig"].get("ApplicationLogLevel")) for it in FUNCTIONS.values()
    ]
    assert levels == [("JSON", {"Ref": "LogLevel"})] * len(FUNCTIONS)
    assert set(expanded_template()["Parameters"]["LogLevel"]["AllowedValues"]) <= LAMBDAS_LEVELS


def test_every_log_group_has_a_retention():
    assert not [name for name, it in resources("AWS::Logs::LogGroup").items() if "RetentionInDays" not in it]


def test_every_function_is_traced_and_described():
    assert not [name for name, it in FUNCTIONS.items() if it["TracingConfig"] != {"Mode": "Active"}]
    assert not [name for name, it in FUNCTIONS.items() if not it.get("Description")]


def test_every_folder_of_functions_is_in_the_template_and_the_other_way_round():
    declared = {
        it["Properties"]["CodeUri"]
        for it in raw_template()["Resources"].values()
        if "CodeUri" in it.get("Properties", {})
    }
    assert declared == {f"functions/{app.parent.name}/" for app in ROOT.glob("functions/*/app.py")}


def test_the_ledger_outlives_the_stack_and_can_be_restored():
    for name, table in tables(passing=False):
        kept = expanded_template()["Resources"][name]
        assert (kept["DeletionPolicy"], kept["UpdateReplacePolicy"]) == ("Retain", "Retain")
        assert table["DeletionProtectionEnabled"] is True
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_a_temporary_table_expires_items_has_no_stream_and_is_deleted_with_the_stack():
    for name, table in tables(passing=True):
        kept = expanded_template()["Resources"][name]
        assert (kept["DeletionPolicy"], kept["UpdateReplacePolicy"]) == ("Delete", "Delete")
        assert table["TimeToLiveSpecification"]["Enabled"] is True
        assert "StreamSpecification" not in table


def test_every_table_is_billed_on_demand():
    assert {it["BillingMode"] for it in resources("AWS::DynamoDB::Table").values()} == {"PAY_PER_REQUEST"}


def tables(passing: bool) -> list[tuple[str, Any]]:
    """The ledger, or the tables whose items expire."""
    found = resources("AWS::DynamoDB::Table").items()
    of_kind = [(name, table) for name, table in found if ("TimeToLiveSpecification" in table) == passing]
    assert of_kind
    return of_kind


def test_every_reference_resolves():
    template = expanded_template()
    known = template["Resources"].keys() | template["Parameters"].keys()
    assert not [name for name in references([template["Resources"], template["Outputs"]]) if name not in known]


def test_every_parameter_is_used():
    template = expanded_template()
    used = collections.Counter(references([template["Resources"], template["Outputs"], template["Conditions"]]))
    assert not [name for name in template["Parameters"] if not used[name]]


def references(node: Any) -> Iterator[str]:
    """Names that Ref, GetAtt and Sub refer to, without AWS's own such as AWS::Region."""
    if isinstance(node, dict):
        if name := target(node):
            yield from [] if name.startswith("AWS::") else [name]
        elif "Fn::Sub" in node:
            yield from substituted(node["Fn::Sub"])
        else:
            yield from references(list(node.values()))
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def substituted(sub: str | list[Any]) -> Iterator[str]:
    text, own = sub if isinstance(sub, list) else (sub, {})
    yield from references(own)
    names = {name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", text)} - own.keys()
    yield from (name for name in names if not name.startswith("AWS::"))
