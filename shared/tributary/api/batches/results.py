"""The answer to a batch: an outcome per row, in order."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import Response

from tributary.api.http import edge
from tributary.api.http.dialect import InternalError, RateLimited, Unavailable
from tributary.api.http.edge import Answered
from tributary.api.http.failures import MAX_SHOWN
from tributary.api.http.json_text import json_text
from tributary.api.http.resolver import Resolver
from tributary.domain.errors import TributaryError, ValidationFailed
from tributary.telemetry import logger

Outcome = Answered | TributaryError

#: Bytes of JSON within JSON, of the 6 MB that Lambda answers with; the rest is for counts and refusals.
_MAX_BODIES = 4_000_000

#: Headers of the single call's answer that describe its row.
ROW_HEADERS = ("X-Siren-OID", "Idempotency-Hit", "Idempotency-Differs", "Retry-After")


def answer(app: Resolver, outcomes: Sequence[Outcome], status: int, members: Mapping[str, Any]) -> Response[str]:
    """Counts and results around `members`; rows' bodies are inserted byte for byte. `Retry-After` if some rows should
    be sent again."""
    counts = _counts(outcomes)
    results = [_result(app, place, outcome) for place, outcome in enumerate(_roomy(_bounded(outcomes)))]
    again = any(isinstance(outcome, (InternalError, RateLimited, Unavailable)) for outcome in outcomes)
    logger.info("a batch", extra={"rows": counts})
    text = f'{json_text({**members, **counts})[:-1]},"results":[{",".join(results)}]}}'
    return Response(status, "application/json", text, {"Retry-After": "1"} if again else {})


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    made = [outcome.created for outcome in outcomes if isinstance(outcome, Answered)]
    failed = len(outcomes) - len(made)
    return {"received": len(outcomes), "created": sum(made), "repeated": len(made) - sum(made), "failed": failed}


def _bounded(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """As many failed checks as a single call shows, then one per row: 500 times as many exceed Lambda's answer size."""
    left = MAX_SHOWN
    for outcome in outcomes:
        if isinstance(outcome, ValidationFailed):
            shown = outcome.failures[: max(1, left)]
            left -= len(shown)
            yield ValidationFailed(shown)
        else:
            yield outcome


def _roomy(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """Drop bodies beyond the room left: a short row may repeat a report hundreds of times its size."""
    left = _MAX_BODIES
    for outcome in outcomes:
        if isinstance(outcome, Answered):
            whole = outcome.response
            body = whole.body or ""
            size = len(body) if len(body) > left else len(json.dumps(body))
            if size > left:
                yield outcome._replace(response=Response(whole.status_code, body="", headers=whole.headers))
                continue
            left -= size
        yield outcome


def _result(app: Resolver, index: int, outcome: Outcome) -> str:
    status, body, headers = _representation(app, outcome)
    shown = {name: value for name, value in headers.items() if name in ROW_HEADERS}
    about = {"index": index, "status": status, **({"headers": shown} if shown else {})}
    return f'{json_text(about)[:-1]},"body":{body}}}'


def _representation(app: Resolver, outcome: Outcome) -> tuple[int, str, Mapping[str, Any]]:
    if isinstance(outcome, TributaryError):
        return edge.refusal(app, outcome)
    return outcome.response.status_code, outcome.response.body or "null", outcome.response.headers
