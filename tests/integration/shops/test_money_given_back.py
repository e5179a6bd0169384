"""Money given back in the situations of real shops: in each dialect, whichever way the sale and the refund come."""

from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.shops import GROWI, NOTICIA, SEQUENZY, SHOPS, SIREN, SOLD, Shop, Thing, ids
from tests.stack.scenarios.ways import BUS, HTTP, ORDER, REFUND, SALE_CHANGED, WITHDRAWN, Heard, send

LAMP = Thing("A", 8000)
#: Siren's refund over HTTP and on the bus for every dialect, Sequenzy's own alone and in a batch.
GIVEN_BACK = [
    *((shop, way, REFUND) for shop in SHOPS for way in REFUND.ways),
    *((SEQUENZY, way, ORDER) for way in ORDER.ways),
]


every_sale = pytest.mark.parametrize(("shop", "way"), SOLD, ids=ids)
every_refund = pytest.mark.parametrize(("shop", "way", "report"), GIVEN_BACK, ids=ids)
every_event = pytest.mark.parametrize("way", [HTTP, BUS])


def give_back(
    house: House, shop: Shop, cents: int | None, way: str = HTTP, report: Any = REFUND, refund: str = "r-1", **more: Any
) -> Heard:
    """Report a refund of so many minor units, or of all that is left."""
    if report is ORDER:
        asked = {} if cents is None else {"refundAmountCents": cents}
        order = {"orderId": "R-1", "status": "refunded", "refundId": refund, "totalCents": 1, "currency": "USD"}
        return send(house, ORDER, way, {**order, "customer": {"email": "ada@example.com"}, **asked, **more})
    amount = {} if cents is None else {"amount": cents / 100}
    return send(house, REFUND, way, {**shop.named(), "refundId": refund, **amount, **more})


def end(house: House, how: str, at: str, way: str = HTTP) -> Heard:
    """Report an order as cancelled, or as refunded as a whole, at a moment."""
    order = {"orderId": "R-1", "status": how, "totalCents": 8800, "currency": "USD", "orderedAt": at}
    return send(house, ORDER, way, order | {"customer": {"email": "ada@example.com"}})


def owed(house: House) -> list[int]:
    return [value for _, value in house.owed()]


def status(house: House) -> str:
    ((sale),) = house.ledger("transaction")
    return str(sale["listed"]["status"])


# parts of what the buyer paid


@every_sale
def test_the_refund_of_a_total_with_tax_and_postage_leaves_nothing_owed(house: House, shop: Shop, way: str) -> None:
    """88.00 paid, of which 80.00 for a product. Sequenzy's orders have a total only, which is the base."""
    shop.sells(house, 8800, LAMP, way=way)
    assert owed(house) == [880 if shop is SEQUENZY else 800]

    assert give_back(house, shop, 8800).taken

    assert (owed(house), status(house)) == ([0], "refunded")


@every_refund
def test_two_halves_of_what_was_paid_leave_half_and_then_nothing(
    house: House, shop: Shop, way: str, report: Any
) -> None:
    shop.sells(house, 8800, LAMP)

    left = []
    for refund in ("one", "two"):
        assert give_back(house, shop, 4400, way, report, refund).taken
        left += owed(house)

    assert left == [440 if shop is SEQUENZY else 400, 0]
    assert status(house) == "refunded"


@every_refund
def test_half_of_a_total_below_the_listed_lines_takes_half_of_the_reward(
    house: House, shop: Shop, way: str, report: Any
) -> None:
    """A basket discount of 10.00 on 100.00: it lowers the base where the total is the base."""
    shop.sells(house, 9000, Thing("A", 6000), Thing("B", 4000))
    assert owed(house) == [900 if shop is SEQUENZY else 1000]

    assert give_back(house, shop, 4500, way, report).taken

    assert owed(house) == [450 if shop is SEQUENZY else 500]


@every_refund
def test_more_than_what_is_left_is_refused_where_it_can_be_answered(
    house: House, shop: Shop, way: str, report: Any
) -> None:
    shop.sells(house, 8800, LAMP)
    give_back(house, shop, 4400)

    heard = give_back(house, shop, 4401, way, report, "more")

    answered = report is REFUND and way == HTTP
    assert heard.status == (409 if answered else 202 if report is ORDER else 200)
    assert owed(house) == ([440 if shop is SEQUENZY else 400] if answered else [0])


