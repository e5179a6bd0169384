"""Codes in any case, history that is imported, and the refusals that clients of real shops meet."""

import pytest

from tests.stack.exchange import Item
from tests.stack.house import House
from tests.stack.scenarios import affiliate_shop
from tests.stack.scenarios.shops import GROWI, NOTICIA, SEQUENZY, SHOPS, SIREN, SOLD, Shop, Thing, ids
from tests.stack.scenarios.ways import BATCH, BUS, HTTP, REFUND, SALE, WITHDRAWN, Report, send
from tributary.api.http.dialect import BASES

LAMP = Thing("A", 8000)
VISITED, BOUGHT = "2025-03-01T09:00:00Z", "2025-03-10T09:00:00Z"


def anna(house: House) -> int:
    aliases = [{"type": "tracking", "code": "Anna-1"}, {"type": "coupon", "code": "Anna10"}]
    return house.new_collaborator(house.program_id, aliases=aliases)


def earners(house: House) -> list[int]:
    return [it["listed"]["collaboratorId"] for it in house.ledger("obligation")]


def test_every_dialect_has_a_shop() -> None:
    assert [shop.name for shop in SHOPS] == list(BASES)


# codes in any case


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/event/site-visited", {"collaboratorId": "tracking:anna-1"}),
        ("/event/site-visited", {"collaboratorId": "tracking:ANNA-1"}),
        ("/event/coupon-applied", {"code": "aNNa10"}),
        ("/event/coupon-applied", {"code": " ANNA10 "}),
    ],
)
def test_a_visit_or_coupon_in_another_case_leads_to_its_partner(house: House, path: str, body: Item) -> None:
    partner = anna(house)
    triggers = {"siteVisited": {"value": "100"}, "couponUsed": {"value": "100"}}
    assert house.put(f"/programs/{house.program_id}", {"engagementTypes": triggers}).status == 200
    visitor = int(house.post(path, body, key="events").headers["X-Siren-OID"])

    SIREN.sells(house, 8800, LAMP, trackingId=visitor)

    assert earners(house) == [partner]


@pytest.mark.parametrize("tag", ["anna-1", "ANNA-1", " Anna-1 "])
def test_an_affiliates_tag_in_another_case_leads_to_its_partner(house: House, tag: str) -> None:
    partner = anna(house)

    GROWI.sells(house, 8800, LAMP, campaign_affiliate_id=tag)

    assert earners(house) == [partner]


@pytest.mark.parametrize("way", [HTTP, BATCH])
def test_a_messages_campaign_in_another_case_leads_to_its_partner(house: House, way: str) -> None:
    """The message names `tracking:dEmO`, whose code is DEMO."""
    NOTICIA.sells(house, 8800, LAMP, way=way)

    assert earners(house) == [house.collaborator_id]


@pytest.mark.parametrize("kind", ["tracking", "coupon"])
def test_codes_that_differ_in_case_only_belong_to_one_partner(house: House, kind: str) -> None:
    house.new_collaborator(house.program_id, aliases=[{"type": kind, "code": "ANN1"}])

    answer = house.post("/collaborators", {"fullName": "Bob", "aliases": [{"type": kind, "code": "ann1"}]})

    assert answer.status == 409


# history


@pytest.mark.parametrize("path", ["/event/site-visited", "/event/coupon-applied"])
@pytest.mark.parametrize("way", SALE.ways)
def test_an_imported_visit_pays_for_an_imported_sale(house: House, path: str, way: str) -> None:
    triggers = {"siteVisited": {"value": "100"}, "couponUsed": {"value": "100"}}
    assert house.put(f"/programs/{house.program_id}", {"engagementTypes": triggers}).status == 200
    named = {"code": "DANA10"} if path.endswith("applied") else {"collaboratorId": house.collaborator_id}
    visitor = int(house.post(path, named | {"occurredAt": VISITED}, key="events").headers["X-Siren-OID"])

    SIREN.sells(house, 8800, LAMP, way=way, trackingId=visitor, occurredAt=BOUGHT)

    assert house.owed() == [("pending", 800)]


@pytest.mark.parametrize("way", [HTTP, BATCH])
def test_an_imported_visit_pays_for_an_imported_order(house: House, way: str) -> None:
    visitor = int(house.visit(occurredAt=VISITED).headers["X-Siren-OID"])

    SEQUENZY.sells(house, 8800, LAMP, way=way, trackingId=visitor, orderedAt=BOUGHT)

    assert house.owed() == [("pending", 880)]


