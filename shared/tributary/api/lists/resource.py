"""What a resource shows: its fields, its filters, its order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tributary.ledger.store.values import Item

Listed = Mapping[str, Any]


@dataclass(frozen=True)
class Resource:
    """`core` fields are shown unless others are asked for; `extended` ones only on request. `from_item` makes the
    extended fields that lists do not hold from the whole record. `order_by` are fields to sort by, beside creation.
    Filters that lead straight to the records, or to a parent's list, are `keyed` and `parents`; the others look at
    record by record."""

    kind: str
    core: tuple[str, ...]
    extended: tuple[str, ...] = ()
    filters: Mapping[str, Callable[[Listed, str], bool]] = field(default_factory=dict)
    order: str = "DESC"
    default_size: int = 10
    from_item: Mapping[str, Callable[[Item], Any]] = field(default_factory=dict)
    order_by: tuple[str, ...] = ()
    keyed: tuple["Keyed", ...] = ()
    parents: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return self.core + self.extended


@dataclass(frozen=True)
class Keyed:
    """Filters that together name the records: `find` gets them for an organization and the filters' values."""

    names: tuple[str, ...]
    find: Callable[..., Sequence[Item]]


def equals(name: str) -> Callable[[Listed, str], bool]:
    """A filter on a field's text. An unknown value is nobody's, so it finds nothing; no text names what is null."""
    return lambda listed, wanted: listed.get(name) is not None and str(listed[name]) == wanted


def equals_in_any_case(name: str) -> Callable[[Listed, str], bool]:
    """A filter on a field's text that is one whatever its case, as an e-mail is."""
    return lambda listed, wanted: listed.get(name) is not None and str(listed[name]).casefold() == wanted.casefold()


def found_by_key(listed: Listed, wanted: str) -> bool:
    """A filter that names the records, so that none it led to is left to be looked at."""
    return True


def status(listed: Listed, wanted: str) -> bool:
    """The status filter; clients say `fulfilled` for `complete`."""
    return bool(listed["status"] == ("complete" if wanted == "fulfilled" else wanted))


def contains(*names: str) -> Callable[[Listed, str], bool]:
    """A search for text in any of the fields, whatever its case."""
    return lambda listed, wanted: any(wanted.casefold() in str(listed.get(name) or "").casefold() for name in names)
