"""Changes of affiliate sales: earnings follow, and the original report is kept."""

from typing import Any

import pytest

from tests.stack.exchange import ACCOUNT, Answer
from tests.stack.house import House
from tests.stack.scenarios.affiliate_shop import BASE, PATH, explained, listed, made, orders, post
from tests.stack.scenarios.manual_credit import credit, rewards_manual
from tributary.domain import times
from tributary.ledger.sales import transaction_items


def patch(house: House, sale: Any, key: str = "admin", **members: Any) -> Answer:
    return house.call("PATCH", f"{PATH}/{sale['id']}", members, key=key, base=BASE)


def changed(house: House, sale: Any, **members: Any) -> Any:
    answer = patch(house, sale, **members)
    assert answer.status == 200, answer.text
    return answer.json["data"]


def refused(house: House, sale: Any, **members: Any) -> tuple[int, str]:
    before = house.ledger()
    answer = patch(house, sale, **members)
    assert house.ledger() == before
    return answer.status, answer.json["error"]


def test_a_changed_total_recalculates_the_obligation_and_keeps_the_report(house: House):
    sale = made(house, commission=4200)
    house.deliver()

    again = changed(house, sale, total=20000)
    house.deliver()

    assert again == sale | {"total": 20000, "commission": 2000}
    assert (house.conversions(), house.owed()) == ([("approved", 2000)], [("pending", 2000)])
    ((transaction),) = house.ledger("transaction")
    assert (transaction["reported"]["total"], transaction["listed"]["totalValue"]) == (9999, 20000)
    assert made(house) == again
    ((candidate),) = explained(house, sale)["candidates"]
    assert "Changed since: base 200.00 USD, reward 20.00 USD" in candidate["explanation"]


def test_changing_due_date_does_not_apply_an_unpaid_commission_to_manual_credits(house: House):
    house.put(f"/programs/{house.program_id}", {"transactionCompilers": []})
    sale = made(house, commission=4200)
    house.put(f"/programs/{house.program_id}", {"transactionCompilers": ["includeLineItems"]})
    rewards_manual(house)
    credit(house, sale["id"])

    again = changed(house, sale, due_at="2027-01-01T00:00:00Z")
    house.deliver()

    assert (again["commission"], house.owed()) == (1000, [("pending", 1000)])
    assert changed(house, sale, commission=700)["commission"] == 700


def test_the_subtotal_takes_precedence_over_the_total(house: House):
    sale, alone = made(house, subtotal=5000), made(house, order_id="2", total=..., subtotal=5000)

    assert changed(house, sale, total=1)["commission"] == 500
    assert changed(house, sale, subtotal=100)["commission"] == 10
    shown = changed(house, alone, subtotal=700)
    assert (shown["total"], shown["commission"]) == (700, 70)


def test_a_changed_subscription_stays_a_subscription(house: House):
    assert changed(house, made(house, sale_type="subscription"), total=700)["commission"] == 70


def test_a_commission_is_set_and_then_replaced_by_a_total(house: House):
    sale = made(house)

    assert changed(house, sale, commission=1, total=50)["commission"] == 1
    assert changed(house, sale, due_at="2099-01-01")["commission"] == 1
    assert changed(house, sale, total=500)["commission"] == 50
    assert changed(house, sale, commission=0)["commission"] == 0
    house.deliver()
    assert house.owed() == [("rejected", 0)]
    assert changed(house, sale, commission=70)["commission"] == 70
    assert house.owed() == [("pending", 70)]


def test_a_zero_commission_that_is_raised_is_owed(house: House):
    changed(house, made(house, commission=0), commission=5)
    house.deliver()

    assert house.owed() == [("pending", 5)]


def test_a_fixed_reward_is_not_paid_for_a_sale_changed_to_zero(house: House):
    fixed = house.new_program(incentiveType="saleFixedPerTransaction", calculation={"payoutPerTransaction": 700})
    house.put(f"/collaborators/{house.collaborator_id}", {"programs": [fixed]})
    sale = made(house)

    assert [changed(house, sale, total=total)["commission"] for total in (0, 1)] == [0, 700]


