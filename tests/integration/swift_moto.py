"""moto copies the whole table once per action of a transaction, to have it back if one fails. Once is enough."""

import contextlib
import copy
from collections.abc import Iterator, Sequence
from typing import Any
from unittest import mock

from moto.dynamodb import models
from moto.dynamodb.models.table import Table


class _CopyingOnce:
    """The module `copy`, but a table is copied once until the copies are forgotten."""

    copy = staticmethod(copy.copy)

    def __init__(self) -> None:
        self.kept: dict[int, Table] = {}

    def deepcopy(self, value: Any, memo: Any = None) -> Any:
        if not isinstance(value, Table):
            return copy.deepcopy(value, memo)
        if id(value) not in self.kept:
            self.kept[id(value)] = copy.deepcopy(value)
        return self.kept[id(value)]


@contextlib.contextmanager
def tables_copied_once() -> Iterator[None]:
    """Meanwhile a transaction takes moto as long as its actions, and not as their product with the table."""
    copying, transact = _CopyingOnce(), models.DynamoDBBackend.transact_write_items

    def with_new_copies(backend: Any, actions: Sequence[Any]) -> None:
        copying.kept.clear()
        transact(backend, actions)

    with (
        mock.patch.object(models, "copy", copying),
        mock.patch.object(models.DynamoDBBackend, "transact_write_items", with_new_copies),
    ):
        yield
