"""Leaves an answer without a body without a content type too; the emulator calls it JSON, which clients then read."""

from typing import Any

from ministack.services import apigateway

_invoke = apigateway._invoke_lambda_proxy


def apply() -> None:
    apigateway._invoke_lambda_proxy = _invoke_without_type


async def _invoke_without_type(*arguments: Any, **named: Any) -> Any:
    status, headers, body = await _invoke(*arguments, **named)
    if not body:
        headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return status, headers, body
