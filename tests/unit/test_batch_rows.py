"""Rows of a batch: the same in both of its formats."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tributary.api.batches import rows
from tributary.domain.errors import ValidationFailed

LEAVES = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5)
DOCUMENTS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2)
)
#: Separators of two lines.
ENDS = st.sampled_from(["\n", "\r\n", "\n\n", " \n \t\n"])


def read_rows(text: str, content_type: str) -> Any:
    event = SimpleNamespace(headers={"content-type": content_type}, decoded_body=text, query_string_parameters=None)
    app: Any = SimpleNamespace(current_event=event)
    return rows._read(app).rows


@settings(max_examples=60, derandomize=True)
@given(st.lists(st.tuples(DOCUMENTS, ENDS), min_size=1, max_size=6))
def test_lines_are_read_like_an_array_of_them(given_rows: list[tuple[Any, str]]) -> None:
    """Unicode line separators within a text do not end a line."""
    documents = [json.dumps(document, ensure_ascii=False) for document, _ in given_rows]
    lines = "".join(text + end for text, (_, end) in zip(documents, given_rows, strict=True))

    assert read_rows(lines, "application/x-ndjson") == read_rows(f"[{','.join(documents)}]", "application/json")


@pytest.mark.parametrize(("form", "content_type"), [("[{}]", "application/json"), ("{}", "application/x-ndjson")])
def test_a_batch_has_1_to_500_rows(form: str, content_type: str) -> None:
    def text(number: int) -> str:
        between = "," if form == "[{}]" else "\n"
        return form.replace("{}", between.join(["{}"] * number))

    assert [len(read_rows(text(number), content_type)) for number in (1, 500)] == [1, 500]
    for number in (0, 501):
        with pytest.raises(ValidationFailed) as refusal:
            read_rows(text(number), content_type)
        assert [(it.field, it.type) for it in refusal.value.failures] == [("body", "LENGTH")]
