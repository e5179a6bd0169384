"""The routes from each of their sources: (route key, function's directory)."""

import re
from typing import Any

from pydantic.alias_generators import to_camel

from tests.stack.wiring import load
from tests.template import ROOT, raw_template, resources
from tributary.api.http.dialect import BASES
from tributary.api.routes import ROUTES

Routes = set[tuple[str, str]]

DEFAULT = ("$default", "answer_unrouted")
#: Webhooks of shops: signed instead of sent with a key, so they belong to no dialect.
HOOKS = {("POST /hooks/{connectionId}", "receive_hook"), ("POST /hooks/{connectionId}/{token}", "receive_hook")}


def routes_of_the_template() -> Routes:
    """As API Gateway gets them, from the document that SAM expands to."""
    (api,) = resources("AWS::ApiGatewayV2::Api").values()
    functions = raw_template()["Resources"]
    return {
        (path if path == "$default" else f"{method.upper()} {path}", _directory(functions[_logical_id(operation)]))
        for path, operations in api["Body"]["paths"].items()
        for method, operation in operations.items()
    }


def routes_of_the_table() -> Routes:
    """ROUTES under each dialect's base. No route names a stage, so each is in all of them."""
    return {(f"{route.method} {BASES[route.dialect]}{route.path}", route.function) for route in ROUTES}


def routes_of_the_handlers() -> Routes:
    """The routes known to the functions' resolvers."""
    functions = [path.parent.name for path in (ROOT / "functions").glob("*/app.py")]
    apps = [(name, load(name).app) for name in functions if hasattr(load(name), "app")]
    return {
        (f"{route.method} {_as_in_the_template(route.path)}", name)
        for name, app in apps
        for route in [*app._static_routes, *app._dynamic_routes]
    }


def _as_in_the_template(path: str) -> str:
    """Parameters of two words are in snake_case in Python only."""
    named = re.sub(r"<(\w+)>", lambda found: "{" + to_camel(found[1]) + "}", path)
    return named.replace("{recordId}", "{id}")


def _logical_id(operation: dict[str, Any]) -> str:
    (name,) = re.findall(r"\$\{(\w+)\.Arn\}", operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"])
    return str(name)


def _directory(function: dict[str, Any]) -> str:
    return str(function["Properties"]["CodeUri"]).strip("/").rpartition("/")[2]
