"""PutEvents refuses an entry without source, type or a JSON object and says which; the emulator takes anything."""

import json
from typing import Any

from ministack.core.responses import json_response
from ministack.services import eventbridge

Entry = dict[str, Any]
Refusal = dict[str, str]

_put = eventbridge._put_events


def apply() -> None:
    eventbridge._put_events = _put_valid


def _put_valid(request: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
    entries = request.get("Entries", [])
    refusals = [_refusal(entry) for entry in entries]
    if not any(refusals):
        return _put(request, *args, **kwargs)
    taken = [entry for entry, refusal in zip(entries, refusals, strict=True) if not refusal]
    status, headers, body = _put({**request, "Entries": taken}, *args, **kwargs)
    if status >= 400:
        return status, headers, body
    return json_response(_merged(refusals, json.loads(body)))


def _merged(refusals: list[Refusal | None], answer: dict[str, Any]) -> dict[str, Any]:
    """One result per entry of the request, in its order."""
    results = iter(answer["Entries"])
    failed = answer["FailedEntryCount"] + sum(1 for refusal in refusals if refusal)
    return {"FailedEntryCount": failed, "Entries": [refusal or next(results) for refusal in refusals]}


def _refusal(entry: Entry) -> Refusal | None:
    for name in ("Source", "DetailType", "Detail"):
        if not entry.get(name):
            reason = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": reason}
    if not _is_object(entry["Detail"]):
        return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    return None


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
