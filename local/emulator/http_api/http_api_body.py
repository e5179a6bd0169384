"""Routes and tags of an AWS::ApiGatewayV2::Api in its OpenAPI `Body`, which the emulator ignores.

SAM writes an `HttpApi`'s routes there. They become the same integrations and routes as explicit resources."""

from collections.abc import Callable, Iterator
from typing import Any

from ministack.services.cloudformation import provisioners

ANY_METHOD = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"
TAG_VALUE = "x-amazon-apigateway-tag-value"


def apply() -> None:
    handler = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    handler["create"] = _with_routes(handler["create"])


def _with_routes(create: Callable[..., Any]) -> Callable[..., Any]:
    def create_with_routes(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        body = properties.get("Body") or {}
        api_id, attributes = create(logical_id, {**properties, "Tags": _tags(body) | properties.get("Tags", {})}, stack)
        for route_key, integration in _routes(body):
            _add_route(api_id, route_key, integration)
        return api_id, attributes

    return create_with_routes


def _tags(body: dict[str, Any]) -> dict[str, str]:
    return {tag["name"]: tag[TAG_VALUE] for tag in body.get("tags", []) if TAG_VALUE in tag}


def _routes(body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations in body.get("paths", {}).items():
        for method, operation in operations.items():
            yield _route_key(method, path), operation[INTEGRATION]


def _route_key(method: str, path: str) -> str:
    if path == "$default":
        return path
    return f"{'ANY' if method == ANY_METHOD else method.upper()} {path}"


def _add_route(api_id: str, route_key: str, integration: dict[str, Any]) -> None:
    properties = {
        "ApiId": api_id,
        "IntegrationType": "AWS_PROXY",
        "IntegrationUri": integration["uri"],
        "PayloadFormatVersion": integration["payloadFormatVersion"],
    }
    integration_id, _ = provisioners._apigw_v2_integration_create("", properties, "")
    route = {"ApiId": api_id, "RouteKey": route_key, "Target": f"integrations/{integration_id}"}
    provisioners._apigw_v2_route_create("", route, "")
