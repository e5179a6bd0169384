"""The size limits of reports that become both an item and an event."""

from tributary import aws
from tributary.domain.errors import TooLarge
from tributary.domain.events import events_of
from tributary.ledger.store.values import Item, size

#: A placed order becomes a sale with up to two lines per item, and that sale must fit one item of the table.
_MAX_BYTES = 180_000


def require_fits(item: Item, noun: str) -> None:
    """TooLarge if the item, what follows from it or its event could not be written."""
    announced = max(aws.bytes_of(aws.message_text(event.detail)) for event in events_of(None, item))
    if size(item) > _MAX_BYTES or announced > aws.MAX_MESSAGE_BYTES:
        raise TooLarge(f"The {noun} does not fit one record of the ledger.", {"limit": f"{_MAX_BYTES} bytes"})