def test_refunds_before_and_after_a_change_both_count(house: House):
    sale = made(house, total=10000)
    house.refund(source="growi", externalId="G-1004", amount=50, refundId="r")

    assert changed(house, sale, total=20000)["commission"] == 1500
    assert refused(house, sale, total=5000) == (422, "total: 5000 of the sale was given back; more must be left")
    house.refund(source="growi", externalId="G-1004", amount=150, refundId="s")
    house.deliver()
    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])


def test_a_raised_total_counts_what_was_given_back_while_there_was_nothing_to_give(house: House):
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201
    sale = made(house, total=0)
    refund = {"organization": "demo", "source": "growi", "externalId": "G-1004", "refundId": "r", "amount": 10}
    house.event("RefundTriggered", refund)
    house.deliver()

    sentence = "1000 of the sale was given back; more must be left"
    assert refused(house, sale, total=1000) == (422, f"total: {sentence}")
    assert refused(house, sale, currency="eur")[0] == 422
    assert changed(house, sale, total=2000)["commission"] == 100
    house.deliver()

    ((transaction),) = house.ledger("transaction")
    assert (transaction["listed"]["status"], transaction["refunded"]) == ("complete", 1000)
    assert refused(house, sale, total=900) == (422, f"total: {sentence}")


def test_a_cancelled_sale_stays_cancelled_whatever_the_clock_of_an_earlier_withdrawal(house: House):
    sale = made(house)
    named, later = {"source": "growi", "externalId": "G-1004"}, times.later(times.now(), seconds=200)
    assert house.post("/event/refund-withdrawn", named | {"occurredAt": later}, key="events").status == 200

    assert changed(house, sale, status="cancelled")["status"] == "cancelled"
    house.deliver()

    ((transaction),) = house.ledger("transaction")
    assert (transaction["listed"]["status"], transaction_items.of_item(transaction).endings.status) == (
        "cancelled",
    ) * 2


def test_a_change_of_currency_pays_nothing_and_changing_back_pays_again(house: House):
    sale = made(house)

    assert changed(house, sale, currency="eur") == sale | {"currency": "eur", "commission": 0}
    assert changed(house, sale, currency="USD") == sale


def test_moments_can_be_changed(house: House):
    sale = made(house, customer_email="buyer@example.com")
    house.deliver()

    shown = changed(house, sale, occurred_at=1_700_000_000, due_at="2020-01-01")
    house.deliver()

    assert (shown["occurred_at"], shown["status"]) == ("2023-11-14T22:13:20.000Z", "due")
    assert [it["listed"]["dueAt"] for it in house.ledger("obligation")] == ["2020-01-01T00:00:00.000Z"]
    assert orders(house, start_date="11/14/2023", end_date="11/14/2023") == ["G-1004"]
    assert house.ledger("customer")[0]["listed"]["totals"][0]["ordersCount"] == 1


@pytest.mark.parametrize("credited_first", [True, False])
def test_a_manual_credit_is_owed_regardless_of_the_affiliates_payment(house: House, credited_first: bool):
    triggers = {"manual": {"value": "1"}}
    assert house.put(f"/programs/{house.program_id}", {"engagementTypes": triggers}).status == 200
    sale, other = made(house), house.new_collaborator(house.program_id)
    credit = {"transactionIds": [sale["id"]], "collaboratorId": other}
    steps = [
        lambda: house.post("/transactions/credit-collaborator", credit),
        lambda: changed(house, sale, status="paid"),
    ]

    for step in steps if credited_first else reversed(steps):
        step()
        house.deliver()

    owed = {it["listed"]["collaboratorId"]: it["listed"]["status"] for it in house.ledger("obligation")}
    assert owed == {88: "complete", other: "pending"}
    assert house.changes_of_repeats() == 0