def test_an_imported_affiliate_sale_pays_without_a_visit(house: House) -> None:
    GROWI.sells(house, 8800, LAMP, occurred_at=BOUGHT)

    assert house.owed() == [("pending", 800)]


# explanations


@pytest.mark.parametrize(("shop", "way"), SOLD, ids=ids)
def test_the_summary_of_a_partly_refunded_sale_says_what_is_left(house: House, shop: Shop, way: str) -> None:
    shop.sells(house, 8800, LAMP, way=way)
    part = {**shop.named(), "refundId": "r", "amount": 44}
    assert send(house, REFUND, BUS if way == BUS else HTTP, part).taken

    ((sale),) = house.ledger("transaction")
    summary = house.get(f"/transactions/{sale['listed']['id']}/attribution", key="reader").json["summary"]
    assert ("4.40 USD" if shop is SEQUENZY else "4.00 USD") in summary


@pytest.mark.parametrize("way", SALE.ways)
def test_an_order_of_postage_only_names_the_types_that_it_has_and_those_that_count(house: House, way: str) -> None:
    lines = [{"type": "shipping", "amount": 5}, {"type": "tax", "amount": 1}]
    body = {"source": "shopify", "externalId": "R-1", "trackingId": house.tracking_id, "total": 6, "items": lines}
    assert send(house, SALE, way, body).taken

    (lost,) = house.decision()["candidates"]
    ((sale),) = house.ledger("transaction")
    (shown,) = house.get(f"/transactions/{sale['listed']['id']}/attribution", key="reader").json["candidates"]
    assert lost["reason"] == "no_counting_line"
    assert all(kind in shown["explanation"] for kind in ("shipping", "tax", "product", "subscription"))


# what clients meet


@pytest.mark.parametrize("report", [SALE, REFUND, WITHDRAWN], ids=ids)
@pytest.mark.parametrize(("base", "status"), [("/wp-json/siren/v1", 400), ("/siren/v1", 422)])
def test_failed_checks_have_the_status_of_their_base_path(house: House, report: Report, base: str, status: int) -> None:
    single = house.post(report.path, {}, base=base)

    assert single.status == status
    if report.in_batches:
        assert [it["status"] for it in house.post(f"{report.path}/batch", [{}], base=base).json["results"]] == [status]


@pytest.mark.parametrize(
    ("base", "path", "name", "most"),
    [
        ("/siren/v1", "/transactions", "perPage", 200),
        ("/siren/v1", "/refunds", "number", 200),
        ("/siren/v1", "/obligations", "perPage", 200),
        ("/siren/v1", "/api-keys", "perPage", 200),
        ("/api/v1", "/products", "limit", 100),
        ("/v1", "/sales-events", "limit", 100),
        ("/v1", "/stores", "limit", 100),
        (affiliate_shop.BASE, affiliate_shop.PATH, "per_page", 100),
    ],
)
def test_a_page_larger_than_the_largest_is_refused_by_name_and_limit(
    house: House, base: str, path: str, name: str, most: int
) -> None:
    answer = house.get(path, base=base, **{name: most + 1})

    assert (answer.status, name in answer.text, str(most) in answer.text) == (422, True, True)
    assert house.get(path, base=base, **{name: most}).status == 200


@pytest.mark.parametrize(
    ("base", "path", "query"),
    [
        ("/siren/v1", "/transactions", "refundId"),
        ("/siren/v1", "/obligations", "externalId"),
        ("/siren/v1", "/conversions", "source"),
        (affiliate_shop.BASE, affiliate_shop.PATH, "store_platform"),
        (affiliate_shop.BASE, affiliate_shop.PATH, "ambassador_program"),
    ],
)
def test_a_filter_that_is_not_known_here_is_refused_by_name(house: House, base: str, path: str, query: str) -> None:
    answer = house.get(path, base=base, **{query: "x"})

    assert (answer.status, query in answer.text) == (422, True)


@pytest.mark.parametrize("shop", SHOPS, ids=ids)
def test_a_sale_of_any_dialect_that_is_refunded_already_is_skipped_with_the_reason(house: House, shop: Shop) -> None:
    shop.sells(house, 8800, LAMP)
    ((sale),) = house.ledger("transaction")
    ended = {"action": "refund", "ids": [sale["listed"]["id"], 7]}

    first, again = (house.post("/transactions/bulk", ended).json for _ in range(2))

    assert (first["affected"], first["skipped"]) == (1, [{"id": 7, "reason": "not_found"}])
    assert [it["reason"] for it in again["skipped"]] == ["already_so", "not_found"]
