"""Fields of bodies: every refusal has a path, a sentence starting with it, and one of eight types."""

from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from tributary.api.http.bodies import RequestBody
from tributary.api.http.failures import failures_of, path
from tributary.api.http.fields import (
    Amount,
    Currency,
    Identifier,
    LongText,
    Moment,
    PastMoment,
    PositiveAmount,
    Text,
    TextOrNumber,
    Word,
)
from tributary.api.siren.requests.refunds import RefundReport
from tributary.api.siren.requests.sales import SaleReport
from tributary.domain import times

TYPES = {"REQUIRED", "TYPE", "MIN", "MAX", "LENGTH", "FORMAT", "ENUM", "UNKNOWN"}


class Everything(RequestBody):
    names = frozenset({"name"})

    amount: Amount = Decimal(0)
    positive_amount: PositiveAmount = Decimal(0)
    identifier: Identifier = 1
    currency: Currency = "USD"
    moment: Moment = ""
    past_moment: PastMoment = ""
    word: Word = ""
    text: Text = ""
    long_text: LongText = ""
    text_or_number: TextOrNumber = ""
    flag: bool = False
    name: Text = ""
    few: Annotated[list[Identifier], Field(min_length=1, max_length=2)] = []


def taken(name: str, value: Any) -> Any:
    return Everything.model_validate({name: value}).model_dump(by_alias=True)[name]


def refused(model: type[RequestBody], document: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as error:
        model.model_validate(document)
    failures = failures_of(error.value)
    assert all(failure.message.startswith(f"{failure.field} ") for failure in failures)
    assert all(failure.message.endswith(".") for failure in failures)
    return {failure.field: failure.type for failure in failures}


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("amount", 5, Decimal(5)),
        ("amount", Decimal("49.99"), Decimal("49.99")),
        ("amount", " -19.90 ", Decimal("-19.90")),
        ("amount", ".5", Decimal("0.5")),
        ("amount", "1e2", Decimal(100)),
        ("positiveAmount", 0, Decimal(0)),
        ("identifier", "4218", 4218),
        ("identifier", 2**53 - 1, 2**53 - 1),
        ("currency", "jpy", "JPY"),
        ("moment", "2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00.000Z"),
        ("textOrNumber", 1004, "1004"),
        ("textOrNumber", Decimal("10.50"), "10.50"),
        ("word", "x" * 64, "x" * 64),
        ("few", ["1", 2], [1, 2]),
        ("currency", None, "USD"),
    ],
)
def test_valid_spellings_are_accepted(name: str, value: Any, read: Any):
    assert taken(name, value) == read


@pytest.mark.parametrize(
    ("name", "value", "failure"),
    [
        ("amount", True, "TYPE"),
        ("amount", 1.5, "TYPE"),
        ("amount", "1,50", "TYPE"),
        ("amount", "NaN", "TYPE"),
        ("amount", "Infinity", "TYPE"),
        ("amount", "１", "TYPE"),
        ("amount", "1_000", "TYPE"),
        ("amount", "", "TYPE"),
        ("amount", [], "TYPE"),
        ("amount", "1" * 101, "LENGTH"),
        ("amount", Decimal("1e400"), "MAX"),
        ("amount", 10**4000, "MAX"),
        ("positiveAmount", "-0.01", "MIN"),
        ("identifier", 0, "MIN"),
        ("identifier", "-1", "TYPE"),
        ("identifier", Decimal("1.5"), "TYPE"),
        ("identifier", True, "TYPE"),
        ("identifier", 2**53, "MAX"),
        ("identifier", "9" * 20, "MAX"),
        ("identifier", "9" * 21, "TYPE"),
        ("identifier", "٤", "TYPE"),
        ("currency", "ZZZ", "ENUM"),
        ("currency", 5, "TYPE"),
        ("moment", "soon", "FORMAT"),
        ("moment", "0001-01-01T00:00:00+14:00", "FORMAT"),
        ("moment", 5, "TYPE"),
        ("word", "x" * 65, "LENGTH"),
        ("name", " ", "REQUIRED"),
        ("text", "\ud800", "FORMAT"),
        ("text", 5, "TYPE"),
        ("longText", "x" * 2001, "LENGTH"),
        ("textOrNumber", False, "TYPE"),
        ("flag", 1, "TYPE"),
        ("few", [], "LENGTH"),
        ("few", [1, 2, 3], "LENGTH"),
        ("few", {}, "TYPE"),
    ],
)
def test_invalid_values_are_refused_by_type(name: str, value: Any, failure: str):
    assert failure in TYPES
    assert refused(Everything, {name: value}) == {name: failure}


def test_null_counts_as_absent_where_a_value_is_required():
    class Needy(RequestBody):
        amount: Amount

    assert refused(Needy, {"amount": None}) == refused(Needy, {}) == {"amount": "REQUIRED"}


def test_a_past_time_may_be_up_to_five_minutes_ahead():
    assert taken("pastMoment", times.later(times.now(), seconds=290))
    assert refused(Everything, {"pastMoment": times.later(times.now(), seconds=310)}) == {"pastMoment": "MAX"}


@pytest.mark.parametrize("document", [[], "x", 5, None])
def test_a_body_that_is_not_an_object_is_refused_as_a_whole(document: Any):
    assert refused(Everything, document) == {"body": "TYPE"}


def test_all_failures_are_reported_at_once_with_their_paths():
    items = [
        {"amount": 1},
        {"amount": -1},
        {"amount": "x", "collaborators": [1, 0]},
        5,
        {"type": "discount", "amount": -1},
        {"type": "discount", "amount": 0},
        {"type": "discount", "amount": "0.01"},
    ]

    failures = refused(SaleReport, {"source": 5, "externalId": True, "total": -1, "items": items, "currency": ""})

    assert failures == {
        "source": "TYPE",
        "externalId": "TYPE",
        "total": "MIN",
        "trackingId": "REQUIRED",
        "currency": "ENUM",
        "items[1].amount": "MIN",
        "items[2].amount": "TYPE",
        "items[2].collaborators[1]": "MIN",
        "items[3]": "TYPE",
        "items[6].amount": "MAX",
    }


def test_a_limit_is_named_in_the_failures_context():
    with pytest.raises(ValidationError) as error:
        Everything.model_validate({"word": "x" * 65, "few": [1, 2, 3], "identifier": 0})

    contexts = {failure.field: failure.context for failure in failures_of(error.value)}

    assert contexts == {"word": {"max": 64}, "few": {"max": 2}, "identifier": {"min": 1}}


def test_unknown_members_of_a_newer_client_are_ignored():
    report = RefundReport.model_validate({"source": "wc", "externalId": 5, "mood": [1]})

    assert (report.source, report.external_id) == ("wc", "5")


MEMBERS = st.sampled_from(["source", "externalId", "total", "trackingId", "items", "amount", "name"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=5),
    max_leaves=10,
)


def types_of(document: Any) -> set[str]:
    """Types of all failures of a sale."""
    try:
        SaleReport.model_validate(document)
    except ValidationError as error:
        return {failure.type for failure in failures_of(error)} or {"nothing is named"}
    return set()


@given(ANYTHING)
def test_any_body_is_accepted_or_refused_in_the_error_format(document: Any):
    assert types_of(document) <= TYPES


@pytest.mark.parametrize(
    ("location", "text"),
    [((), "body"), (("total",), "total"), (("items", 2, "amount"), "items[2].amount"), ((0, "a"), "[0].a")],
)
def test_a_path_reads_like_code(location: tuple[Any, ...], text: str):
    assert path(location) == text
