"""Batches on the real stack: rows are written by threads, and several clients send the same."""

import json
from typing import Any

import pytest

from tests.e2e.support.batch import CLIENTS, MEMBERS, ROWS, post, row
from tests.stack.journey import Journey, at_once, at_rest

#: Members that tell a repeat from the first report; not every dialect has each.
MARKS = {"status", "created", "message", "repeated", "differs"}


@pytest.mark.parametrize("path", MEMBERS)
def test_duplicate_rows_of_concurrent_batches_are_recorded_once(journey: Journey, path: str) -> None:
    assert post(journey, "/v1/stores", json.dumps({"external_id": "paris"})).status_code == 201
    rows = [row(path, number) for number in range(ROWS)] * 2
    lines = "\n".join(map(json.dumps, rows))

    answers = at_once(CLIENTS, lambda _: post(journey, f"{path}/batch", lines, "application/x-ndjson"), range(CLIENTS))
    at_rest(journey.stack)

    shown = [answer.json() for answer in answers]
    assert [(it["received"], it["failed"]) for it in shown] == [(2 * ROWS, 0)] * CLIENTS
    assert sum(it["created"] for it in shown) == ROWS
    assert sorted(it["sourceId"] for it in journey.listed("transactions", fields="sourceId")) == sorted(
        f"B-{number}" for number in range(ROWS)
    )
    for one in shown:
        assert [it["index"] for it in one["results"]] == list(range(2 * ROWS))
        for first, second in zip(one["results"][:ROWS], one["results"][ROWS:], strict=True):
            assert without_marks(first["body"]) == without_marks(second["body"])
            assert second["body"].get("differs", []) == []


def without_marks(body: dict[str, Any]) -> dict[str, Any]:
    """An answer without what tells a repeat from the first report."""
    return {name: value for name, value in body.items() if name not in MARKS}
