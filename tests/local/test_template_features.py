"""Features of the real template that the emulator lacks: routes in an OpenAPI body, typed properties."""

import json
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from local import web
from local.paths import STATE
from tests.local.lab import Lab

ECHO = """
import json

def handler(event, context):
    seen = [event["version"], event["routeKey"], event["rawPath"], event.get("pathParameters") or {}]
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(seen)}
"""


EMPTY = """
def handler(event, context):
    return {"statusCode": 200, "headers": {"x-siren-oid": "7"}, "body": ""}
"""


def serverless_function(routes: dict[str, Any], code: str = ECHO, **variables: Any) -> dict[str, Any]:
    properties = {
        "InlineCode": code,
        "Handler": "index.handler",
        "Runtime": "python3.13",
        "Environment": {"Variables": variables},
        "Events": {name: http_api_event(route) for name, route in routes.items()},
    }
    return {"Type": "AWS::Serverless::Function", "Properties": properties}


def http_api_event(route: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "HttpApi", "Properties": {"ApiId": {"Ref": "Api"}, **route}}


@pytest.fixture
def api_id(lab: Lab) -> str:
    routes = {
        "One": {"Method": "GET", "Path": "/things/{id}"},
        "Any": {"Method": "ANY", "Path": "/any"},
        "Rest": {"Method": "ANY", "Path": "$default"},
    }
    tags = {"ms-custom-id": lab.name[4:]}
    api = {"Type": "AWS::Serverless::HttpApi", "Properties": {"Tags": tags}}
    return lab.deploy({"Api": api, "Function": serverless_function(routes)})["Api"]


@pytest.mark.shows("http_api_body")
def test_the_routes_of_an_http_api_lead_to_their_function(lab: Lab, api_id: str) -> None:
    root = f"{lab.emulator.endpoint}/_aws/execute-api/{api_id}"

    assert web.get(f"{root}/things/7").json == ["2.0", "GET /things/{id}", "/things/7", {"id": "7"}]
    assert web.post(f"{root}/any", {}).json[1] == "ANY /any"
    assert web.get(f"{root}/nothing").json[1:3] == ["$default", "/nothing"]


@pytest.mark.shows("http_api_content_type")
def test_an_answer_without_a_body_has_no_content_type(lab: Lab) -> None:
    api = {"Type": "AWS::Serverless::HttpApi", "Properties": {"Tags": {"ms-custom-id": lab.name[4:]}}}
    function = serverless_function({"Empty": {"Method": "GET", "Path": "/empty"}}, EMPTY)
    api_id = lab.deploy({"Api": api, "Function": function})["Api"]

    answer = web.get(f"{lab.emulator.endpoint}/_aws/execute-api/{api_id}/empty")

    assert (answer.status, answer.body, answer.headers.get("x-siren-oid")) == (200, b"", "7")
    assert answer.headers.get("content-type") is None


@pytest.mark.shows("http_api_options")
def test_options_reaches_the_default_route_of_an_api_without_cors(lab: Lab, api_id: str) -> None:
    with closing(HTTPConnection("127.0.0.1", lab.emulator.port)) as connection:
        connection.request("OPTIONS", f"/_aws/execute-api/{api_id}/nothing")
        answer = connection.getresponse()
        body = answer.read()

    assert answer.status == 200
    assert json.loads(body)[1:3] == ["$default", "/nothing"]


@pytest.mark.shows("http_api_stage")
def test_a_request_by_stage_has_the_stage_in_its_path_and_the_routes_of_the_api(lab: Lab, api_id: str) -> None:
    lab.client("apigatewayv2").create_stage(ApiId=api_id, StageName="blog", AutoDeploy=True)
    root = f"{lab.emulator.endpoint}/_aws/execute-api/{api_id}"

    assert web.get(f"{root}/blog/things/7").json == ["2.0", "GET /things/{id}", "/blog/things/7", {"id": "7"}]
    assert web.get(f"{root}/blog/nothing").json[1:3] == ["$default", "/blog/nothing"]
    assert web.get(f"{root}/things/7").json[1:3] == ["GET /things/{id}", "/things/7"]


@pytest.mark.shows("http_api_body")
def test_the_api_takes_its_id_from_its_tag(lab: Lab, api_id: str) -> None:
    assert api_id == lab.name[4:]


@pytest.mark.shows("property_types")
def test_a_number_or_boolean_variable_becomes_text(lab: Lab) -> None:
    function = lab.deploy({"Function": serverless_function({}, RECEIVES=5, EAGER=True)})["Function"]

    configuration = lab.client("lambda").get_function_configuration(FunctionName=function)

    assert configuration["Environment"]["Variables"] == {"RECEIVES": "5", "EAGER": "true"}


@pytest.mark.shows("property_types")
def test_a_limit_given_as_text_does_not_stop_its_queue(lab: Lab) -> None:
    """Parameters arrive as text, whatever their type."""
    queue = lab.queue()
    event = {"Queue": queue, "ScalingConfig": {"MaximumConcurrency": "2"}}
    function = serverless_function({})
    function["Properties"]["Events"] = {"Queue": {"Type": "SQS", "Properties": event}}
    lab.client("sqs").send_message(QueueUrl=lab.url(queue), MessageBody="any")

    lab.deploy({"Function": function})

    lab.eventually(lambda: lab.count(queue, "ApproximateNumberOfMessages") == 0)


@pytest.mark.shows("kept_transforms")
def test_a_transformed_template_is_not_transformed_again(lab: Lab, tmp_path: Path) -> None:
    made = {"Function": serverless_function({}, MADE_FOR=lab.name)}
    lab.deploy(made)
    kept = [path for path in (STATE / "transforms").glob("*.json") if lab.name in path.read_text()]
    assert len(kept) == 1
    kept[0].write_text(kept[0].read_text().replace('"python3.13"', '"python3.12"'))

    again = Lab(lab.emulator, tmp_path, lab.patience)
    function = again.deploy(made)["Function"]

    assert again.client("lambda").get_function_configuration(FunctionName=function)["Runtime"] == "python3.12"
