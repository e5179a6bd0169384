"""Stores and profiles, created and changed by external id, in any order with the sales."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stack.house import House, in_process
from tests.stack.scenarios.point_of_sale import BUYER, STORE, event, issues, profile, push, read, store, totals
from tributary.domain import times

PHONE = "+33612345678"


# stores


def test_a_store_is_created_once_and_changed_by_the_given_members(house: House) -> None:
    address = {"line1": "1 rue de Rivoli", "postal_code": "75004", "city": "Paris", "country": "FR", "line2": None}
    made = store(house, "new", name="New", address=address)
    kept = store(house, "new")
    changed = store(house, "new", name="Newer")
    cleared = store(house, "new", address=None)

    assert [it.status for it in (made, kept, changed, cleared)] == [201, 200, 200, 200]
    assert made.json["address"] == address
    assert made.json == kept.json
    assert (changed.json["name"], changed.json["address"]) == ("Newer", address)
    assert (cleared.json["name"], cleared.json["address"]) == ("Newer", None)
    assert len({it.json["id"] for it in (made, kept, changed, cleared)}) == 1


def test_a_store_is_read_by_either_id_and_all_are_listed(house: House) -> None:
    made = store(house, "new").json

    assert read(house, "/stores/new", "admin").json == read(house, f"/stores/{made['id']}", "admin").json == made
    assert read(house, "/stores/nothing", "admin").status == 404
    listed = read(house, "/stores", "admin").json
    assert {it["external_id"] for it in listed["data"]} == {STORE, "new"}
    first = read(house, "/stores", "admin", limit=1).json
    second = read(house, "/stores", "admin", limit=1, cursor=first["next_cursor"]).json
    assert [it["external_id"] for it in first["data"] + second["data"]] == ["new", STORE]


def test_a_store_changed_concurrently_has_both_changes(house: House) -> None:
    store(house, "new")
    with house.meanwhile("UpdateItem", lambda: store(house, "new", name="Theirs")):
        store(house, "new", address={"city": "Paris"})

    shown = read(house, "/stores/new", "admin").json
    assert (shown["name"], shown["address"]["city"]) == ("Theirs", "Paris")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "external_id"),
        ({"external_id": 1}, "external_id"),
        ({"external_id": "store_1"}, "external_id"),
        ({"external_id": ""}, "external_id"),
        ({"external_id": "a", "name": 5}, "name"),
        ({"external_id": "a", "address": "Paris"}, "address"),
        ({"external_id": "a", "address": {"postalCode": 75004}}, "address.postal_code"),
    ],
)
def test_a_store_is_validated(house: House, body: dict[str, Any], path: str) -> None:
    assert issues(house.post("/stores", body, base="/v1")).keys() == {path}


def test_a_store_costs_one_put_and_a_change_one_more_update(house: House) -> None:
    house.get("/stores/nothing", base="/v1")
    counts = []
    for name in ("one", "one", "two"):
        with house.requests_made() as made:
            store(house, "new", name=name)
        counts.append(made.counts)

    assert counts == [{"PutItem": 1}, {"PutItem": 1}, {"PutItem": 1, "UpdateItem": 1}]


# profiles


def test_a_profile_is_created_once_and_changed_by_the_given_members(house: House) -> None:
    made = profile(house, first_name="Ada", lastName="Byron", email="ada@example.com", phone="+33 6 12-34.56/78")
    changed = profile(house, last_name=None, name="Ada B.")

    assert (made.status, changed.status) == (201, 200)
    shown = changed.json
    assert made.json["id"] == shown["id"] == read(house, f"/profiles/{BUYER}", "admin").json["id"]
    names = ("first_name", "last_name", "name", "email", "phone")
    assert [shown[it] for it in names] == ["Ada", None, "Ada B.", "ada@example.com", PHONE]
    assert read(house, f"/profiles/{shown['id']}", "admin").json == shown
    assert [read(house, f"/profiles/{it}", "admin").status for it in ("nobody", "prof_1", "prof_x")] == [404] * 3


def test_an_older_report_does_not_undo_a_newer_one(house: House) -> None:
    profile(house, first_name="Ada", updated_at="2026-02-01T00:00:00Z")
    shown = profile(house, first_name="Old", last_name="Byron", updated_at="2026-01-01T00:00:00Z").json

    assert (shown["first_name"], shown["last_name"]) == ("Ada", "Byron")


def test_a_report_dated_in_the_future_does_not_override_the_next_one(house: House) -> None:
    profile(house, first_name="Ada", phone=PHONE, updated_at=times.later(times.now(), seconds=200))
    shown = profile(house, first_name="Bea", phone=None).json

    assert (shown["first_name"], shown["phone"]) == ("Bea", None)


def test_a_phone_number_belongs_to_one_profile(house: House) -> None:
    profile(house, "a", phone=PHONE)
    before = house.ledger()

    refused = profile(house, "b", phone="+33 (6) 12 34 56 78")
    assert (refused.status, refused.json["code"]) == (409, "CONFLICT")
    assert house.ledger() == before
    assert profile(house, "a", phone=PHONE).status == 200


@pytest.mark.parametrize("then", ["+33600000000", None])
def test_a_released_phone_number_is_free(house: House, then: str | None) -> None:
    profile(house, "a", phone=PHONE)
    assert profile(house, "a", phone=then).json["phone"] == then

    assert profile(house, "b", phone=PHONE).json["phone"] == PHONE
    assert profile(house, "a", phone=PHONE).status == 409


def test_a_phone_number_of_an_erased_profile_is_free(house: House) -> None:
    own = profile(house, "a", phone=PHONE).json["id"]
    house.delete(f"/customers/{own.removeprefix('prof_')}")

    assert profile(house, "b", phone=PHONE).status == 201


def test_one_of_two_profiles_that_race_for_a_phone_number_gets_it(house: House) -> None:
    with house.meanwhile("TransactWriteItems", lambda: profile(house, "a", phone=PHONE)):
        late = profile(house, "b", phone=PHONE)

    assert late.status == 409
    assert read(house, "/profiles/a", "admin").json["phone"] == PHONE


def test_an_e_mail_of_another_profile_stays_there(house: House) -> None:
    profile(house, "a", email="ada@example.com")

    assert profile(house, "b", email="ada@example.com").json["email"] is None


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "external_id"),
        ({"external_id": "prof_1"}, "external_id"),
        ({"external_id": "a", "first_name": 1}, "first_name"),
        ({"external_id": "a", "email": "ada"}, "email"),
        ({"external_id": "a", "phone": "12345"}, "phone"),
        ({"external_id": "a", "phone": 33612345678}, "phone"),
        ({"external_id": "a", "phone": "0612345678x"}, "phone"),
        ({"external_id": "a", "updated_at": "yesterday"}, "updated_at"),
        ({"external_id": "a", "updated_at": "9999-01-01T00:00:00Z"}, "updated_at"),
    ],
)
def test_a_profile_is_validated(house: House, body: dict[str, Any], path: str) -> None:
    assert issues(house.post("/profiles", body, base="/v1")).keys() == {path}


def test_stores_and_profiles_need_an_unbound_admin_key(house: House) -> None:
    for key in (house.new_key("event:*"), house.new_key("admin", source="noticia")):
        for method, path in (("POST", "/stores"), ("GET", "/stores"), ("POST", "/profiles"), ("GET", "/profiles/a")):
            assert house.call(method, path, {"external_id": "a"}, key=key, base="/v1").status == 403


# any order

STEPS = ("buy 1", "buy 2", "bring 1", "bring 2", "crm 1", "crm 2", "some")


@settings(max_examples=15, deadline=None, derandomize=True)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=12), chance=st.randoms(use_true_random=False))
def test_any_order_and_repetition_yields_the_same_totals_and_ledger(steps: list[str], chance: random.Random) -> None:
    endings = []
    for walked in (steps, chance.sample(steps * 2, len(steps) * 2)):
        with in_process() as house:
            for step in walked:
                _walk(house, step, chance)
            house.deliver(lambda messages: chance.sample(messages * 2, len(messages) * 2))
            endings.append(_outcome(house))
    assert endings[0] == endings[1]
    assert endings[0][0] == _expected(set(steps))


def _walk(house: House, step: str, chance: random.Random) -> None:
    what, _, number = step.partition(" ")
    if what == "buy":
        push(house, event(external_id=f"buy-{number}", total_amount_cents=1000 * int(number)))
    elif what == "bring":
        push(house, event(external_id=f"bring-{number}", type="RETURN", total_amount_cents=300 * int(number)))
    elif what == "crm":
        profile(house, first_name=f"Ada {number}", updated_at=f"2026-01-0{number}T00:00:00Z")
    else:
        house.publish()
        arrived = house.arrived()
        for message in chance.sample(arrived, len(arrived)):
            assert house.consume(message)
    if chance.random() < 0.3:
        house.deliver()


def _outcome(house: House) -> tuple[Any, ...]:
    """The buyer's totals and name, and the ledger's sales and guards, without random ids."""
    known = read(house, f"/profiles/{BUYER}", "admin")
    sales = sorted((it["reported"]["externalId"], it["reported"]["total"]) for it in house.ledger("transaction"))
    guards = sorted((it["occurredAt"], str(it["amounts"])) for it in house.ledger("customer-order"))
    events = sorted(it["listed"]["id"] for it in house.ledger("sales-event"))
    if known.status == 404:
        return [], None, sales, guards, events
    return totals(house), known.json["first_name"], sales, guards, events


def _expected(steps: set[str]) -> list[tuple[Any, ...]]:
    bought = [1000 * n for n in (1, 2) if f"buy {n}" in steps]
    brought = sum(300 * n for n in (1, 2) if f"bring {n}" in steps)
    if not bought and not brought:
        return []
    return [("EUR", len(bought), sum(bought), brought, sum(bought) - brought)]
