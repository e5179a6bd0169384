"""The form of an adapter: how a vendor signs its deliveries, and the facts that they tell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tributary.shops.told import Told


@dataclass(frozen=True)
class Delivery:
    """A request as received: `headers` with names in lower case, the raw body, and the Unix time in seconds."""

    headers: Mapping[str, str]
    body: bytes
    received: int


@dataclass(frozen=True)
class Names:
    """Names under which a shop carries our click id and the alias of a partner."""

    clicks: tuple[str, ...] = ("siren_oid",)
    aliases: tuple[str, ...] = ("ref",)


@dataclass(frozen=True)
class Named:
    """Ids in a body for the log, also of one that is ignored or refused; None where it has none."""

    order: str | None = None
    refund: str | None = None


@dataclass(frozen=True)
class Adapter:
    """A vendor: `signed` compares a delivery with any of the secrets in constant time.

    `greeting` is the reason to ignore a delivery that carries no signature, None for all others. `topic` names the
    event for the log, `named` the order and refund of any body. `read` returns at least one fact; Unreadable for a body
    that is not of the vendor's form.
    `signed_late` is true for a right signature of a moment too long ago, `list_id` the form of an order's id.
    `makes_secret` is true where the secret is ours to make, `in_path` where it is a part of the URL."""

    vendor: str
    signed: Callable[[Delivery, Sequence[str]], bool]
    topic: Callable[[Delivery], str]
    read: Callable[[Delivery, Names], tuple[Told, ...]]
    named: Callable[[Delivery], Named]
    greeting: Callable[[Delivery], str | None] = lambda _: None
    signed_late: Callable[[Delivery, Sequence[str]], bool] = lambda _delivery, _secrets: False
    list_id: str = r".+"
    makes_secret: bool = False
    in_path: bool = False


class Unreadable(ValueError):
    """A body that is not of the vendor's form; the message names the member and never its value."""
