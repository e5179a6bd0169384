"""A stack whose functions act with their own roles."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from local.stack import Stack
from local.template import Template
from tests.e2e.journey import Way


@contextmanager
def way_with_roles(alter: Callable[[Template], None] | None = None) -> Iterator[Way]:
    with Stack.start(auth=True, alter=alter, workers=1) as stack:
        way = Way(stack)
        try:
            yield way
        finally:
            way.close()
