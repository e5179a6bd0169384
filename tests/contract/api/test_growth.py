"""The time that a body takes grows no faster than the body: a megabyte must not hold a function to its time-out.

New bodies and members are included automatically.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from openapi.bodies import model
from tributary.api.http import requests
from tributary.api.routes import ROUTES
from tributary.domain.errors import ValidationFailed

#: A body with so many parts, and one of eight times as many: twenty times the seconds are far from eight and from 64.
_FEW, _MANY, _WORST_GROWTH = 1000, 8000, 20
#: Processor seconds too short to be compared.
_SURELY_FAST = 0.1

SHAPES: dict[str, Callable[[int], Any]] = {
    "members": lambda parts: {f"member{part}": part for part in range(parts)},
    "members in two spellings": lambda parts: {f"a_member{part}": None for part in range(parts)},
    "an object in a list": lambda parts: [{f"member{part}": part for part in range(parts)}],
    "objects": lambda parts: [{"name": str(part)} for part in range(parts)],
    "texts": lambda parts: [str(part) for part in range(parts)],
    "digits": lambda parts: "1" * parts,
    "signs": lambda parts: "a@." * parts,
    "blanks": lambda parts: " " * parts + "x",
}
BODIES = sorted({(route.dialect, route.body) for route in ROUTES if route.body})


def seconds(body: type[BaseModel], document: Any) -> float:
    """Processor time of checking a document and listing its failures."""
    begun = time.process_time()
    with contextlib.suppress(ValidationFailed):
        requests.checked(body, document)
    return time.process_time() - begun


def documents(body: type[BaseModel], shape: Callable[[int], Any], parts: int) -> Iterator[Any]:
    """The shape as the body itself and as each of its members."""
    yield shape(parts)
    for name, field in body.model_fields.items():
        yield {field.alias or name: shape(parts)}


def grows_too_fast(body: type[BaseModel], few: Any, many: Any) -> bool:
    if seconds(body, many) < _SURELY_FAST:
        return False
    tries = [(seconds(body, few), seconds(body, many)) for _ in range(3)]
    return min(long for _, long in tries) > _WORST_GROWTH * min(short for short, _ in tries)


@pytest.mark.parametrize(("dialect", "name"), BODIES)
def test_eight_times_the_body_takes_no_more_than_about_eight_times_as_long(dialect: str, name: str) -> None:
    body = model(name, dialect)
    for kind, shape in SHAPES.items():
        pairs = zip(documents(body, shape, _FEW), documents(body, shape, _MANY), strict=True)
        assert not [few for few, many in pairs if grows_too_fast(body, few, many)], kind


@pytest.mark.parametrize(("dialect", "name"), BODIES)
def test_an_object_of_too_many_members_is_refused(dialect: str, name: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        requests.checked(model(name, dialect), {f"member{part}": part for part in range(1001)})

    assert [(it.field, it.type) for it in refusal.value.failures] == [("body", "LENGTH")]