@pytest.mark.parametrize("shop", [SIREN, SEQUENZY, NOTICIA], ids=ids)
@every_event
def test_units_of_a_fine_price_given_back_one_by_one_end_at_nothing(house: House, shop: Shop, way: str) -> None:
    """2 × 8.165 is 16.33: rounded one by one they would be 16.34."""
    shop.sells(house, 1633, Thing("A", 1633, 2))
    assert owed(house) == [163]

    left = []
    for refund in ("one", "two"):
        item = {"externalId": "A", "amount": "8.165"}
        assert give_back(house, shop, None, way, refund=refund, items=[item]).taken
        left += owed(house)

    assert (left, status(house)) == ([82, 0], "refunded")


@pytest.mark.parametrize("shop", [SIREN, SEQUENZY, NOTICIA], ids=ids)
@every_event
@pytest.mark.parametrize(
    ("item", "back"),
    [({"amount": 24.50, "quantity": 2}, 4900), ({"amount": 24.50}, 2450), ({"amount": 24.50, "quantity": "1.5"}, 3675)],
)
def test_the_amount_of_a_refunded_item_is_per_unit(
    house: House, shop: Shop, way: str, item: dict[str, Any], back: int
) -> None:
    shop.sells(house, 9800, Thing("A", 9800, 4))

    assert give_back(house, shop, None, way, items=[{"externalId": "A", **item}]).taken

    ((sale),) = house.ledger("transaction")
    assert sale["refunded"] == back


# members that decide


@every_refund
def test_a_refund_in_another_currency_than_its_sales_is_refused(
    house: House, shop: Shop, way: str, report: Any
) -> None:
    shop.sells(house, 8800, LAMP)
    before = owed(house)

    heard = give_back(house, shop, 4400, way, report, currency="EUR")

    assert (heard.taken, "currency must be USD" in heard.text) == (False, True)
    assert owed(house) == before


@every_refund
def test_a_null_amount_is_not_one_that_was_left_out(house: House, shop: Shop, way: str, report: Any) -> None:
    shop.sells(house, 8800, LAMP)
    name = "refundAmountCents" if report is ORDER else "amount"

    heard = give_back(house, shop, None, way, report, **{name: None})

    assert (heard.taken, name in heard.text) == (False, True)
    assert status(house) == "complete"
    assert give_back(house, shop, None, way, report).taken
    assert status(house) == "refunded"


@pytest.mark.parametrize("way", ORDER.ways)
def test_two_refunds_of_an_order_without_an_id_are_two_unless_identical(house: House, way: str) -> None:
    SEQUENZY.sells(house, 8800, LAMP)

    for cents in (1000, 2000, 2000):
        assert give_back(house, SEQUENZY, cents, way, ORDER, refundId=None).taken

    ((sale),) = house.ledger("transaction")
    assert sale["refunded"] == 3000


# life after the refund


@pytest.mark.parametrize("shop", SHOPS, ids=ids)
@every_event
@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_a_dispute_that_was_won_restores_what_is_owed(
    house: House, shop: Shop, way: str, withdrawn_first: bool
) -> None:
    shop.sells(house, 8800, LAMP)
    before = owed(house)
    steps = [
        lambda: give_back(house, shop, 4400, way),
        lambda: send(house, WITHDRAWN, way, {**shop.named(), "refundId": "r-1"}),
    ]

    for step in steps[::-1] if withdrawn_first else steps:
        assert step().taken

    assert (owed(house), status(house)) == (before, "complete")


@pytest.mark.parametrize("shop", SHOPS, ids=ids)
@every_event
def test_a_refund_of_the_whole_that_failed_restores_what_is_owed(house: House, shop: Shop, way: str) -> None:
    shop.sells(house, 8800, LAMP)
    before = owed(house)

    assert send(house, REFUND, way, {**shop.named(), "occurredAt": "2026-11-21T09:00:00Z"}).taken
    assert (owed(house), status(house)) == ([0], "refunded")
    assert send(house, WITHDRAWN, way, {**shop.named(), "occurredAt": "2026-11-22T09:00:00Z"}).taken

    assert (owed(house), status(house)) == (before, "complete")


@pytest.mark.parametrize("way", ORDER.ways)
def test_a_cancelled_order_that_is_paid_after_all_is_owed_again(house: House, way: str) -> None:
    SEQUENZY.sells(house, 8800, LAMP)

    assert end(house, "cancelled", "2026-11-21T09:00:00Z", way).taken
    assert (owed(house), status(house)) == ([0], "cancelled")
    assert send(house, WITHDRAWN, HTTP, {**SEQUENZY.named(), "occurredAt": "2026-11-22T09:00:00Z"}).taken

    assert (owed(house), status(house)) == ([880], "complete")


