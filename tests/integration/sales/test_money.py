"""A sale and its obligations, through all functions, in any order."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.exchange import Message
from tests.stack.house import House, in_process
from tributary.domain import times


def reasons(house: House) -> dict[int, str]:
    """Reason of each candidate of the only decision, by program."""
    return {it["programId"]: it["reason"] for it in house.decision()["candidates"]}


def review(house: House, action: str) -> int:
    ids = [it["listed"]["id"] for it in house.ledger("conversion")]
    return int(house.post("/conversions/bulk", {"action": action, "ids": ids}).json["affected"]) if ids else 0


def test_ten_per_cent_of_49_99_owes_500(house: House):
    house.sale()
    house.deliver()

    ((owed),) = house.get("/obligations", key="reader").json
    ((conversion),) = house.get("/conversions", key="reader").json
    shown = (owed["value"], owed["currency"], owed["status"], owed["collaboratorId"], owed["awardType"])
    assert shown == (500, "USD", "pending", 88, "commission")
    assert (owed["conversionId"], conversion["obligationId"]) == (conversion["id"], owed["id"])
    assert (conversion["status"], conversion["type"], conversion["award"]["base"]) == ("approved", "sale", 4999)

    assert house.get(f"/obligations/{owed['id']}", key="reader").json == owed
    assert house.get(f"/conversions/{conversion['id']}", key="reader").json == conversion


def test_a_sale_without_items_earns_on_its_total(house: House):
    house.sale(items=[], total=80)

    house.deliver()

    assert house.owed() == [("pending", 800)]


def test_only_lines_counted_by_the_program_form_the_base(house: House):
    types = {"product": 10, "subscription": 20, "shipping": 40, "tax": 80, "fee": 160, "discount": -5}

    house.sale(items=[{"type": kind, "amount": amount, "quantity": 2} for kind, amount in types.items()])
    house.deliver()

    assert house.owed() == [("pending", 600)]
    assert house.decision()["candidates"][0]["award"]["lines"] == "0-1"


def test_a_visit_pays_once(house: House):
    house.sale("first")
    house.deliver()

    house.sale("second")
    house.deliver()

    assert house.owed() == [("pending", 500)]
    decisions = {it["reason"]: it["opportunity"] for it in house.ledger("decision")}
    assert decisions["visit_consumed"] == {"id": 4218, "epoch": 1, "consumed": False}
    assert decisions["awarded"] == {"id": 4218, "epoch": 0, "consumed": True}


def test_a_new_visit_after_a_sale_pays_again(house: House):
    house.sale("first")
    house.deliver()

    house.visit(headers={"X-Siren-OID": "4218"})
    house.sale("second")
    house.deliver()

    assert house.owed() == [("pending", 500)] * 2
    assert len({it["listed"]["engagementId"] for it in house.ledger("conversion")}) == 2


def test_a_sale_dated_before_the_visit_earns_nothing(house: House):
    yesterday = times.later(times.now(), days=-1)

    house.sale(occurredAt=yesterday)
    house.deliver()

    assert (house.owed(), house.conversions()) == ([], [])
    assert house.decision()["reason"] == "no_candidate"
    assert reasons(house) == {house.program_id: "after_sale"}

    house.sale("today")
    house.deliver()
    assert house.owed() == [("pending", 500)]


@pytest.mark.parametrize(
    ("tracking_id", "reason"), [(999_999, "opportunity_unknown"), (4218, "visit_consumed"), (0, "no_visit")]
)
def test_a_sale_without_a_visit_is_recorded_with_its_reason(house: House, tracking_id: int, reason: str):
    if reason == "visit_consumed":
        house.sale("before")
        house.deliver()
    unrewarded = house.new_visit(house.new_collaborator())

    assert house.sale("now", tracking_id or unrewarded).status == 200
    house.deliver()

    assert reason in [it["reason"] for it in house.ledger("decision")]
    assert house.sale("now", tracking_id or unrewarded).headers["Idempotency-Hit"] == "true"


def test_a_program_of_another_currency_pays_nothing_and_says_so(house: House):
    house.sale(currency="EUR")

    house.deliver()

    assert (house.owed(), house.conversions()) == ([], [])
    assert house.decision()["reason"] == "not_awarded"
    assert reasons(house) == {house.program_id: "currency_mismatch"}
    shown = house.decision()["programs"][0]
    assert (shown["units"], house.decision()["currency"]) == ("USD", "EUR")
    assert house.decision()["candidates"][0]["award"] is None


def test_the_decision_keeps_every_candidate_with_its_reason(house: House):
    euros, idle = house.new_program(units="EUR"), house.new_program()
    everywhere = [house.program_id, euros, idle]
    first, second = house.new_collaborator(*everywhere), house.new_collaborator(*everywhere)
    opportunity = house.new_visit(first)
    house.visit(second, headers={"X-Siren-OID": str(opportunity)})
    house.put(f"/programs/{idle}", {"status": "inactive"})
    house.put(f"/collaborators/{first}", {"status": "inactive"})

    house.sale(tracking_id=opportunity)
    house.deliver()

    shown = sorted(
        (it["collaboratorId"] == first, it["outcome"], it["reason"]) for it in house.decision()["candidates"]
    )
    assert shown == [
        (False, "lost", "currency_mismatch"),
        (False, "lost", "program_not_active"),
        (False, "won", "won"),
        *[(True, "lost", "collaborator_not_active")] * 3,
    ]
    assert house.owed() == [("pending", 500)]


def test_the_decision_record_shows_the_inputs_of_the_award(house: House):
    house.sale()
    house.deliver()
    house.put(f"/programs/{house.program_id}", {"incentiveCalculation": {"transactionPercent": 50}})

    rule, award = house.decision()["programs"][0], house.decision()["candidates"][0]["award"]

    assert (rule["transactionPercent"], rule["version"], rule["clawback"]) == ("10", 1, "none")
    assert (award["base"], award["reward"], award["value"], award["lines"]) == (4999, 500, 500, "0")
    assert rule["transactionCompilers"] == ["includeLineItems"]


def test_the_newest_or_the_oldest_wins_as_the_program_says(house: House, monkeypatch: pytest.MonkeyPatch):
    oldest = house.new_program(incentiveResolverType="oldestBindingWins")
    both = [house.program_id, oldest]
    first, second = house.new_collaborator(*both), house.new_collaborator(*both)
    opportunity = house.new_visit(first)
    later = times.later(times.now(), seconds=5)
    monkeypatch.setattr(times, "now", lambda: later)
    house.visit(second, headers={"X-Siren-OID": str(opportunity)})

    house.sale(tracking_id=opportunity)
    house.deliver()

    winners = {it["listed"]["programId"]: it["listed"]["collaboratorId"] for it in house.ledger("conversion")}
    assert winners == {house.program_id: second, oldest: first}
    assert sorted(it["reason"] for it in house.decision()["candidates"]) == ["outranked", "outranked", "won", "won"]


def test_no_counted_line_means_no_conversion_and_no_positive_base_no_obligation(house: House):
    house.sale("shipping only", items=[{"type": "shipping", "amount": 5}])
    house.sale("free", tracking_id=house.new_visit(), items=[{"amount": 0}])

    house.deliver()

    assert (house.conversions(), house.owed()) == ([("approved", 0)], [])
    assert {it["reason"] for it in house.ledger("decision")} == {"not_awarded", "awarded"}
    assert [it["listed"]["obligationId"] for it in house.ledger("conversion")] == [None]


def test_a_program_without_automatic_approval_owes_a_draft(house: House):
    house.put(f"/programs/{house.program_id}", {"incentiveCalculation": {"autoApprove": False}})

    house.sale()
    house.deliver()

    assert (house.conversions(), house.owed()) == ([("pending", 500)], [("draft", 500)])


@pytest.mark.parametrize(
    ("actions", "conversion", "obligation", "affected"),
    [
        (["approve"], "approved", "pending", [0]),
        (["reject"], "rejected", "rejected", [1]),
        (["markPending"], "pending", "draft", [1]),
        (["reject", "approve"], "approved", "pending", [1, 1]),
        (["markPending", "approve", "reject", "reject"], "rejected", "rejected", [1, 1, 1, 0]),
        (["reject", "markPending"], "pending", "draft", [1, 1]),
    ],
)
def test_a_review_moves_the_obligation(
    house: House, actions: list[str], conversion: str, obligation: str, affected: list[int]
):
    house.sale()
    house.deliver()

    changed = []
    for action in actions:
        changed.append(review(house, action))
        house.deliver()

    assert changed == affected
    assert (house.conversions(), house.owed()) == ([(conversion, 500)], [(obligation, 500)])


def test_a_review_skips_unknown_conversions_and_those_of_other_organizations(house: House):
    house.sale()
    house.deliver()
    ((conversion),) = house.ledger("conversion")
    theirs = house.new_key("admin", organization="other")

    body = {"action": "reject", "ids": [conversion["listed"]["id"], conversion["listed"]["id"], 5]}
    foreign, own = house.post("/conversions/bulk", body, key=theirs), house.post("/conversions/bulk", body)

    unknown = [{"id": number, "reason": "not_found"} for number in (conversion["listed"]["id"], 5)]
    assert foreign.json == {"success": True, "affected": 0, "skipped": unknown}
    assert own.json == {"success": True, "affected": 1, "skipped": unknown[1:]}


def test_a_review_says_why_it_skips_a_conversion(house: House):
    house.sale()
    house.deliver()
    ids = [it["listed"]["id"] for it in house.ledger("conversion")]
    asked = {"action": "approve", "ids": ids}

    assert [it["reason"] for it in house.post("/conversions/bulk", asked).json["skipped"]] == ["already_so"]
    house.refund()
    house.deliver()
    assert [it["reason"] for it in house.post("/conversions/bulk", asked).json["skipped"]] == ["refunded"]


def test_a_refund_rejects_the_conversion_and_its_obligation(house: House):
    house.sale()
    house.deliver()

    house.refund()
    house.deliver()

    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])


def test_a_refund_between_sale_and_attribution_leaves_nothing_and_consumes_the_visit(house: House):
    house.sale()
    house.refund()

    house.deliver()

    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])
    assert house.decision()["reason"] == "awarded"
    assert house.decision()["opportunity"]["consumed"] is True

    house.sale("next")
    house.deliver()
    assert house.owed() == [("rejected", 0)]


@pytest.mark.parametrize("action", ["approve", "markPending"])
@pytest.mark.parametrize("delivered", [True, False])
def test_a_review_does_not_revive_a_refunded_sale(house: House, action: str, delivered: bool):
    house.put(f"/programs/{house.program_id}", {"incentiveCalculation": {"autoApprove": action == "markPending"}})
    house.sale()
    house.deliver()
    house.refund()
    if delivered:
        house.deliver()

    affected = review(house, action)
    house.deliver()

    assert affected == 0
    assert (house.conversions(), house.owed()) == ([("rejected", 0)], [("rejected", 0)])


def test_the_sales_event_makes_up_for_lost_conversion_events(house: House):
    house.sale()
    house.publish()
    attribute, heal, _ = sorted(house.arrived(), key=lambda message: message.function)
    assert house.consume(attribute)
    house.publish()
    lost = house.arrived()

    assert house.consume(heal)

    assert {it.detail_type for it in lost} == {"ConversionAwarded", "ConversionApproved", "OpportunitySettled"}
    assert house.owed() == [("pending", 500)]


def test_many_shuffled_and_repeated_sales_owe_each_once(house: House):
    chance = random.Random(7)
    amounts = range(100, 108)
    for amount in amounts:
        house.sale(f"ORD-{amount}", tracking_id=house.new_visit(), total=amount, items=[])

    def shuffled(messages: list[Message]) -> list[Message]:
        return chance.sample(messages + messages, 2 * len(messages))

    house.deliver(shuffled)

    assert house.owed() == [("pending", amount * 10) for amount in amounts]


def test_events_carry_money_as_integers_and_people_as_ids(house: House):
    house.sale(total=49.99, currency="USD")

    events = [json.loads(message.body)["detail"] for message in house.deliver()]

    amounts = {event["data"].get("total", event["data"].get("value")) for event in events}
    assert amounts - {None} == {4999, 500}
    shown = json.dumps(events)
    assert not [word for word in ("dana", "example.com", "Dana") if word in shown]


STEPS = st.lists(
    st.sampled_from(["sale", "refund", "approve", "reject", "markPending", "deliver", "redeliver"]), max_size=9
)
EFFECTS = {
    "approve": {"pending": "approved", "rejected": "approved"},
    "reject": {"pending": "rejected", "approved": "rejected"},
    "markPending": {"approved": "pending", "rejected": "pending"},
}
WANTED = {"pending": "draft", "approved": "pending", "rejected": "rejected"}


@settings(max_examples=20, deadline=None, derandomize=True)
@given(steps=STEPS, order=st.randoms(use_true_random=False))
def test_any_history_in_any_order_yields_the_ledger_of_its_sale(steps: list[str], order: random.Random):
    with in_process() as house:
        story = Story(house, order)

        for step in [*steps, "sale"]:
            story.do(step)
        story.settle()

        story.holds()


class Story:
    """A visit and a sale, the actions on them, and the expected outcome."""

    def __init__(self, house: House, order: random.Random) -> None:
        self.house, self.order = house, order
        self.seen: list[Message] = []
        self.waiting: list[Message] = []
        self.reported = self.refunded = False
        self.status: str | None = None  # expected status of the conversion, as decided by reviews

    def do(self, step: str) -> None:
        match step:
            case "sale":
                self.house.sale()
                self.reported = True
            case "refund":
                answer = self.house.refund()
                assert answer.status == (200 if self.reported else 404)
                self.refunded = self.reported
            case "deliver":
                self._collect()
                some = self.order.sample(self.waiting, self.order.randint(0, len(self.waiting)))
                self.waiting = [it for it in self.waiting if it not in some]
                self._consume(some)
            case "redeliver":
                self._consume(self.order.sample(self.seen, min(3, len(self.seen))))
            case action:
                self._review(action)

    def settle(self) -> None:
        """Delivers all pending events, some of them twice."""
        for _ in range(10):
            self._collect()
            if not self.waiting:
                return
            self._consume(self.order.sample(self.waiting + self.seen[-2:], len(self.waiting) + len(self.seen[-2:])))
            self.waiting = []
        raise AssertionError("messages were still arriving after the last round")

    def holds(self) -> None:
        ((sale),) = self.house.ledger("transaction")
        ((header),) = self.house.ledger("opportunity")
        assert sale["listed"]["status"] == ("refunded" if self.refunded else "complete")
        assert header["epoch"] == 1
        status, value = ("rejected", 0) if self.refunded else (self.status, 500)
        assert self.house.conversions() == [(status, value)]
        assert self.house.owed() == [(WANTED[status], value)]
        self._nothing_moves_any_more()

    def _nothing_moves_any_more(self) -> None:
        with self.house.requests_made() as made:
            self._consume(self.order.sample(self.seen, len(self.seen)))
        assert made.writes == 0

    def _review(self, action: str) -> None:
        held = self.house.ledger("conversion")
        ids = [it["listed"]["id"] for it in held] or [1]
        affected = self.house.post("/conversions/bulk", {"action": action, "ids": ids}).json["affected"]
        status = held[0]["listed"]["status"] if held else None
        allowed = status in EFFECTS[action] and (action == "reject" or not self.refunded)
        standing = held[0].get("standing") if held else None
        for_later = action == "reject" and standing not in (None, "rejected")
        assert affected == (1 if allowed or for_later else 0)
        if allowed:
            self.status = EFFECTS[action][status]

    def _collect(self) -> None:
        self.house.publish()
        self.waiting += self.house.arrived()

    def _consume(self, messages: list[Message]) -> None:
        for message in messages:
            assert self.house.consume(message)
        self.seen += messages
        if self.status is None and self.house.ledger("conversion"):
            self.status = "approved"
