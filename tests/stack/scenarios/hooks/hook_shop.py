"""Shops connected to the demo organization, their signed webhooks, and the ledger that follows from them."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from unittest import mock

from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.dynamodb.models import dynamodb_backends

from local import deliveries
from local.seed import ORGANIZATION
from tests.stack.exchange import Answer, Item
from tests.stack.house import House
from tests.stack.moto_stack import DELIVERIES
from tests.template import ROOT
from tributary.ledger.connections import connections
from tributary.ledger.opportunities import visits
from tributary.ledger.store.values import decode_item

SAMPLES = ROOT / "events/hooks"
SECRET, ANOTHER = "secret-of-the-shop-1", "secret-of-the-shop-2"
#: Click ids of the samples, and a moment before all of their orders.
CLICKS = (70419, 70420, 27182818)
VISITED = "2026-09-20T12:00:00.000Z"


@dataclass(frozen=True)
class HookShop:
    """A connected shop. `path` is that of its URL, and `secret` None for a shop that signs nothing."""

    house: House
    vendor: str
    id: int
    path: str
    secret: str | None

    def send(self, sent: str | bytes, **changed: Any) -> Answer:
        """A delivery of a sample by its name, or of a body; `secret`, `headers`, `path`, `sample` and `now` replace
        those of the shop."""
        sample = changed.get("sample") or (sent if isinstance(sent, str) else "")
        body = sent if isinstance(sent, bytes) else self.body(sent)
        secret = changed.get("secret") or self.secret or ""
        headers = deliveries.headers(self.vendor, body, secret, sample, changed.get("now")) | changed.get("headers", {})
        sent_headers = {name: value for name, value in headers.items() if value is not None}
        path = changed.get("path") or self.path
        return self.house.call("POST", path, body, key=None, base="", headers=sent_headers)

    def tells(self, *samples: str | bytes, **changed: Any) -> list[str]:
        """Deliveries that are answered 200 without a body, and all that follows; the outcome of each."""
        outcomes = []
        for sample in samples:
            noted = {it["sk"] for it in log_items()}
            answer = self.send(sample, **changed)
            assert (answer.status, answer.text) == (200, ""), (sample, answer.text)
            outcomes += [it["listed"]["outcome"] for it in log_items() if it["sk"] not in noted]
        self.house.deliver()
        return outcomes

    def body(self, sample: str) -> bytes:
        (path,) = [it for it in (SAMPLES / self.vendor).iterdir() if it.stem == sample]
        return path.read_bytes()

    def changed(self, sample: str, **members: Any) -> bytes:
        """A sample with other members; one is named by its path, joined by two underscores."""
        document = json.loads(self.body(sample))
        for path, value in members.items():
            *way, last = [int(part) if part.isdigit() else part for part in path.split("__")]
            inner = document
            for part in way:
                inner = inner[part]
            inner[last] = value
        return json.dumps(document).encode()

    def log(self, **query: Any) -> list[Item]:
        """The latest deliveries of the connection, the newest first."""
        answer = self.house.get(f"/connections/{self.id}/deliveries", **query)
        assert answer.status == 200, answer.text
        return list(answer.json)

    def change(self, **members: Any) -> Answer:
        return self.house.call("PATCH", f"/connections/{self.id}", members)

    def rotated(self) -> "HookShop":
        """The shop with the next secret that we make."""
        made = self.house.post(f"/connections/{self.id}/rotate").json
        return replace(self, path=path_of(made["url"]), secret=None if self.vendor == "gumroad" else made["secret"])


def connect(house: House, vendor: str, **members: Any) -> HookShop:
    """Connect a shop by API; its sales have the vendor's name as their source."""
    secret = None if vendor == "gumroad" else SECRET
    body = {"vendor": vendor, "source": vendor, **({"secret": secret} if secret else {}), **members}
    answer = house.post("/connections", body)
    assert answer.status == 201, answer.text
    house.deliver()
    return HookShop(house, vendor, answer.json["id"], path_of(answer.json["url"]), body.get("secret"))


def granted(house: House, event_source: str, organization: str = ORGANIZATION) -> None:
    """The operator's word that a partner event source is an organization's."""
    with house._environment("manage_connections"):
        connections.grant(organization, event_source)


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def samples(vendor: str) -> list[str]:
    """Names of the vendor's samples."""
    return sorted(path.stem for path in (SAMPLES / vendor).iterdir())


# partners


def clicked(house: House, when: str = VISITED) -> int:
    """The visits that the samples name as the clicks of their orders; return the partner of all."""
    with house._environment("report_visit"):
        for click in CLICKS:
            visits.record(ORGANIZATION, visits.Visit(house.collaborator_id, occurred_at=when), new_id=click)
    return house.collaborator_id


def pays(house: House, currency: str) -> None:
    """The program's currency, and that it pays for visits and for coupons."""
    triggers = {"siteVisited": {"value": "100"}, "couponUsed": {"value": "100"}}
    assert house.put(f"/programs/{house.program_id}", {"engagementTypes": triggers, "units": currency}).status == 200


def partner(house: House, kind: str, code: str, currency: str = "USD") -> int:
    """A partner with this code, in a program that pays 10 % in the currency."""
    pays(house, currency)
    return house.new_collaborator(house.program_id, aliases=[{"type": kind, "code": code}])


def earned(house: House) -> dict[int, int]:
    """Amounts owed, by partner."""
    owed: dict[int, int] = {}
    for listed in (it["listed"] for it in house.ledger("obligation")):
        if listed["status"] in ("draft", "pending", "complete"):
            owed[listed["collaboratorId"]] = owed.get(listed["collaboratorId"], 0) + listed["value"]
    return owed


# the ledger


class Facts(NamedTuple):
    """An order in the ledger, in minor units."""

    currency: str
    total: int
    refunded: int


def ledger(house: House) -> dict[str, Facts]:
    """The orders by their id at the vendor."""
    return {
        it["listed"]["sourceId"]: Facts(it["listed"]["currency"], it["refundable"], it.get("refunded", 0))
        for it in house.ledger("transaction")
    }


def lines(house: House, order: str) -> dict[str, int]:
    """Values of an order's lines as they are now, by the vendor's id of each, or by its type."""
    (found,) = [it["listed"]["id"] for it in house.ledger("transaction") if it["listed"]["sourceId"] == order]
    worth: dict[str, int] = {}
    for line in house.get(f"/transactions/{found}", include="extended").json["details"]:
        name = line["attributes"].get("externalId", line["type"])
        worth[name] = worth.get(name, 0) + line["value"] * line["quantity"]
    return worth


def log_items() -> list[Item]:
    """Every item of the table of deliveries."""
    table = dynamodb_backends[ACCOUNT]["us-east-1"].get_table(DELIVERIES)
    return [decode_item(it.to_json()["Attributes"]) for it in table.all_items()]


def refunds(house: House) -> dict[str, tuple[str, Any]]:
    """Status and amount of each refund, by its id at the vendor."""
    found = house.get("/refunds", number=100).json
    return {it["refundId"]: (it["status"], it["amount"]) for it in found if it["refundId"] != "R-1001"}


@contextmanager
def at(moment: str) -> Iterator[None]:
    """A moment by the ledger's clock."""
    with mock.patch("tributary.domain.times.now", return_value=moment):
        yield


def each_twice(names: Iterable[str]) -> list[str]:
    return [name for name in names for _ in "12"]
