"""Cheaper transactions, answers and items for moto.

Before each action of a transaction moto copies the whole table, with all changes it ever had. A copy of the touched
items is enough to undo one that fails. For each value in a request or an answer it tries all ten types, though both are
already in the form of the wire. It measures an item again for each attribute and copies a value again at each level. It
lists its own methods at each request, and at each start it registers a thousand URLs for clients other than botocore's.
It parses an update anew each time, walks through it ten times, and at each of its nodes counts all clauses below.
"""

import base64
import contextlib
import copy
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from unittest import mock

from botocore.signers import RequestSigner
from moto.core import models as core
from moto.core import responses
from moto.core.parse import BaseJSONParser
from moto.core.serialize import ResponseSerializer
from moto.dynamodb import models
from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.models.utilities import bytesize
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Node
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.parsing.validators import ActionCountValidator

#: A quarter of DynamoDB's limit for an item, in bytes. moto itself measures an item that may be larger.
_SMALL = 100_000
_measured = LimitedSizeDict.__setitem__
_transact = models.DynamoDBBackend.transact_write_items
_write = ResponseSerializer._serialize_type_structure
_read = BaseJSONParser._parse_structure
_cast = DynamoType.cast_value.fget
_sign = RequestSigner.handler
_count = ActionCountValidator.verify_action_counts
#: DynamoDB's shape of a typed value.
_TYPED = "AttributeValue"


@contextlib.contextmanager
def swift_moto() -> Iterator[None]:
    """Make moto's transactions independent of the size of the table, and its answers and items cheaper."""
    with (
        mock.patch.object(models.DynamoDBBackend, "transact_write_items", _with_an_undo),
        mock.patch.object(ResponseSerializer, "_serialize_type_structure", _serialized),
        mock.patch.object(BaseJSONParser, "_parse_structure", _parsed),
        mock.patch.object(responses, "method_names_from_class", _methods),
        mock.patch.object(core, "RESPONSES_METHODS", ()),
        mock.patch.object(LimitedSizeDict, "__setitem__", _set),
        mock.patch.object(RequestSigner, "handler", _signed),
        mock.patch.object(UpdateExpressionParser, "make", _updating),
        mock.patch.object(DepthFirstTraverser, "traverse_node_recursively", _walked),
        mock.patch.object(ActionCountValidator, "verify_action_counts", _counted_once),
        mock.patch.object(DynamoType, "size", size),
        mock.patch.object(DynamoType, "to_regular_json", shown),
        mock.patch.object(DynamoType, "cast_value", property(_comparable)),
        mock.patch.object(DynamoType, "__deepcopy__", lambda value, _: copied(value)),
    ):
        yield


_methods = functools.cache(responses.method_names_from_class)


def _signed(signer: Any, **request: Any) -> Any:
    """Signed as before, but to tables: moto reads no signature there."""
    return None if signer._signing_name == "dynamodb" else _sign(signer, **request)


#: The nodes of an update, which moto copies before it changes them.
_updating = functools.cache(UpdateExpressionParser.make)


def _walked(walker: Any, node: Any, place: int = -1) -> Any:
    """The same walk, which asks once per class of nodes."""
    if not _is_a(type(node), (Node,)):
        return node
    above = node.parent
    for below, child in enumerate(node.children or ()):
        walker.pre_processing_of_child(node, below)
        _walked(walker, child, below)
    if _is_a(type(node), walker.nodes_to_be_processed()):
        node = walker.process(node)
        node.parent = above
        if above:
            above.children[place] = node
    return node


@functools.cache
def _is_a(kind: type, any_of: tuple[type, ...]) -> bool:
    return issubclass(kind, any_of)


def _counted_once(validator: Any, node: Any) -> Any:
    """The root counts the clauses of all nodes."""
    return node if node.parent else _count(validator, node)


def _serialized(writer: Any, written: Any, value: Any, shape: Any, key: str) -> None:
    if shape.name == _TYPED and is_plain(value):
        writer._default_serialize(written, value, shape, key)
    else:
        _write(writer, written, value, shape, key)


