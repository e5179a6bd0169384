"""API keys: shown once, stored as hashes, limited, revocable, expiring."""

import hashlib
import re
from typing import Any
from unittest import mock

import pytest

from tests.stack.house import House
from tributary.api.http import requests
from tributary.domain import times


def make(house: House, **body: Any) -> Any:
    answer = house.post("/api-keys", body)
    assert answer.status == 201, answer.text
    return answer.json


def test_a_new_key_is_shown_once_and_works(house: House):
    made = make(house, label="shop", scopes=["event:*"])

    assert re.fullmatch(r"sk_live_[0-9a-f]{64}", made["rawKey"])
    assert made["keyPrefix"] == made["rawKey"][:16]
    assert house.post("/event/site-visited", {"collaboratorId": 88}, key=made["rawKey"]).status == 200
    ((listed),) = [it for it in house.get("/api-keys").json if it["id"] == made["id"]]
    assert listed == {name: value for name, value in made.items() if name != "rawKey"} | {"lastUsedAt": today()}


def test_the_shape_of_a_key_is_complete(house: House):
    made = make(house)

    assert (made["label"], made["status"], made["scopes"], made["source"]) == ("", "active", ["*"], None)
    assert made["createdAt"] == made["dateCreated"]
    assert [made[name] for name in ("expiresAt", "lastUsedAt", "revokedAt", "propertyId")] == [None] * 4


def today() -> str:
    return f"{times.now()[:10]}T00:00:00.000Z"


def last_use(house: House, key_id: int) -> Any:
    (listed,) = [it for it in house.get("/api-keys").json if it["id"] == key_id]
    return listed["lastUsedAt"]


def at(moment: str) -> Any:
    """A clock that stands, and a process without cached keys."""
    requests.forget_keys()
    return mock.patch.object(times, "now", return_value=moment)


def test_a_key_shows_the_day_of_its_last_use_and_only_a_use_changes_it(house: House):
    made = make(house, label="shop", scopes=["event:*"])
    assert last_use(house, made["id"]) is None

    for moment, day in [("2030-01-07T10:00:00.000Z", "2030-01-07"), ("2030-01-09T23:59:00.000Z", "2030-01-09")]:
        with at(moment):
            house.visit(key=made["rawKey"])
        assert last_use(house, made["id"]) == f"{day}T00:00:00.000Z"

    assert house.delete(f"/api-keys/{made['id']}").json["lastUsedAt"] == "2030-01-09T00:00:00.000Z"


def test_a_days_use_is_written_once_however_many_processes_see_it(house: House):
    key = make(house, scopes=["event:*"])["rawKey"]

    def writes_of_a_new_process(moment: str) -> int:
        with at(moment), house.requests_made() as asked:
            house.visit(key=key, collaborator="tracking:unknown")
        return asked.writes

    days = ["2030-01-07T10:00:00.000Z", "2030-01-07T11:00:00.000Z", "2030-01-08T00:00:00.000Z"]
    assert [writes_of_a_new_process(it) for it in days] == [1, 0, 1]


def test_two_processes_that_both_see_the_first_use_of_a_day_both_answer(house: House):
    key = make(house, scopes=["event:*"])["rawKey"]

    def another_process() -> None:
        with at("2030-01-07T10:00:00.000Z"):
            assert house.visit(key=key, collaborator="tracking:unknown").status == 200

    with at("2030-01-07T10:00:00.000Z"), house.meanwhile("TransactWriteItems", another_process):
        assert house.visit(key=key, collaborator="tracking:unknown").status == 200


def test_a_request_does_not_fail_for_the_note_of_its_key(house: House):
    key = make(house, scopes=["event:*"])["rawKey"]

    with mock.patch.object(requests.api_keys, "note_use", side_effect=OSError):
        assert house.visit(key=key).status == 200


@pytest.mark.parametrize("refused", ["revoked", "expired"])
def test_a_refused_key_is_not_used(house: House, refused: str):
    made = make(house, scopes=["event:*"], expiresAt="2030-01-01T00:00:00Z")
    if refused == "revoked":
        house.delete(f"/api-keys/{made['id']}")

    with at("2030-01-07T10:00:00.000Z"):
        assert house.visit(key=made["rawKey"]).status == 401

    assert last_use(house, made["id"]) is None


def test_a_key_made_without_scopes_says_that_it_reads_nothing(house: House):
    without, named = make(house), make(house, scopes=["*"])

    assert without["scopes"] == ["*"]
    assert without["message"].startswith("Made without scopes, this key sends events (*) and reads nothing")
    assert "message" not in named
    assert house.post("/event/site-visited", {"collaboratorId": 88}, key=without["rawKey"]).status == 200
    assert house.get("/conversions", key=without["rawKey"]).error["code"] == "missing_scope"


