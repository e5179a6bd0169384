"""Siren's answers to events: an empty body and the opportunity in a header, or JSON on request."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from tributary.api.http import edge


def event_answer(
    app: APIGatewayHttpResolver, representation: Mapping[str, Any], headers: Mapping[str, str]
) -> Response[str]:
    if "return=representation" in (app.current_event.headers.get("prefer") or "").replace(" ", "").lower():
        return edge.answer(representation, headers={**headers, "Preference-Applied": "return=representation"})
    return edge.empty(headers)


def opportunity_headers(opportunity_id: int | None) -> dict[str, str]:
    """Empty without an opportunity, as for sales of other dialects."""
    if opportunity_id is None:
        return {}
    return {"X-Siren-OID": str(opportunity_id), "Access-Control-Expose-Headers": "X-Siren-OID"}
