"""The audit of changes by hand, through the real functions."""

from typing import Any

import pytest

from tests.stack.exchange import Item
from tests.stack.house import House
from tests.stack.scenarios.paid import generate, payouts
from tests.stack.scenarios.past import line, sold


def entries(house: House, **query: Any) -> list[Item]:
    """The audit, oldest first."""
    house.deliver()
    return list(reversed(house.get("/audit", **query).json))


def admins_id(house: House) -> int:
    """The id of the demo's admin key."""
    (key,) = (it for it in house.get("/api-keys").json if it["scopes"] == ["admin"])
    return int(key["id"])


def test_a_change_of_a_program_names_the_key_and_the_request(house: House):
    house.put(f"/programs/{house.program_id}", {"name": "Renamed"})

    entry = entries(house)[-1]

    assert (entry["record"], entry["recordId"], entry["action"]) == ("program", house.program_id, "changed")
    assert (entry["actorId"], entry["changes"]) == (admins_id(house), ["name"])
    assert entry["requestId"].startswith("request")
    (event,) = (it for it in house.on_the_bus if it["detail-type"] == "ProgramUpdated")
    assert event["detail"]["metadata"]["actorId"] == entry["actorId"]


def test_reports_of_shops_and_what_follows_from_them_are_no_changes_by_hand(house: House):
    house.sale()
    house.visit()

    assert entries(house) == []


@pytest.mark.parametrize(
    ("change", "record", "action"),
    [
        (lambda house: house.put("/settings", {"netRefunds": True}), "settings", "created"),
        (lambda house: house.post("/api-keys", {"label": "Till"}), "api-key", "created"),
        (lambda house: house.new_collaborator(), "collaborator", "created"),
        (lambda house: house.post("/transactions", {"details": [{"name": "A", "value": 5}]}), "transaction", "created"),
        (
            lambda house: house.post("/obligations", {"collaboratorId": house.collaborator_id, "value": 5}),
            "obligation",
            "created",
        ),
    ],
)
def test_each_kind_of_change_by_hand_has_an_entry(house: House, change: Any, record: str, action: str):
    change(house)

    found = [(it["record"], it["action"], it["actorId"]) for it in entries(house)]

    assert found == [(record, action, admins_id(house))]


def test_the_way_of_a_payout_is_audited_by_record(house: House):
    anna = house.new_collaborator(house.new_program())
    sold(house, house.new_visit(anna), line(100))
    generate(house)
    (payout,) = payouts(house)
    house.post("/payouts/bulk", {"action": "markPaid", "ids": [payout["id"]]})

    found = entries(house, record="payout")

    assert [(it["action"], it["recordId"], it["status"]) for it in found] == [
        ("created", payout["id"], "unpaid"),
        ("changed", payout["id"], "paid"),
    ]
    assert entries(house, actor="1") == []


def test_the_audit_repeats_nothing_and_is_closed_to_other_keys(house: House):
    house.put(f"/programs/{house.program_id}", {"name": "Renamed"})
    before = entries(house)
    changes = house.relay([])
    stranger = house.new_key("admin", organization="stranger")

    assert changes == {"batchItemFailures": []}
    assert entries(house) == before
    assert house.get("/audit", key=stranger).json == []
    assert house.get("/audit", key="events").status == 403


def test_the_audit_of_a_period_takes_from_and_to(house: House):
    house.put(f"/programs/{house.program_id}", {"name": "Renamed"})
    (entry,) = entries(house)

    assert entries(house, **{"from": entry["dateCreated"]}) == [entry]
    assert entries(house, to=entry["dateCreated"]) == []


def test_deletions_for_good_keep_their_entry(house: House):
    source = house.post("/event-sources", {"account": "123456789012", "source": "other.shop"}).json["id"]
    batch = _failed_batch(house)

    house.delete(f"/event-sources/{source}")
    house.delete(f"/fulfillments/{batch}")

    found = [(it["record"], it["recordId"]) for it in entries(house) if it["action"] == "deleted"]
    assert found == [("event-source", source), ("fulfillment", batch)]


def _failed_batch(house: House) -> int:
    anna = house.new_collaborator(house.new_program())
    sold(house, house.new_visit(anna), line(100))
    number = int(generate(house).json["id"])
    house.post("/fulfillments/bulk", {"action": "fail", "ids": [number]})
    house.deliver()
    return number
