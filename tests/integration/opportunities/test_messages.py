"""MessageSent: a campaign's message is an engagement of the profile's opportunity, to which purchases refer."""

import itertools
import json
from typing import Any

import pytest

from tests.stack.house import House
from tests.stack.scenarios.campaign import CODE, DAY_BEFORE, Campaign, begun
from tests.stack.scenarios.point_of_sale import BUYER, event, profile, push, read
from tributary.ledger.opportunities import opportunities, visits
from tributary.ledger.opportunities.visits import Visit

WEEK_BEFORE, TWO_DAYS_BEFORE = "2026-04-18T09:00:00.000Z", "2026-04-23T09:00:00.000Z"


@pytest.fixture
def campaign(house: House) -> Campaign:
    return begun(house)


def reasons(shown: dict[str, Any]) -> list[str]:
    """The decision's reason, then each candidate's."""
    return [shown["reason"], *(held["reason"] for held in shown["candidates"])]


def prof(house: House) -> str:
    return str(read(house, f"/profiles/{BUYER}", "admin").json["id"])


# credited purchases


@pytest.mark.parametrize("named", ["id", "alias"])
def test_a_purchase_within_the_window_is_credited_to_the_campaign_and_explained(campaign: Campaign, named: str) -> None:
    campaign.send(campaign=campaign.id if named == "id" else f"tracking:{CODE}")

    shown = campaign.purchase()

    assert shown["summary"] == f"Collaborator {campaign.id} earned 12.50 EUR from program {campaign.program_id}."
    assert reasons(shown) == ["awarded", "won"]
    assert campaign.house.owed() == [("pending", 1250)]


@pytest.mark.parametrize("buyer", ["CRM id", "own id"])
@pytest.mark.parametrize("addressee", ["CRM id", "own id"])
def test_a_profile_is_the_same_by_either_id(campaign: Campaign, buyer: str, addressee: str) -> None:
    profile(campaign.house)
    ids = {"CRM id": BUYER, "own id": prof(campaign.house)}

    campaign.send(profile=ids[addressee])

    assert reasons(campaign.purchase(profile_id=ids[buyer])) == ["awarded", "won"]


@pytest.mark.parametrize(
    ("sent_at", "expected", "sentence"),
    [
        (
            "2026-03-26T12:31:59Z",
            ["no_candidate", "expired"],
            "was last seen at 2026-03-26T12:31:59.000Z, more than 30",
        ),
        ("2026-03-26T12:32:01Z", ["awarded", "won"], "Reward: 10 % of 125.00 EUR = 12.50 EUR"),
        ("2026-04-25T12:36:59Z", ["awarded", "won"], "Reward: 10 % of 125.00 EUR = 12.50 EUR"),
        ("2026-04-25T12:37:01Z", ["no_candidate", "after_sale"], "began at 2026-04-25T12:37:01.000Z, after the sale"),
    ],
)
def test_the_window_is_the_programs_and_is_explained(
    campaign: Campaign, sent_at: str, expected: list[str], sentence: str
) -> None:
    campaign.send(sentAt=sent_at)

    shown = campaign.purchase()

    assert reasons(shown) == expected
    assert sentence in shown["candidates"][0]["explanation"]


def test_a_program_in_another_currency_is_explained(house: House) -> None:
    campaign = begun(house, units="USD")
    campaign.send()

    assert reasons(campaign.purchase()) == ["not_awarded", "currency_mismatch"]


def test_programs_without_the_trigger_create_no_engagement(house: House) -> None:
    campaign = begun(house, engagementTypes={"siteVisited": 100})
    campaign.send()

    assert campaign.live() == []
    assert reasons(campaign.purchase()) == ["no_visit"]


def test_a_purchase_before_any_message_has_no_opportunity_even_when_repeated(campaign: Campaign) -> None:
    assert reasons(campaign.purchase()) == ["not_referred"]
    campaign.send()

    assert push(campaign.house, event(external_id="T-1")).status == 200
    campaign.house.deliver()

    assert reasons(campaign.explained()) == ["not_referred"]
    assert campaign.sale()["reported"]["trackingId"] is None
    assert campaign.house.owed() == []


@pytest.mark.parametrize("buyer", [..., "crm-another"])
def test_a_purchase_without_a_profile_or_by_another_has_no_opportunity(campaign: Campaign, buyer: Any) -> None:
    campaign.send()

    assert reasons(campaign.purchase(profile_id=buyer)) == ["not_referred"]