@pytest.mark.parametrize("shop", [SIREN, SEQUENZY, NOTICIA], ids=ids)
@every_event
def test_an_order_edited_after_it_was_reported_earns_by_its_newest_lines(house: House, shop: Shop, way: str) -> None:
    """To 120.00 at noon, though the edit of the morning comes last; 60.00 of it are given back."""
    shop.sells(house, 8800, LAMP)

    for at, total in (("2026-11-21T12:00:00Z", 120), ("2026-11-21T09:00:00Z", 50)):
        edit = {**shop.named(), "total": total, "items": [{"externalId": "A", "amount": total}], "changedAt": at}
        assert send(house, SALE_CHANGED, way, edit).taken
    assert owed(house) == [1200]
    assert give_back(house, shop, 6000, way).taken

    assert owed(house) == [600]


def test_an_affiliate_sale_is_edited_by_its_own_call(house: House) -> None:
    GROWI.sells(house, 8800, LAMP)
    edit = {**GROWI.named(), "total": 120, "changedAt": "2026-11-21T12:00:00Z"}

    heard = {way: send(house, SALE_CHANGED, way, edit) for way in (HTTP, BUS)}
    ((sale),) = house.ledger("transaction")
    path = f"/affiliate_sales/{sale['listed']['id']}"
    answer = house.call("PATCH", path, {"total": 12000, "subtotal": 12000}, base="/api/public/v1")

    assert [("PATCH /affiliate_sales" in it.text, it.taken) for it in heard.values()] == [(True, False)] * 2
    assert (answer.status, owed(house)) == (200, [1200])


# shared rewards


@pytest.mark.parametrize(("shop", "way"), [it for it in SOLD if it[0] is not GROWI], ids=ids)
@pytest.mark.parametrize(("remainder", "shares"), [("drop", [16, 16, 16]), ("largest", [16, 17, 17])])
def test_three_partners_of_a_shared_pool_are_owed_no_more_than_is_left(
    house: House, shop: Shop, way: str, remainder: str, shares: list[int]
) -> None:
    """A pool of 100 % of 1.00, of which 0.50 is given back. A claim of Growi names one affiliate."""
    pool = {"incentiveResolverType": "sharedPool", "poolRemainder": remainder}
    percent = {"transactionPercent": 100, "autoApprove": True, "activeConversionTypes": ["sale"]}
    house.put(f"/programs/{house.program_id}", pool | {"incentiveCalculation": percent})
    for _ in range(2):
        refer(house, shop, house.new_collaborator(house.program_id))
    shop.sells(house, 100, Thing("A", 100), way=way)
    assert sorted(owed(house)) == ([33, 33, 33] if remainder == "drop" else [33, 33, 34])

    assert give_back(house, shop, 50).taken

    assert sorted(owed(house)) == shares


def refer(house: House, shop: Shop, collaborator: int) -> None:
    """Refer the buyer once more: by a message for a point of sale, else by a visit."""
    if shop is NOTICIA:
        shop.message(house, collaborator)
        return
    headers = {"X-Siren-OID": str(house.tracking_id)}
    assert house.visit(collaborator, headers=headers).headers["X-Siren-OID"] == str(house.tracking_id)


@pytest.mark.parametrize("way", ORDER.ways)
@pytest.mark.parametrize("withdrawn_by", [HTTP, BUS])
def test_an_order_refunded_without_an_amount_is_owed_again_once_the_dispute_is_won(
    house: House, way: str, withdrawn_by: str
) -> None:
    SEQUENZY.sells(house, 8800, LAMP)
    assert give_back(house, SEQUENZY, None, way, ORDER, refundId=None, orderedAt="2026-11-21T09:00:00Z").taken
    assert (owed(house), status(house)) == ([0], "refunded")

    assert send(house, WITHDRAWN, withdrawn_by, {**SEQUENZY.named(), "occurredAt": "2026-11-22T09:00:00Z"}).taken

    assert (owed(house), status(house)) == ([880], "complete")
    (job,) = [it for it in house.get("/orders/R-1", base="/api/v1").json["order"]["jobs"] if it["refund"]]
    assert (job["state"], job["refund"]["refundedCents"]) == ("withdrawn", 0)


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_an_order_that_was_paid_after_all_is_refunded_by_a_later_refund_only(
    house: House, withdrawn_first: bool
) -> None:
    """Refunded at nine, which is withdrawn at noon, in either order of arrival."""
    SEQUENZY.sells(house, 8800, LAMP)
    steps = [
        lambda: give_back(house, SEQUENZY, None, HTTP, ORDER, refundId=None, orderedAt="2026-11-21T09:00:00Z"),
        lambda: send(house, WITHDRAWN, HTTP, {**SEQUENZY.named(), "occurredAt": "2026-11-21T12:00:00Z"}),
    ]
    for step in steps[::-1] if withdrawn_first else steps:
        assert step().taken
    assert (owed(house), status(house)) == ([880], "complete")

    assert send(house, REFUND, HTTP, {**SEQUENZY.named(), "occurredAt": "2026-11-21T15:00:00Z"}).taken

    assert (owed(house), status(house)) == ([0], "refunded")


