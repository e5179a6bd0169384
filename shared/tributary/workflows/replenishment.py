"""Effects of an order update on reminders: each update reconciles them with all updates so far.

A buyer no longer waits for the product. A schedule is deleted before its reminder is replaced, and created after its
reminder is stored, so a retry after a crash completes both; a schedule left over by a race finds its reminder replaced.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from tributary import schedules
from tributary.domain import reminder, times
from tributary.domain.order import PLACED, REFUNDED, OrderUpdate, order_digest
from tributary.domain.product import product_digest
from tributary.domain.reminder import PENDING, SILENT, Place
from tributary.ledger.catalogue import back_in_stock, products, reminders
from tributary.ledger.orders import order_updates
from tributary.ledger.store import table
from tributary.ledger.store.values import Item

_TRIES = 30


@dataclass(frozen=True)
class _Order:
    """A placed order, its end, and the current time."""

    placed: OrderUpdate
    ended: bool
    now: str

    @property
    def digest(self) -> str:
        return order_digest(self.placed.source, self.placed.order_id)

    def reminder(self, place: Place, days: int | None) -> Item:
        """The reminder of this order, in case it is the newest."""
        due = reminder.due_at(self.placed.ordered_at, days)
        placed = self.placed
        pk, sk = reminders.key(placed.organization, placed.customer_id, placed.source, place)
        return {
            "pk": pk,
            "sk": sk,
            "entity": reminders.KIND,
            "organization": placed.organization,
            "customerId": placed.customer_id,
            "source": placed.source,
            "orderId": placed.order_id,
            "orderedAt": placed.ordered_at,
            "changedAt": self.now,
            "orderDigest": self.digest,
            "productId": place.product_id,
            "variantId": place.variant_id,
            "dueAt": due,
            "status": reminder.status(self.placed, due, self.ended, self.now),
        }


def reconcile(organization: str, source: str, order_id: str, status: str, now: str | None = None) -> Counter[str]:
    """Reconcile the reminders of an order after an update with this status; return the count per resulting status.

    An order not placed yet has none; once it is placed, its earlier updates are found."""
    updates = order_updates.of_order(organization, source, order_id)
    placed = next((update for update in updates if update.status == PLACED), None)
    if placed is None:
        return Counter()
    if status == PLACED:
        bought = {product_digest(source, item.product_id) for item in placed.items}
        back_in_stock.stop_waiting(organization, bought, placed.customer_id, placed.ordered_at)
    order = _Order(placed, reminder.has_ended(placed, updates), now or times.now())
    return Counter() if status == REFUNDED and not order.ended else _settle_all(order)


def release(organization: str, customer_id: int, sk: str, order: str) -> reminders.Released:
    """Release a reminder on its day."""
    return reminders.release(organization, customer_id, sk, order, times.now())


def _settle_all(order: _Order) -> Counter[str]:
    placed = order.placed
    names = sorted({item.product_id for item in placed.items})
    catalogue = products.get_many(placed.organization, placed.source, names)
    days = reminder.places(placed.items, catalogue)
    again = {name for name, product in catalogue.items() if product["replenishment"]}
    wanted = [(order.reminder(place, after), _is_taken(place, after, again)) for place, after in days.items()]
    held = table.batch_get((item["pk"], item["sk"]) for item, _ in wanted)
    return Counter(
        _settle(order, item, held.get((item["pk"], item["sk"])))
        for item, taken in wanted
        if taken or (item["pk"], item["sk"]) in held
    )


def _is_taken(place: Place, days: int | None, again: Collection[str]) -> bool:
    """True if an order takes an empty place. `again` are the products with a reminder setting.

    Besides places with a reminder, that is the whole product of variants with one: an older order without a variant may
    be reported later."""
    return days is not None or (place.variant_id is None and place.product_id in again)


def _settle(order: _Order, item: Item, held: Item | None) -> str:
    for _ in range(_TRIES):
        try:
            return _try(order, item, held)
        except table.ConditionFailed:
            held = table.get(item["pk"], item["sk"])
    raise TimeoutError(f"gave up after {_TRIES} conflicting writes to the reminder")


def _try(order: _Order, item: Item, held: Item | None) -> str:
    """Reconcile one reminder with the order. ConditionFailed if it has changed since read."""
    if held is None or _rank(held) < _rank(item):
        if held is not None and held["status"] == PENDING:
            schedules.delete(reminders.schedule_name(held))
        reminders.take(item, held)
        held = item
    elif _rank(held) > _rank(item):
        return "superseded"
    elif order.ended and held["status"] == PENDING:
        schedules.delete(reminders.schedule_name(held))
        reminders.cancel(held, order.now)
        return SILENT
    return _awaited(order, held) if held["status"] == PENDING else str(held["status"])


def _awaited(order: _Order, held: Item) -> str:
    """Create the schedule of a pending reminder, or release a reminder whose day has already come."""
    whose = held["organization"], held["customerId"], held["sk"], held["orderDigest"]
    if held["dueAt"] <= order.now:
        return reminders.release(*whose, order.now)
    data = {"customerId": held["customerId"], "reminder": held["sk"], "order": held["orderDigest"]}
    schedules.create(reminders.schedule_name(held), held["dueAt"], held["organization"], data)
    return PENDING


def _rank(item: Item) -> tuple[str, str]:
    return reminder.rank(item["orderedAt"], item["orderDigest"])