def test_a_return_is_not_a_sale_and_leaves_the_message_for_the_next_purchase(campaign: Campaign) -> None:
    campaign.send()
    push(campaign.house, event(external_id="T-0", type="RETURN"))

    assert reasons(campaign.purchase()) == ["awarded", "won"]


def test_a_message_is_paid_for_only_once(campaign: Campaign) -> None:
    campaign.send(messageId="m-1")
    campaign.purchase("T-1")

    assert reasons(campaign.purchase("T-2")) == ["visit_consumed"]
    campaign.send(messageId="m-1")
    assert reasons(campaign.purchase("T-3")) == ["visit_consumed"]
    campaign.send(messageId="m-2")
    assert reasons(campaign.purchase("T-4")) == ["awarded", "won"]


def test_one_of_two_concurrent_purchases_is_credited(campaign: Campaign) -> None:
    campaign.send()
    house = campaign.house
    with house.meanwhile("TransactWriteItems", lambda: push(house, event(external_id="T-2"))):
        push(house, event(external_id="T-1"))
    house.publish()
    one, two = (it for it in house.arrived() if it.function == "attribute_sale")

    with house.meanwhile("TransactWriteItems", lambda: house.consume(two)):
        assert house.consume(one)
    house.deliver()

    assert sorted(reasons(campaign.explained(it))[0] for it in ("T-1", "T-2")) == ["awarded", "visit_consumed"]
    assert house.owed() == [("pending", 1250)]


# idempotency


def test_messages_in_any_order_and_repetition_are_one_engagement_with_the_points_of_each(house: House) -> None:
    campaign = begun(house)
    sent = {"m-1": WEEK_BEFORE, "m-2": TWO_DAYS_BEFORE, "m-3": DAY_BEFORE}
    for number, order in enumerate(itertools.permutations(sent)):
        for name in (*order, *order[:2]):
            campaign.send(profile=f"crm-{number}", messageId=name, sentAt=sent[name])

    assert campaign.live() == [(300, WEEK_BEFORE, DAY_BEFORE)] * 6


@pytest.mark.parametrize("named", [{"messageId": "m-1"}, {}, {"sentAt": ...}])
def test_a_repeated_message_writes_nothing(campaign: Campaign, named: dict[str, Any]) -> None:
    message = campaign.report(**named)
    assert campaign.house.consume(message)
    before = campaign.house.ledger()

    with campaign.house.requests_made() as made:
        assert campaign.house.consume(message)

    assert made.writes == 0
    assert campaign.house.ledger() == before


def test_concurrent_deliveries_of_a_message_count_once(campaign: Campaign) -> None:
    campaign.send(messageId="m-0")
    message = campaign.report(messageId="m-1")

    with campaign.house.meanwhile("TransactWriteItems", lambda: campaign.house.consume(message)):
        assert campaign.house.consume(message)

    assert [score for score, *_ in campaign.live()] == [200]


def test_two_concurrent_first_messages_share_one_opportunity(campaign: Campaign) -> None:
    one, two = (campaign.report(messageId=name) for name in ("m-1", "m-2"))
    profile(campaign.house)

    with campaign.house.meanwhile("TransactWriteItems", lambda: campaign.house.consume(two)):
        assert campaign.house.consume(one)

    assert [score for score, *_ in campaign.live()] == [200]


def test_messages_are_distinguished_by_campaign_and_profile(campaign: Campaign) -> None:
    other = campaign.house.new_collaborator(campaign.program_id)

    for members in ({}, {"campaign": other}, {"profile": "crm-another"}):
        campaign.send(messageId="m-1", **members)

    assert len(campaign.live()) == 2
    assert len(campaign.house.ledger("message")) == 3


@pytest.mark.parametrize("moment", [..., None])
def test_a_message_without_a_time_takes_its_events(campaign: Campaign, moment: object) -> None:
    message = campaign.report(sentAt=moment)
    body = json.dumps(json.loads(message.body) | {"time": "2026-04-24T09:00:00Z"})

    assert campaign.house.consume(type(message)(message.function, body))

    assert campaign.live() == [(100, DAY_BEFORE, DAY_BEFORE)]


# opportunities