@pytest.mark.parametrize("status", ["paid", "paid_externally"])
def test_paid_completes_the_obligation_and_unpaid_reopens_it(house: House, status: str):
    sale = made(house)

    assert changed(house, sale, status=status)["status"] == status
    house.deliver()
    assert house.owed() == [("complete", 1000)]
    assert orders(house, status="paid") == ["G-1004"]
    assert listed(house)["additional_data"]["paid_commission"] == 10.00
    refusal = "status: the sale is paid; make it unpaid to change what it earned"
    assert refused(house, sale, total=5) == refused(house, sale, status="cancelled") == (422, refusal)

    assert changed(house, sale, status="unpaid", total=500) == sale | {"total": 500, "commission": 50}
    house.deliver()
    assert house.owed() == [("pending", 50)]


def test_a_cancelled_sale_earns_nothing_and_is_frozen(house: House):
    sale = made(house)

    assert changed(house, sale, status="cancelled") == sale | {"status": "cancelled", "commission": 0}
    house.deliver()

    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])
    frozen = (422, "status: the sale is cancelled and can no longer change")
    assert refused(house, sale, total=5) == refused(house, sale, status="unpaid") == frozen
    assert changed(house, sale, status="cancelled")["status"] == "cancelled"


def test_a_refunded_sale_is_frozen(house: House):
    sale = made(house)
    house.refund(source="growi", externalId="G-1004")
    house.deliver()

    assert refused(house, sale, total=5) == (422, "status: the sale is refunded and can no longer change")


def test_the_buyer_can_be_changed_cleared_and_renamed(house: House):
    def totals() -> dict[str | None, int]:
        house.deliver()
        return {
            it["listed"]["email"]: sum(row["ordersCount"] for row in it["listed"]["totals"])
            for it in house.ledger("customer")
        }

    sale = made(house, customer_email="a@example.com", customer_name="Ada")
    house.deliver()
    changed(house, sale, customer_name=None)
    assert house.ledger("customer")[0]["listed"]["name"] is None
    changed(house, sale, customer_email="b@example.com", customer_name="Bo")
    assert totals() == {"a@example.com": 0, "b@example.com": 1}
    changed(house, sale, customer_email=None)
    assert totals() == {"a@example.com": 0, "b@example.com": 0}
    changed(house, sale, customer_email="a@example.com")
    assert totals() == {"a@example.com": 1, "b@example.com": 0}
    assert orders(house, search="a@example.com") == ["G-1004"]


def test_a_buyer_replaced_during_counting_is_not_counted(house: House):
    sale = made(house, customer_email="a@example.com")

    def move() -> None:
        changed(house, sale, customer_email="b@example.com")
        house.deliver()

    with house.meanwhile("TransactWriteItems", move):
        house.deliver(lambda messages: [it for it in messages if it.function == "update_customer"])
    house.deliver()

    counted = {it["listed"]["email"]: len(it["listed"]["totals"]) for it in house.ledger("customer")}
    assert counted == {"a@example.com": 0, "b@example.com": 1}


def test_every_change_is_in_the_history_but_not_one_without_effect(house: House):
    sale = made(house)
    changed(house, sale, total=5)
    changed(house, sale, status="paid", due_at="2099-01-01")
    before = house.ledger()
    for members in ({}, {"total": None, "status": None}, {"status": "paid"}):
        changed(house, sale, **members)

    assert house.ledger() == before
    assert [it["changes"] for it in house.ledger("amendment")] == [
        {"total": 5, "commission": None},
        {"due_at": "2099-01-01T00:00:00.000Z", "settlement": "paid"},
    ]


