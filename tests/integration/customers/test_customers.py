"""A buyer is one record, regardless of reporter and wording, until erased."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.seed import ORGANIZATION
from tests.stack.house import House
from tests.stack.scenarios.buyers import ADA, BOTH, CRM, MAIL, MONDAY, TUESDAY, WEDNESDAY, read, sold, totals, upsert
from tests.stack.scenarios.shop import push
from tributary.domain.errors import NotFound
from tributary.ledger.customers import customers
from tributary.ledger.customers.customers import Identity
from tributary.ledger.sales import closing


@pytest.fixture(autouse=True)
def _at_the_ledger(house: House) -> Iterator[None]:
    with house._environment("report_sale"):
        yield


# identity


def test_a_buyer_is_identified_by_e_mail_in_any_case_external_id_and_own_id(house: House) -> None:
    ada = upsert(BOTH)

    others = (Identity(email=" ADA@Example.com"), CRM, Identity(prof_id=ada), Identity("new@example.com", "crm-1"))
    assert {upsert(identity) for identity in others} == {ada}
    assert len(house.ledger("customer")) == 1


def test_a_light_profile_is_completed_later_and_keeps_its_id() -> None:
    light = upsert(CRM)
    assert (read(light)["email"], read(light)["externalId"]) == (None, "crm-1")

    assert upsert(BOTH, TUESDAY, firstName="Ada", attributes={"plan": "gold"}) == light
    assert (read(light)["email"], read(light)["firstName"], read(light)["attributes"]) == (ADA, "Ada", {"plan": "gold"})
    assert upsert(MAIL) == light


def test_the_later_moment_wins_per_field_in_any_order_of_arrival() -> None:
    ada = upsert(MAIL, WEDNESDAY, firstName="Ada", attributes={"plan": "gold"})
    upsert(MAIL, MONDAY, firstName="Old", lastName="Byron", attributes={"plan": "none", "size": 4})
    upsert(MAIL, TUESDAY, lastName=None)

    shown = read(ada)
    assert (shown["firstName"], shown["lastName"]) == ("Ada", None)
    assert shown["attributes"] == {"plan": "gold", "size": 4}


@pytest.mark.parametrize(("prefer", "whose"), [("email", 0), ("externalId", 1)])
def test_the_dialect_decides_between_two_keys_of_different_customers(prefer: str, whose: int) -> None:
    two = [upsert(MAIL, firstName="Mail"), upsert(CRM, firstName="Crm")]

    assert upsert(BOTH, TUESDAY, prefer, firstName="Both") == two[whose]
    assert [read(it)["firstName"] for it in two] == [["Both", "Crm"], ["Mail", "Both"]][whose]
    assert [(read(it)["email"], read(it)["externalId"]) for it in two] == [(ADA, None), (None, "crm-1")]
    assert [upsert(MAIL), upsert(CRM)] == two


def test_a_repeat_writes_nothing(house: House) -> None:
    upsert(BOTH, firstName="Ada")

    with house.requests_made() as made:
        upsert(BOTH, firstName="Ada")
    assert (made.writes, made.counts) == (0, {"BatchGetItem": 1, "GetItem": 1})


@pytest.mark.parametrize("other", [MAIL, BOTH, CRM])
def test_two_concurrent_first_reports_are_one_customer(house: House, other: Identity) -> None:
    others: list[int] = []
    with house.meanwhile("TransactWriteItems", lambda: others.append(upsert(other, lastName="Byron"))):
        ada = upsert(BOTH, firstName="Ada")

    assert others == [ada]
    assert len(house.ledger("customer")) == 1
    assert (read(ada)["firstName"], read(ada)["lastName"]) == ("Ada", "Byron")
    assert upsert(MAIL) == upsert(CRM) == ada


def test_concurrent_upserts_lose_nothing(house: House) -> None:
    ada = upsert(MAIL)
    with house.meanwhile("TransactWriteItems", lambda: upsert(BOTH, TUESDAY, lastName="Byron")):
        upsert(MAIL, TUESDAY, firstName="Ada")

    assert (read(ada)["firstName"], read(ada)["lastName"], read(ada)["externalId"]) == ("Ada", "Byron", "crm-1")


def test_an_unknown_own_id_is_not_found_and_writes_nothing(house: House) -> None:
    with pytest.raises(NotFound):
        upsert(Identity(ADA, prof_id=4711))
    assert house.ledger("customer") + house.ledger("customer-link") == []


def test_the_number_of_keys_per_customer_is_limited(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "MAX_LINKS", 2)
    ada = upsert(BOTH)

    assert upsert(Identity("third@example.com", "crm-1"), TUESDAY, "externalId") == ada
    assert read(ada)["email"] == ADA
    assert len(house.ledger("customer-link")) == 2


# reads


def test_a_customers_orders_are_listed_in_order_of_creation(house: House) -> None:
    ada, other = upsert(MAIL), upsert(CRM)
    orders = [sold(ada, str(number)) for number in range(5)]
    sold(other, "of another")
    sold(None, "of nobody")

    first = house.get("/transactions", customerId=ada, number=3, order="ASC", fields="id,customerId")
    cursor = first.headers["Link"].partition("cursor=")[2].partition(">")[0]
    rest = house.get("/transactions", customerId=ada, number=3, order="ASC", cursor=cursor)

    assert [it["customerId"] for it in first.json] == [ada] * 3
    assert [it["id"] for it in first.json + rest.json] == orders
    assert [house.get("/transactions", customerId=wrong).json for wrong in ("x", "", "None", 4711)] == [[]] * 4


def test_customers_are_found_by_their_keys_and_listed(house: House) -> None:
    ada, bob = upsert(BOTH), upsert(Identity("bob@example.com"))

    def ids(**filters: Any) -> list[int]:
        return [it["id"] for it in house.get("/customers", **filters).json]

    assert (ids(email="ADA@example.com"), ids(externalId="crm-1")) == ([ada], [ada])
    assert ids(email="bob@example.com", externalId="crm-1") == ids(email="x") == ids(email=ADA, status="erased") == []
    assert ids(email=ADA, externalId="crm-1") == [ada]
    assert set(ids()) == {ada, bob}
    assert house.get(f"/customers/{bob}").json["email"] == "bob@example.com"


def test_an_erasure_removes_personal_data_and_keeps_the_amounts(house: House) -> None:
    ada = upsert(BOTH, firstName="Ada", phone="+4912345", attributes={"plan": "gold"})
    order = sold(ada)
    house.deliver()

    erased = house.delete(f"/customers/{ada}")

    assert (erased.status, erased.json["status"]) == (200, "erased")
    assert house.delete(f"/customers/{ada}").json == erased.json == house.get(f"/customers/{ada}").json
    assert totals(ada) == [("USD", 1, 1000, 0)]
    assert [it["id"] for it in house.get("/transactions", customerId=ada).json] == [order]
    assert house.ledger("customer-link") == []
    assert not [word for word in ("ada@", "Ada", "crm-1", "4912345", "gold") if word in json.dumps(house.ledger())]


def test_after_an_erasure_orders_still_reconcile_and_the_same_keys_are_a_new_customer(house: House) -> None:
    ada = upsert(BOTH)
    order = sold(ada)
    house.delete(f"/customers/{ada}")
    closing.end(ORGANIZATION, order, "refunded")
    house.deliver()

    assert totals(ada) == [("USD", 1, 1000, 1000)]
    again = upsert(BOTH)
    assert again != ada
    with pytest.raises(NotFound):
        upsert(Identity(prof_id=ada))


def test_an_upsert_concurrent_with_an_erasure_does_not_restore_personal_data(house: House) -> None:
    ada = upsert(MAIL)
    with house.meanwhile("TransactWriteItems", lambda: house.delete(f"/customers/{ada}")):
        again = upsert(BOTH, TUESDAY, firstName="Ada")

    assert again != ada
    assert (read(ada)["status"], read(ada)["firstName"], read(again)["firstName"]) == ("erased", None, "Ada")


def test_erased_and_unknown_customers_are_not_found(house: House) -> None:
    assert house.delete("/customers/4711").status == 404
    assert house.get("/customers/4711").status == 404


def test_logs_events_and_keys_do_not_name_a_buyer(house: House, caplog: pytest.LogCaptureFixture) -> None:
    words = (ADA, "Ada", "crm-1", "+4912345", "gold")
    with caplog.at_level("DEBUG", logger="service_undefined"):
        ada = upsert(BOTH, firstName="Ada", phone="+4912345", attributes={"plan": "gold"})
        sold(ada)
        bodies = [message.body for message in house.deliver()]
        house.get("/customers", email=ADA)
        house.delete(f"/customers/{ada}")
        bodies += [message.body for message in house.deliver()]
    keys = [(item["pk"], item["sk"]) for item in house.ledger()]
    logged = [str(vars(record)) for record in caplog.records if record.name != "botocore"]

    assert logged
    for reported in (bodies, logged, map(str, keys)):
        assert not [word for text in reported for word in words if word in text]


def _published(house: House) -> list[str]:
    types: list[str] = []

    def note(params: Any, **_: Any) -> None:
        types.extend(entry["DetailType"] for entry in json.loads(params["body"])["Entries"])

    with _listening(house, note):
        house.deliver()
    return [name for name in types if name.startswith("Customer")]


@contextlib.contextmanager
def _listening(house: House, note: Any) -> Iterator[None]:
    hooks = house.bus_client().meta.events
    hooks.register("before-call.events.PutEvents", note)
    try:
        yield
    finally:
        hooks.unregister("before-call.events.PutEvents", note)


def test_a_customer_is_announced_when_made_changed_and_erased(house: House) -> None:
    ada = upsert(MAIL)
    assert _published(house) == ["CustomerCreated"]
    upsert(MAIL, TUESDAY, firstName="Ada")
    assert _published(house) == ["CustomerUpdated"]
    house.delete(f"/customers/{ada}")
    house.delete(f"/customers/{ada}")
    assert _published(house) == ["CustomerErased"]


# keys bound to a source


def test_a_bound_keys_order_names_a_nameless_customer_and_renames_no_other(house: House) -> None:
    bound = house.new_key("event:*", source="shopify")
    push(house, "o-1", customer={"email": ADA, "firstName": "Ada"})
    push(house, "o-2", key=bound, customer={"email": ADA, "firstName": "Eve", "lastName": "Byron"})
    push(house, "o-3", key=bound, customer={"email": ADA, "firstName": None, "lastName": "Lovelace"})

    ((customer),) = house.get("/customers").json
    assert (customer["firstName"], customer["lastName"]) == ("Ada", "Lovelace")
