"""Keeps a named stage in the path that functions read; the emulator drops it from `rawPath`.

API Gateway drops only `$default`, which no request names."""

from typing import Any

from ministack.services import apigateway

_invoke = apigateway._invoke_lambda_proxy


def apply() -> None:
    apigateway._invoke_lambda_proxy = _invoke_with_stage


async def _invoke_with_stage(integration: Any, api_id: str, stage: str, path: str, *rest: Any, **named: Any) -> Any:
    sent = path if stage == "$default" else f"/{stage}{path}"
    return await _invoke(integration, api_id, stage, sent, *rest, **named)