def test_messages_continue_the_opportunity_after_a_merge(campaign: Campaign) -> None:
    house = campaign.house
    house.put(f"/programs/{campaign.program_id}", {"engagementTypes": {"messageSent": 100, "siteVisited": 10}})
    campaign.send(messageId="m-1")
    (shown,) = house.ledger("customer-opportunity")
    with house._environment("report_visit"):
        users = visits.record("demo", Visit(campaign.id, "u-1"), WEEK_BEFORE, 777).opportunity_id
        visits.record("demo", Visit(campaign.id, "u-1", shown["opportunityId"]), DAY_BEFORE)
    assert users == 777

    campaign.send(messageId="m-2")

    assert [it["opportunityId"] for it in house.ledger("customer-opportunity")] == [users]
    (held,) = campaign.live()
    assert held == (100 + 10 + 10 + 100, WEEK_BEFORE, DAY_BEFORE)
    assert reasons(campaign.purchase()) == ["awarded", "won"]


def test_a_purchase_linked_to_a_merged_opportunity_is_credited_by_the_remaining_one(
    campaign: Campaign,
) -> None:
    campaign.send()
    (shown,) = campaign.house.ledger("customer-opportunity")
    with campaign.house._environment("report_visit"):
        visits.record("demo", Visit(campaign.house.collaborator_id, "u-1"), WEEK_BEFORE, 777)
        visits.record("demo", Visit(campaign.house.collaborator_id, "u-1", shown["opportunityId"]), DAY_BEFORE)

    decided = campaign.purchase()

    assert (decided["opportunityId"], decided["reason"]) == (777, "awarded")


def test_an_invalid_opportunity_earns_nothing_and_the_next_message_starts_another(campaign: Campaign) -> None:
    campaign.send(messageId="m-1")
    (shown,) = campaign.house.ledger("customer-opportunity")
    with campaign.house._environment("manage_opportunities"):
        opportunities.invalidate("demo", shown["opportunityId"])

    assert reasons(campaign.purchase("T-1")) == ["opportunity_invalid"]
    campaign.send(messageId="m-2")
    assert reasons(campaign.purchase("T-2")) == ["awarded", "won"]


def test_an_unknown_external_id_creates_a_profile_found_by_purchases_and_upserts(campaign: Campaign) -> None:
    campaign.send(profile="crm-new")

    shown = campaign.purchase(profile_id="crm-new")

    assert profile(campaign.house, "crm-new", name="Ada").status == 200
    assert reasons(shown) == ["awarded", "won"]
    assert len(campaign.house.ledger("customer")) == 1


def test_keys_begin_with_the_organization_and_events_do_not_name_the_profile(campaign: Campaign) -> None:
    campaign.send(messageId="ada@example.com")
    campaign.purchase()

    written = [*campaign.house.ledger("message"), *campaign.house.ledger("customer-opportunity")]
    assert len(written) == 2
    assert all(it["pk"].startswith("demo#customer#") for it in written)
    assert not [it for it in written if "ada@" in str(it)]
    assert not [it.body for it in campaign.house.handled if it.function != "receive_event" and BUYER in it.body]


# erasure


def test_an_erasure_removes_the_link_and_refuses_messages_and_purchases_by_the_old_id(campaign: Campaign) -> None:
    campaign.send()
    own = prof(campaign.house)
    assert campaign.house.delete(f"/customers/{own.removeprefix('prof_')}").status == 200

    assert campaign.house.ledger("customer-opportunity") == []
    assert push(campaign.house, event(profile_id=own)).status == 422
    assert campaign.house.consume(campaign.report(profile=own, messageId="m-2"))
    ((code, reason),) = campaign.house.dead_letters("receive_event")
    assert (code, "profile" in reason) == ("VALIDATION_FAILED", True)
    assert reasons(campaign.purchase()) == ["not_referred"]  # the CRM id is a new profile


def test_an_erasure_during_a_message_leaves_no_link(campaign: Campaign) -> None:
    profile(campaign.house)
    own = prof(campaign.house)
    message = campaign.report(profile=own)

    erase = f"/customers/{own.removeprefix('prof_')}"
    with campaign.house.meanwhile("TransactWriteItems", lambda: campaign.house.delete(erase)):
        assert not campaign.house.consume(message)
    assert campaign.house.consume(message)

    assert campaign.house.ledger("customer-opportunity") == campaign.house.ledger("message") == []
    assert [code for code, _ in campaign.house.dead_letters("receive_event")] == ["VALIDATION_FAILED"]


