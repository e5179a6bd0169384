"""Something that happens between two writes of a delivery: another delivery, or the end of the process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.stack.house import House

_READS = ("GetItem", "BatchGetItem", "Query")


class Crash(Exception):
    """The end of a process."""


def crash() -> None:
    raise Crash


@contextmanager
def before_request(
    house: House, number: int, act: Callable[[], object], *, writes_only: bool = False
) -> Iterator[list[str]]:
    """Run `act` once, before that request of DynamoDB, counted from 0; give the names of the requests made so far."""
    made: list[str] = []

    def note(model: Any, **_: Any) -> None:
        if writes_only and model.name in _READS:
            return
        made.append(model.name)
        if len(made) == number + 1:
            act()

    with house._hooked("before-call.dynamodb", note):
        yield made
