"""Resources used by one sale in each dialect, counted in one process: DynamoDB units, events, messages, log bytes."""

import contextlib
import json
import logging
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from local.seed import ORGANIZATION
from tests.stack.dialects import DIALECTS
from tests.stack.dialects.spoken import ORDERS_OF_A_BUYER, Order, Origin
from tests.stack.house import BASE, House, in_process
from tests.stack.wiring import route_of
from tributary.ledger.store import table
from tributary.ledger.store.values import decode_item, size


@dataclass
class Counted:
    """Resources used by a sale, its award and its obligation, from the request to rest. `function` handles the
    request."""

    function: str
    writes: Counter[str] = field(default_factory=Counter)
    reads: float = 0
    events: Counter[str] = field(default_factory=Counter)
    event_bytes: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    log_bytes: int = 0
    changes: int = 0

    @property
    def write_units(self) -> int:
        return sum(self.writes.values())

    def of_index(self, name: str) -> int:
        """Write to an index."""
        return sum(units for what, units in self.writes.items() if what.startswith(f"index {name}:"))

    @property
    def table_units(self) -> int:
        return self.write_units - sum(map(self.of_index, ("lists", "parents", "labels", "owed")))


def count(dialect: str = "siren") -> Counted:
    """Plays one sale. The process has cached the key and the programs, as is usual; the buyer is new."""
    sell = _sale if dialect == "siren" else partial(_told, dialect)
    with in_process() as house:
        counted = Counted(sell(house, 0, house.new_visit()))
        tracking_id = house.new_visit()
        house.deliver()
        house.handled.clear()
        with _requests(house, counted), _logs(counted):
            sell(house, 1, tracking_id)
        counted.messages.update(message.function for message in house.handled)
        counted.event_bytes = max(len(message.body) for message in house.handled)
    return counted


def _sale(house: House, number: int, tracking_id: int) -> str:
    """Report a sale of two items and deliver its consequences; return the function of the request."""
    items = [
        {"externalId": f"SKU-{n}", "name": "A product with a name", "amount": 24.995, "sku": f"S{n}"} for n in (1, 2)
    ]
    assert house.sale(f"ORD-{number}", tracking_id, items=items).status == 200
    house.deliver()
    return route_of("POST", f"{BASE}/event/sale")[1]


def _told(name: str, house: House, number: int, tracking_id: int) -> str:
    """Make the sale's call as the storms do, and deliver its consequences; return the function of the request."""
    origin = Origin(ORGANIZATION, tracking_id, house.collaborator_id, house.program_id)
    order = Order(name, DIALECTS[name].source, number * ORDERS_OF_A_BUYER, 4999, origin)
    sale = DIALECTS[name].calls(order)[0]
    for call in (*(DIALECTS[name].opening if number == 0 else ()), sale):
        assert house.call(call.method, call.path, call.body, key=call.key, base=call.base).status in call.taken
    house.deliver()
    return route_of(sale.method, sale.base + sale.path)[1]


@contextlib.contextmanager
def _requests(house: House, counted: Counted) -> Iterator[None]:
    """Add up DynamoDB's units.

    A strongly consistent read is one per 4 KB, a write one per 1 KB, in a transaction two; each index that a write
    touches is one more."""
    asked: list[tuple[str, Any]] = []

    def before(model: Any, params: Any, **_: Any) -> None:
        asked.append((model.name, json.loads(params["body"])))

    def after(parsed: Any, model: Any, **_: Any) -> None:
        items = [parsed["Item"]] if "Item" in parsed else list(parsed.get("Items", ()))
        items += (
            [item for found in parsed.get("Responses", {}).values() for item in found] if "Batch" in model.name else []
        )
        sizes = [size(decode_item(item)) for item in items] or [0]
        if model.name == "Query":
            counted.reads += math.ceil(max(sum(sizes), 1) / 4096)
        elif model.name in ("GetItem", "BatchGetItem"):
            counted.reads += sum(math.ceil(max(one, 1) / 4096) for one in sizes)

    with house._environment("report_sale"):
        hooks = table.client().meta.events
    hooks.register("before-call.dynamodb", before)
    hooks.register("after-call.dynamodb", after)
    try:
        yield
    finally:
        hooks.unregister("before-call.dynamodb", before)
        hooks.unregister("after-call.dynamodb", after)
    items = {(item["pk"], item["sk"]): item for item in house.ledger()}
    for name, params in asked:
        for what, units in _written(name, params, items):
            counted.writes[what] += units
            counted.changes += 1 if what != "check" and not what.startswith("index") else 0


def _written(name: str, params: Any, items: Any) -> Iterator[tuple[str, int]]:
    if name in ("PutItem", "UpdateItem"):
        yield from _units(params.get("Key") or params["Item"], items, 1)
    elif name == "TransactWriteItems":
        for action in params["TransactItems"]:
            ((kind, inner),) = action.items()
            if kind == "ConditionCheck":
                yield "check", 2
            else:
                yield from _units(inner.get("Key") or inner["Item"], items, 2)


def _units(key: Any, items: Any, times: int) -> Iterator[tuple[str, int]]:
    item = items[key["pk"]["S"], key["sk"]["S"]]
    yield item["entity"], times * math.ceil(size(item) / 1024)
    if "listPk" in item:
        shown = {name: item[name] for name in ("pk", "sk", "listPk", "listSk", "listed")}
        yield f"index lists: {item['entity']}", math.ceil(size(shown) / 1024)
    if "parent" in item:
        child = {name: item[name] for name in ("pk", "sk", "parent", "listSk", "listed")}
        yield f"index parents: {item['entity']}", math.ceil(size(child) / 1024)
    if "owedPk" in item:
        waiting = {name: item[name] for name in ("pk", "sk", "owedPk", "owedSk", "listed", "version")}
        yield f"index owed: {item['entity']}", math.ceil(size(waiting) / 1024)
    if "label" in item and item["version"] == 1:
        yield f"index labels: {item['entity']}", 1


@contextlib.contextmanager
def _logs(counted: Counted) -> Iterator[None]:
    """Bytes of our own log lines, and the relay's announced counts."""
    from tributary.telemetry import logger

    class Counting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            counted.log_bytes += len(logger.registered_formatter.format(record)) + 1
            counted.events.update(getattr(record, "announced", {}))

    handler = Counting()
    logger._logger.addHandler(handler)
    try:
        yield
    finally:
        logger._logger.removeHandler(handler)
