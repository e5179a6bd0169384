"""Routes OPTIONS on an HTTP API without CORS; the emulator refuses it first.

In lower case it passes the emulator's check and matches `ANY` and `$default`; the function receives it as sent."""

from typing import Any

from ministack.services import apigateway

_execute = apigateway._handle_execute_in_scope
_invoke = apigateway._invoke_lambda_proxy


def apply() -> None:
    apigateway._handle_execute_in_scope = _execute_routed
    apigateway._invoke_lambda_proxy = _invoke_as_sent


async def _execute_routed(api_id: str, stage: str, path: str, method: str, *rest: Any, **named: Any) -> Any:
    has_cors = bool((apigateway._apis.get(api_id) or {}).get("corsConfiguration"))
    routed = method if has_cors or method != "OPTIONS" else method.lower()
    return await _execute(api_id, stage, path, routed, *rest, **named)


async def _invoke_as_sent(*arguments: Any, **named: Any) -> Any:
    sent = ("OPTIONS" if argument == "options" else argument for argument in arguments)
    return await _invoke(*sent, **named)