def test_the_ledger_holds_a_hash_and_never_the_key(house: House):
    raw_key = make(house)["rawKey"]

    everything = repr(house.ledger())

    assert raw_key not in everything
    assert hashlib.sha256(raw_key.encode()).hexdigest() in everything


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({"scopes": []}, {"scopes": "LENGTH"}),
        ({"scopes": ["programs:read", "ledger:*"]}, {"scopes[0]": "ENUM", "scopes[1]": "ENUM"}),
        ({"scopes": ["conversions:read", "event:UP", "event:"]}, {f"scopes[{n}]": "ENUM" for n in range(3)}),
        ({"scopes": "admin"}, {"scopes": "TYPE"}),
        ({"expiresAt": "2020-01-01"}, {"expiresAt": "MIN"}),
        (
            {"expiresAt": "soon", "label": 5, "source": ""},
            {"label": "TYPE", "expiresAt": "FORMAT", "source": "REQUIRED"},
        ),
    ],
)
def test_invalid_settings_of_a_key_are_reported(house: House, body: Any, failures: dict[str, str]):
    assert house.post("/api-keys", body).failures == failures


def test_events_write_means_all_events(house: House):
    assert make(house, scopes=["events:write", "ledger:payouts:read"])["scopes"] == ["event:*", "ledger:payouts:read"]


def test_a_key_is_refused_once_it_has_expired(house: House, monkeypatch: pytest.MonkeyPatch):
    raw_key = make(house, scopes=["event:*"], expiresAt=times.later(times.now(), minutes=5))["rawKey"]
    before = house.visit(key=raw_key)

    later = times.later(times.now(), minutes=5, seconds=1)
    monkeypatch.setattr(times, "now", lambda: later)

    assert (before.status, house.visit(key=raw_key).status) == (200, 401)


def test_a_revoked_key_is_refused_after_the_cache_expires_and_revoking_is_idempotent(house: House):
    made = make(house, scopes=["event:*"])

    first, again = (house.delete(f"/api-keys/{made['id']}") for _ in range(2))

    assert (first.status, first.json["status"]) == (200, "revoked")
    assert again.json == first.json
    assert first.json["revokedAt"] is not None
    assert house.visit(key=made["rawKey"]).status == 401


def test_a_key_that_does_not_exist_cannot_be_revoked(house: House):
    assert house.delete("/api-keys/5").status == 404


@pytest.mark.parametrize("key", ["events", "reader"])
def test_keys_without_admin_cannot_manage_keys(house: House, key: str):
    answers = [
        house.get("/api-keys", key=key),
        house.post("/api-keys", {}, key=key),
        house.delete("/api-keys/1", key=key),
    ]

    assert [(it.status, it.error["code"]) for it in answers] == [(401, "api_key_not_accepted")] * 3


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Basic x", "sk_live_x", "Bearer sk_live_x", "Bearer \ud800"])
def test_no_key_and_a_wrong_one_get_the_same_answer(house: House, sent: str):
    answer = house.get("/programs", key=None, headers={"Authorization": sent})

    assert (answer.status, answer.error["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.error["message"] == house.get("/programs", key=None).error["message"]


def test_the_250th_active_key_is_the_last_until_one_is_revoked(house: House):
    count = len(house.ledger("api-key"))
    house.set_count_of_keys(249)

    last, refused = make(house), house.post("/api-keys", {})
    house.delete(f"/api-keys/{last['id']}")
    again = house.post("/api-keys", {})

    assert (refused.status, refused.error["code"], refused.error["context"]) == (409, "conflict", {"limit": 250})
    assert again.status == 201
    assert len(house.ledger("api-key")) == count + 2


def expired_key(house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A key that has just expired."""
    made = make(house, expiresAt=times.later(times.now(), minutes=5))
    later = times.later(times.now(), minutes=6)
    monkeypatch.setattr(times, "now", lambda: later)
    return made


def test_an_expired_key_is_listed_as_expired_and_found_by_that_status(house: House, monkeypatch: pytest.MonkeyPatch):
    made = expired_key(house, monkeypatch)

    listed = {
        status: [it["id"] for it in house.get("/api-keys", status=status).json] for status in ("active", "expired")
    }
    shown = {it["id"]: it["status"] for it in house.get("/api-keys").json}

    assert shown[made["id"]] == "expired"
    assert listed["expired"] == [made["id"]]
    assert made["id"] not in listed["active"]


def test_an_expired_key_does_not_count_towards_the_limit(house: House, monkeypatch: pytest.MonkeyPatch):
    made = expired_key(house, monkeypatch)
    house.set_count_of_keys(250)

    instead, refused = house.post("/api-keys", {}), house.post("/api-keys", {})

    assert (instead.status, refused.status) == (201, 409)
    assert [it["id"] for it in house.get("/api-keys", status="expired").json] == [made["id"]]


def test_revoking_an_expired_key_frees_its_place_once(house: House, monkeypatch: pytest.MonkeyPatch):
    made = expired_key(house, monkeypatch)
    house.set_count_of_keys(250)
    make(house)

    revoked = house.delete(f"/api-keys/{made['id']}")

    assert (revoked.status, revoked.json["status"]) == (200, "revoked")
    assert house.post("/api-keys", {}).status == 409


def test_a_bound_key_cannot_create_an_unbound_one(house: House):
    bound = house.new_key("admin", source="wc")

    answers = [house.post("/api-keys", {}, key=bound), house.get("/api-keys", key=bound)]

    assert [(it.status, it.error["code"]) for it in answers] == [(403, "store_key_not_allowed")] * 2


def test_keys_are_listed_two_hundred_per_page(house: House):
    before = len(house.get("/api-keys").json)
    for _ in range(12):
        house.new_key("event:*")

    keys = house.get("/api-keys").json

    assert len(keys) == before + 12
    assert len(house.get("/api-keys", number=5).json) == 5