def _parsed(reader: Any, shape: Any, value: Any) -> Any:
    return value if shape.name == _TYPED and is_plain(value) else _read(reader, shape, value)


def is_plain(value: Any) -> bool:
    """True for a typed value without bytes, which alone have another form on the wire."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    ((type_, content),) = value.items()
    if type_ == "M":
        return all(map(is_plain, content.values()))
    if type_ == "L":
        return all(map(is_plain, content))
    return type_ not in ("B", "BS") and content is not None


def _comparable(value: DynamoType) -> Any:
    return value.value if value.type == "S" else _cast(value)


def _set(item: LimitedSizeDict, key: str, value: Any) -> None:
    """Add up the sizes of all values ever set; an item below the sum needs no measure."""
    known = vars(item).get("most", _SMALL if item else 0)
    item.most = most = known + bytesize(key) + (size(value) if type(value) is DynamoType else bytesize(str(value)))
    if most < _SMALL:
        dict.__setitem__(item, key, value)
    else:
        _measured(item, key, value)


def size(value: DynamoType) -> int:
    content = value.value
    if value.type == "M":
        return sum(bytesize(name) + size(it) for name, it in content.items())
    if value.type == "L":
        return sum(map(size, content))
    if value.type == "N":
        return len(str(content))
    if value.type in ("SS", "NS", "BS"):
        return sum(size(DynamoType({value.type[0]: it})) for it in content)
    return 1 if isinstance(content, bool) else bytesize(content)


def shown(value: DynamoType) -> dict[str, Any]:
    content = value.value
    if isinstance(content, dict):
        content = {name: shown(it) if isinstance(it, DynamoType) else copy.deepcopy(it) for name, it in content.items()}
    elif isinstance(content, list):
        content = [shown(it) if isinstance(it, DynamoType) else copy.deepcopy(it) for it in content]
    if value.type == "B" and isinstance(content, str):
        content = base64.b64decode(content)
    return {value.type: content}


def copied(value: DynamoType) -> DynamoType:
    made, content = DynamoType.__new__(DynamoType), value.value
    if value.type == "M":
        content = {name: copied(it) for name, it in content.items()}
    elif value.type == "L":
        content = [copied(it) for it in content]
    elif value.type in ("SS", "NS", "BS"):
        content = list(content)
    made.type, made.value = value.type, content
    return made


def _with_an_undo(backend: Any, actions: Sequence[Mapping[str, Any]]) -> None:
    tables = {table.name: table for it in actions for table in [backend.get_table(_parameters(it)["TableName"])]}
    undo = [_undo(backend, tables, it) for it in actions]
    shards = [it.stream_shard for it in tables.values() if it.stream_shard is not None]
    lengths = [len(it.items) for it in shards]
    try:
        with mock.patch.object(models, "copy", _WithoutTables):
            _transact(backend, actions)
    except Exception:
        for put_back in reversed(undo):
            put_back()
        for shard, length in zip(shards, lengths, strict=True):
            del shard.items[length:]
        raise


class _WithoutTables:
    """Replaces the module `copy` during one transaction."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value if isinstance(value, Table) else copy.deepcopy(value)


def _undo(backend: Any, tables: Mapping[str, Table], action: Mapping[str, Any]) -> Callable[[], None]:
    """A function that puts back what an action touches."""
    parameters = _parameters(action)
    table, named = tables[parameters["TableName"]], parameters.get("Key") or parameters["Item"]
    found = backend.get_item(table.name, {name: named[name] for name in ("pk", "sk")})
    pk, sk = (DynamoType(named[name]) for name in ("pk", "sk"))
    kept = copy.deepcopy(found)

    def put_back() -> None:
        if kept is None:
            table.items[pk].pop(sk, None)
        else:
            table.items[pk][sk] = kept

    return put_back


def _parameters(action: Mapping[str, Any]) -> Mapping[str, Any]:
    ((_, parameters),) = action.items()
    return dict(parameters)