@pytest.mark.parametrize(
    "members",
    [
        {"total": 500, "status": "paid"},
        {"commission": 5, "status": "paid_externally"},
        {"total": 500, "due_at": "2099-01-01", "customer_email": "a@example.com", "status": "cancelled"},
        {"customer_email": "a@example.com", "customer_name": "Ada", "visitor_uid": "v-1"},
        {"customer_email": "a@example.com", "customer_name": None, "visitor_uid": None},
    ],
)
def test_a_repeated_change_gets_the_same_answer_and_writes_nothing(house: House, members: Any):
    sale = made(house, customer_name="Anna", visitor_uid="v-0")
    first = changed(house, sale, **members)
    house.deliver()
    before = house.ledger()

    assert changed(house, sale, **members) == first
    house.deliver()
    assert house.ledger() == before


def test_members_given_with_a_cancellation_apply_before_it(house: House):
    sale = made(house, customer_email="a@example.com")

    shown = changed(house, sale, status="cancelled", total=500, customer_email="b@example.com")

    assert shown == sale | {"status": "cancelled", "total": 500, "commission": 0}
    spent = {it["listed"]["email"]: it["listed"]["totals"] for it in house.ledger("customer")}
    assert (spent["a@example.com"], spent["b@example.com"][0]["refundedTotal"]) == ([], 500)
    frozen = (422, "status: the sale is cancelled and can no longer change")
    for members in ({"total": 501}, {"customer_email": None}, {"customer_name": "Bo"}):
        assert refused(house, sale, status="cancelled", **members) == frozen


def test_a_repeat_finishes_a_change_that_died_before_its_cancellation(house: House, monkeypatch: pytest.MonkeyPatch):
    from tributary.ledger.sales import amendments

    sale = made(house)
    with monkeypatch.context() as dying:
        dying.setattr(amendments, "cancel", lambda *_: 1 / 0)
        assert patch(house, sale, status="cancelled", total=500).status == 500

    assert changed(house, sale, status="cancelled", total=500)["status"] == "cancelled"
    house.deliver()
    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])


def test_a_name_for_an_erased_buyer_is_not_stored(house: House):
    sale = made(house, customer_email="a@example.com", customer_name="Ada")
    (buyer,) = {it["listed"]["id"] for it in house.ledger("customer")}
    assert house.call("DELETE", f"/customers/{buyer}").status == 200

    assert changed(house, sale, total=500, customer_name="Bo")["total"] == 500
    assert changed(house, sale, total=600, customer_name=None)["total"] == 600
    assert [it["fields"] for it in house.ledger("customer")] == [{}]


def test_several_programs_follow_a_total_and_refuse_a_commission(house: House):
    other = house.new_program(calculation={"transactionPercent": 20})
    house.put(f"/collaborators/{house.collaborator_id}", {"programs": [house.program_id, other]})
    sale = made(house)

    assert changed(house, sale, total=100)["commission"] == 30
    assert refused(house, sale, commission=5)[0] == 422


def test_earnings_of_a_sale_that_earned_nothing_cannot_be_changed(house: House):
    sale = made(house, currency="eur")

    said = "the sale earned nothing; report it anew under another order_id"
    assert refused(house, sale, currency="usd") == (422, f"currency: {said}")
    assert refused(house, sale, commission=5) == (422, f"commission: {said}")
    assert changed(house, sale, total=5)["total"] == 5


def test_a_repeated_change_finishes_an_incomplete_one(house: House, monkeypatch: pytest.MonkeyPatch):
    from tributary.workflows import sale_effects

    sale = made(house)
    house.deliver()
    with monkeypatch.context() as dying:
        dying.setattr(sale_effects, "reconcile", lambda *_: 1 / 0)
        assert patch(house, sale, total=500).status == 500
    assert house.conversions() == [("approved", 1000)]

    assert changed(house, sale, total=500)["commission"] == 50
    house.deliver()
    assert house.owed() == [("pending", 50)]


