"""A resource's fields, filters and order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tributary.ledger.store.values import Item

Listed = Mapping[str, Any]


@dataclass(frozen=True)
class Resource:
    """`core` fields are shown by default, `extended` ones on request. `from_item` derives extended fields that lists
    lack from the whole record, `from_listed` those that depend on the moment. `order_by` are fields to sort by, as
    well as creation. `keyed` filters lead straight to records, `parents` to a parent's list; all others are tested
    record by record. `hides_deleted` leaves deleted records out of lists without a status filter."""

    kind: str
    core: tuple[str, ...]
    extended: tuple[str, ...] = ()
    filters: Mapping[str, Callable[[Listed, str], bool]] = field(default_factory=dict)
    order: str = "DESC"
    default_size: int = 10
    from_item: Mapping[str, Callable[[Item], Any]] = field(default_factory=dict)
    from_listed: Mapping[str, Callable[[Listed], Any]] = field(default_factory=dict)
    order_by: tuple[str, ...] = ()
    keyed: tuple["Keyed", ...] = ()
    parents: tuple[str, ...] = ()
    hides_deleted: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        return self.core + self.extended


@dataclass(frozen=True)
class Keyed:
    """Filters that together name the records; `find` gets these by an organization and the filters' values."""

    names: tuple[str, ...]
    find: Callable[..., Sequence[Item]]


def equals(name: str) -> Callable[[Listed, str], bool]:
    """A filter on a field's text. Unknown values find nothing; no text matches null."""
    return lambda listed, wanted: listed.get(name) is not None and str(listed[name]) == wanted


def equals_in_any_case(name: str) -> Callable[[Listed, str], bool]:
    """A filter on a field's text, ignoring case, as for e-mails."""
    return lambda listed, wanted: listed.get(name) is not None and str(listed[name]).casefold() == wanted.casefold()


def found_by_key(listed: Listed, wanted: str) -> bool:
    """A filter that names the records, so there is nothing left to test."""
    return True


def status(listed: Listed, wanted: str) -> bool:
    """The status filter; clients say `fulfilled` for `complete`."""
    return bool(listed["status"] == ("complete" if wanted == "fulfilled" else wanted))


def contains(*names: str) -> Callable[[Listed, str], bool]:
    """A search for text in any of the fields, ignoring case."""
    return lambda listed, wanted: any(wanted.casefold() in str(listed.get(name) or "").casefold() for name in names)
