"""Ways of a report: the call of its dialect, a row of the batch, an event on the bus. What is heard compares."""

from dataclasses import dataclass
from typing import NamedTuple

from tests.stack.exchange import ACCOUNT, Item
from tests.stack.house import House
from tributary.api.http.dialect import BASES

HTTP, BATCH, BUS = "HTTP", "batch", "bus"
_SENDER = "other.shop"


class Heard(NamedTuple):
    """The status, that of the row or, on the bus, 0 for a dead letter; the text and the headers of the answer."""

    status: int
    text: str
    headers: Item

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True)
class Report:
    """A kind of report: its dialect and path, whether batches take it, and its detail-type on the bus, if any."""

    dialect: str
    path: str
    in_batches: bool = False
    detail_type: str = ""

    @property
    def ways(self) -> list[str]:
        return [HTTP, *([BATCH] if self.in_batches else []), *([BUS] if self.detail_type else [])]


SALE = Report("siren", "/event/sale", True, "SaleTriggered")
SALE_CHANGED = Report("siren", "/event/sale-changed", False, "SaleChanged")
REFUND = Report("siren", "/event/refund", False, "RefundTriggered")
WITHDRAWN = Report("siren", "/event/refund-withdrawn", False, "RefundWithdrawn")
ORDER = Report("sequenzy", "/orders", True)
PURCHASE = Report("noticia", "/sales-events", True)
AFFILIATE_SALE = Report("growi", "/affiliate_sales")


def send(house: House, report: Report, way: str, body: Item) -> Heard:
    """Send one report and deliver all that follows."""
    heard = _on_the_bus(house, report, body) if way == BUS else _over_http(house, report, body, way == BATCH)
    house.deliver()
    return heard


def _over_http(house: House, report: Report, body: Item, in_a_batch: bool) -> Heard:
    base = BASES[report.dialect]
    if not in_a_batch:
        answer = house.post(report.path, body, base=base)
        return Heard(answer.status, answer.text, {**answer.headers})
    answer = house.post(f"{report.path}/batch", [body], base=base)
    assert answer.status in (200, 202), answer.text
    (row,) = answer.json["results"]
    return Heard(row["status"], str(row["body"]), row.get("headers", {}))


def _on_the_bus(house: House, report: Report, body: Item) -> Heard:
    assert house.post("/event-sources", {"source": _SENDER, "account": ACCOUNT}).status in (200, 201)
    before = len(house.dead_letters("receive_event"))
    house.event(report.detail_type, {"organization": "demo", **body}, _SENDER)
    house.deliver()
    refused = house.dead_letters("receive_event")[before:]
    return Heard(0, refused[0][1], {}) if refused else Heard(200, "", {})