def test_the_event_finishes_a_change_that_died_half_way(house: House, monkeypatch: pytest.MonkeyPatch):
    from tributary.workflows import sale_effects

    sale = made(house, customer_email="first@example.com")
    house.deliver()
    with monkeypatch.context() as dying:
        dying.setattr(sale_effects, "reconcile", lambda *_: 1 / 0)
        assert patch(house, sale, total=500, customer_email="second@example.com").status == 500
        assert patch(house, sale, status="paid").status == 500
    house.deliver()

    assert (house.conversions(), house.owed()) == ([("approved", 50)], [("complete", 50)])
    counted = [sum(of["ordersCount"] for of in it["listed"]["totals"]) for it in house.ledger("customer")]
    assert sorted(counted) == [0, 1]


@pytest.mark.parametrize(
    ("change", "owed"),
    [
        ({"due_at": "2099-01-01"}, {"dueAt": "2099-01-01T00:00:00.000Z", "status": "pending"}),
        ({"status": "paid"}, {"dueAt": None, "status": "complete"}),
    ],
)
def test_the_obligation_follows_even_if_its_consumer_sees_the_change_first(
    house: House, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], owed: dict[str, Any]
):
    """The conversion has not followed yet and announces itself when it does."""
    from tributary.workflows import sale_effects

    sale = made(house)
    house.deliver()
    with monkeypatch.context() as dying:
        dying.setattr(sale_effects, "reconcile", lambda *_: 1 / 0)
        assert patch(house, sale, **change).status == 500
    house.deliver(lambda messages: sorted(messages, key=lambda it: it.function != "issue_obligation"))

    (obligation,) = house.ledger("obligation")
    assert {name: obligation["listed"][name] for name in owed} == owed


def test_paying_again_pays_the_amount_changed_while_unpaid(house: House, monkeypatch: pytest.MonkeyPatch):
    from tributary.workflows import sale_effects

    sale = made(house)
    changed(house, sale, status="paid")
    with monkeypatch.context() as dying:
        dying.setattr(sale_effects, "reconcile", lambda *_: 1 / 0)
        assert patch(house, sale, status="unpaid", total=20000).status == 500

    assert changed(house, sale, status="paid")["commission"] == 2000
    house.deliver()
    assert (house.conversions(), house.owed()) == ([("approved", 2000)], [("complete", 2000)])
    assert listed(house)["additional_data"]["unpaid_commission"] == 0.00


def test_a_sale_is_read_by_its_id_with_its_history(house: House):
    sale = made(house, total=10000, customer_email="first@example.com")
    changed(house, sale, total=5000, due_at="2030-01-01")
    changed(house, sale, commission=7, customer_email=None)
    changed(house, sale, status="paid")
    last = changed(house, sale, status="unpaid")
    last |= changed(house, sale, status="cancelled")

    with house.requests_made() as asked:
        answer = house.call("GET", f"{PATH}/{sale['id']}", base=BASE)

    assert (answer.status, answer.json["data"]) == (200, last)
    assert asked.counts == {"GetItem": 1, "BatchGetItem": 1, "Query": 1}
    (buyer,) = {it["listed"]["id"] for it in house.ledger("customer")}
    assert [row["changes"] for row in answer.json["changes"]] == [
        {"total": {"from": 10000, "to": 5000}, "due_at": {"from": None, "to": "2030-01-01T00:00:00.000Z"}},
        {"customer_id": {"from": buyer, "to": None}, "commission": {"from": None, "to": 7}},
        {"status": {"from": "unpaid", "to": "paid"}},
        {"status": {"from": "paid", "to": "unpaid"}},
        {"status": {"from": "unpaid", "to": "cancelled"}},
    ]
    assert [row["changed_at"] for row in answer.json["changes"]] == sorted(
        it["changedAt"] for it in house.ledger("amendment")
    )


def test_other_kinds_of_sales_are_not_read_by_their_id(house: House):
    house.sale("ORD-1")
    (transaction,) = house.ledger("transaction")

    for number in (transaction["listed"]["id"], 5):
        answer = house.call("GET", f"{PATH}/{number}", base=BASE)
        assert (answer.status, answer.json) == (404, {"error": "id: not found"})