# refusals


@pytest.mark.parametrize(
    ("members", "fields"),
    [
        ({"profile": ..., "campaign": ...}, ["profile is", "campaign is"]),
        ({"profile": " ", "campaign": "x", "sentAt": "soon"}, ["profile is", "campaign must", "sentAt must"]),
        ({"profile": 7, "campaign": 0, "messageId": ""}, ["profile must", "campaign must", "messageId is"]),
        ({"sentAt": "2999-01-01T00:00:00Z"}, ["sentAt must not be in the future"]),
        ({"profile": "prof_123"}, ["profile is no profile that is known"]),
        ({"profile": "prof_x"}, ["profile is no profile that is known"]),
    ],
)
def test_an_unreadable_message_is_a_dead_letter_naming_every_field(
    campaign: Campaign, members: dict[str, Any], fields: list[str]
) -> None:
    campaign.house.publish()
    before = campaign.house.ledger()

    assert campaign.house.consume(campaign.report(**members))

    ((code, reason),) = campaign.house.dead_letters("receive_event")
    assert code == "VALIDATION_FAILED"
    assert [field for field in fields if field not in reason] == []
    assert campaign.house.ledger() == before


@pytest.mark.parametrize("named", [999, "tracking:NOBODY"])
def test_a_message_of_an_unknown_campaign_is_retried_and_becomes_a_dead_letter(
    campaign: Campaign, named: object
) -> None:
    message = campaign.report(campaign=named)

    done = [campaign.house.consume(message) for _ in range(campaign.house.tries("receive_event"))]

    assert done == [False] * (len(done) - 1) + [True]
    assert campaign.house.dead_letters("receive_event") == [("not_found", "There is no such campaign.")]
    assert campaign.house.ledger("customer-opportunity") == campaign.house.ledger("message") == []


def test_a_campaign_that_is_not_active_earns_nothing(campaign: Campaign) -> None:
    campaign.house.put(f"/collaborators/{campaign.id}", {"status": "inactive"})

    campaign.send()

    assert reasons(campaign.purchase()) == ["not_referred"]
    assert campaign.house.ledger("message") == []


def test_another_organizations_campaign_and_profile_are_unknown(campaign: Campaign) -> None:
    house, own = campaign.house, profile(campaign.house).json["id"]
    key = house.new_key("admin", organization="other")
    source = {"source": "other.shop", "account": json.loads(campaign.report().body)["account"]}
    assert house.post("/event-sources", source, key=key).status == 201

    for members in ({"profile": own}, {"campaign": campaign.id}):
        message = campaign.report(organization="other", **members)
        assert any(house.consume(message) for _ in range(house.tries("receive_event")))

    assert sorted(code for code, _ in house.dead_letters("receive_event")) == ["VALIDATION_FAILED", "not_found"]
    assert house.ledger("message") == []


# costs


def test_requests_are_counted(campaign: Campaign) -> None:
    profile(campaign.house)
    campaign.send(messageId="which leaves the programs in the process", profile="crm-another")

    def counts(**members: Any) -> dict[str, int]:
        message = campaign.report(**members)
        with campaign.house.requests_made() as made:
            assert campaign.house.consume(message)
        return made.counts

    bound, written = {"GetItem": 2}, {"TransactWriteItems": 1}
    assert counts(messageId="m-1") == {**bound, "BatchGetItem": 1, **written}
    assert counts(messageId="m-2") == {**bound, "BatchGetItem": 2, **written}
    assert counts(messageId="m-2") == {**bound, "BatchGetItem": 2}
    assert counts(messageId="m-3", campaign=f"tracking:{CODE}") == {**bound, "BatchGetItem": 2, **written}


def test_a_message_is_one_transaction_of_opportunity_engagements_count_and_check(campaign: Campaign) -> None:
    profile(campaign.house)
    sizes = []
    for name in ("m-1", "m-2"):
        message = campaign.report(messageId=name)
        with campaign.house.requests_made() as made:
            assert campaign.house.consume(message)
        sizes.append(len(made.of("TransactWriteItems")[0]["TransactItems"]))

    assert sizes == [5, 4]
