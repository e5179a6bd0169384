"""A stack whose functions run with their own roles."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from local.stack import Stack
from local.template import Template
from tests.stack.journey import Journey


@contextmanager
def journey_with_roles(alter: Callable[[Template], None] | None = None) -> Iterator[Journey]:
    with Stack.start(auth=True, alter=alter, workers=1) as stack:
        journey = Journey(stack)
        try:
            yield journey
        finally:
            journey.close()