def test_a_change_includes_a_conversion_made_during_the_request(house: House, monkeypatch: pytest.MonkeyPatch):
    from tributary.ledger.earnings import attribution

    reconcile = attribution.reconcile
    with monkeypatch.context() as dying:
        dying.setattr(attribution, "reconcile", lambda *_: 1 / 0)
        assert post(house).status == 500
    (sale,) = listed(house)["data"]

    def after_the_event(*sale: Any) -> str:
        reconcile(*sale)
        return reconcile(*sale)

    monkeypatch.setattr(attribution, "reconcile", after_the_event)
    assert changed(house, sale, commission=5)["commission"] == 5


def test_a_refund_during_a_change_is_kept(house: House):
    sale = made(house, total=10000)
    house.deliver()

    def refund() -> None:
        assert house.refund(source="growi", externalId="G-1004", amount=50, refundId="r").status == 200

    with house.meanwhile("TransactWriteItems", refund):
        shown = changed(house, sale, total=20000)
    house.deliver()

    assert shown["commission"] == 1500
    assert house.owed() == [("pending", 1500)]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"total": "5"}, "total: must be an integer"),
        ({"status": "refunded"}, "status: must be one of 'unpaid', 'paid', 'paid_externally' or 'cancelled'"),
        ({"currency": "zzz", "commission": -1}, None),
        ({"customer_email": "x"}, "customer_email: must be an e-mail address"),
        ({"occurred_at": "2999-01-01"}, "occurred_at: must not be in the future"),
    ],
)
def test_an_invalid_change_is_reported(house: House, members: Any, said: str | None):
    status, shown = refused(house, made(house), **members)

    both = "currency: must be an ISO 4217 currency code; commission: must be at least 0"
    assert (status, shown) == (422, said or both)


def test_a_sale_occurred_before_it_was_reported(house: House):
    sale = made(house)

    status, shown = refused(house, sale, occurred_at=times.later(times.now(), seconds=60))

    assert (status, shown.split(",")[1]) == (422, " when the sale was reported")


def test_other_records_are_not_found_as_affiliate_sales(house: House):
    house.sale()
    other = house.ledger("transaction")[0]["listed"]
    mine = made(house)
    stranger = house.new_key("admin", organization="other")

    assert [patch(house, {"id": it}, total=5).status for it in (other["id"], 5, "x")] == [404] * 3
    assert patch(house, mine, key=stranger, total=5).status == 404
    assert patch(house, mine, key="events", total=5).status == 403
    assert patch(house, mine, key=house.new_key("admin", source="wc"), total=5).status == 403


def test_the_requests_of_a_change_do_not_grow_with_the_history(house: House):
    sale = made(house)
    house.deliver()
    changed(house, sale, total=5)

    counts = []
    for total in (500, 50):
        with house.requests_made() as asked:
            changed(house, sale, total=total)
        counts.append(asked.counts)

    # Read the sale, write the change with its record, then the conversion and its obligation; read the result.
    assert counts[0] == counts[1]
    assert counts[0] == {"GetItem": 4, "BatchGetItem": 3, "Query": 2, "TransactWriteItems": 1, "UpdateItem": 2}


def test_an_affiliate_sale_is_not_edited_as_a_shops_sale(house: House):
    sale = made(house, commission=4200)
    house.deliver()
    ((transaction),) = house.ledger("transaction")
    named = {"source": transaction["reported"]["source"], "externalId": transaction["reported"]["externalId"]}
    body = named | {"total": 10, "currency": sale["currency"].upper(), "changedAt": "2026-11-21T09:00:00Z"}

    failed = house.post("/event/sale-changed", body).error["context"]["failedValidations"]

    assert [it["field"] for it in failed] == ["source"]
    assert house.owed() == [("pending", 4200)]