def test_a_cancelled_order_that_was_paid_after_all_can_be_refunded(house: House) -> None:
    SEQUENZY.sells(house, 8800, LAMP)
    assert end(house, "cancelled", "2026-11-21T09:00:00Z").taken
    assert send(house, WITHDRAWN, HTTP, {**SEQUENZY.named(), "occurredAt": "2026-11-22T09:00:00Z"}).taken
    assert owed(house) == [880]

    assert give_back(house, SEQUENZY, None, HTTP, ORDER, refundId=None, orderedAt="2026-11-23T09:00:00Z").taken

    assert (owed(house), status(house)) == ([0], "refunded")


@pytest.mark.parametrize("withdrawn_first", [True, False])
def test_an_order_that_was_paid_after_all_is_cancelled_by_a_later_cancellation(
    house: House, withdrawn_first: bool
) -> None:
    """A withdrawal of noon, in either order of arrival, leaves a cancellation of three o'clock alone."""
    SEQUENZY.sells(house, 8800, LAMP)
    steps = [
        lambda: end(house, "cancelled", "2026-11-21T15:00:00Z"),
        lambda: send(house, WITHDRAWN, HTTP, {**SEQUENZY.named(), "occurredAt": "2026-11-21T12:00:00Z"}),
    ]

    for step in steps[::-1] if withdrawn_first else steps:
        assert step().taken

    assert (owed(house), status(house)) == ([0], "cancelled")
    assert [it["state"] for it in house.get("/orders/R-1", base="/api/v1").json["order"]["jobs"]] == ["done", "done"]


@pytest.mark.parametrize("way", ORDER.ways)
@pytest.mark.parametrize("how", ["cancelled", "refunded"])
def test_an_order_that_ends_again_after_a_withdrawal_owes_nothing(house: House, way: str, how: str) -> None:
    SEQUENZY.sells(house, 8800, LAMP)
    assert end(house, how, "2026-11-21T09:00:00Z", way).taken
    assert send(house, WITHDRAWN, HTTP, {**SEQUENZY.named(), "occurredAt": "2026-11-21T12:00:00Z"}).taken
    assert owed(house) == [880]

    assert end(house, how, "2026-11-21T15:00:00Z", way).taken

    assert (owed(house), status(house)) == ([0], how)
    states = [it["state"] for it in house.get("/orders/R-1", base="/api/v1").json["order"]["jobs"]]
    assert states == ["done", "done" if how == "cancelled" else "withdrawn", "done"]


def test_the_latest_cancellation_counts_of_those_that_come_before_the_order(house: House) -> None:
    for at in ("2026-11-21T15:00:00Z", "2026-11-21T09:00:00Z", "2026-11-21T16:00:00Z"):
        assert end(house, "cancelled", at).taken
    assert send(house, WITHDRAWN, BUS, {**SEQUENZY.named(), "occurredAt": "2026-11-21T15:30:00Z"}).taken

    SEQUENZY.sells(house, 8800, LAMP)

    assert (owed(house), status(house)) == ([0], "cancelled")


def test_every_refund_of_an_order_is_withdrawn_by_the_id_that_its_job_shows(house: House) -> None:
    SEQUENZY.sells(house, 8800, LAMP)
    give_back(house, SEQUENZY, 1000, HTTP, ORDER, refundId=None)
    give_back(house, SEQUENZY, 1000, HTTP, ORDER, refundId=None, orderedAt="2026-11-21T09:00:00Z")
    assert owed(house) == [680]

    jobs = house.get("/orders/R-1", base="/api/v1").json["order"]["jobs"]
    named = [it["refundId"] for it in jobs if it["status"] == "refunded"]
    for refund in named:
        assert send(house, WITHDRAWN, HTTP, {**SEQUENZY.named(), "refundId": refund}).taken

    assert (len(named), owed(house)) == (2, [880])
