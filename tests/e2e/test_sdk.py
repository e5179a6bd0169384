"""The official Python client, in both of its versions, works against Tributary unchanged."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.paths import STATE
from tests.e2e.support.receiver import receiving
from tests.stack.journey import Journey, at_rest, eventually

SUPPORT = Path(__file__).with_name("support")
FIRST_VERSION = STATE / "siren-sdk-0.1.0"


def installed_first_version() -> Path:
    """Path of version 0.1.0, installed if missing. Its requirements are those of 0.2.0."""
    STATE.mkdir(exist_ok=True)
    with (STATE / "siren-sdk-0.1.0.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (FIRST_VERSION / "siren").is_dir():
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
            requirements = ["--requirement", SUPPORT / "siren-sdk-0.1.0.txt"]
            subprocess.run([*pip, "--target", FIRST_VERSION, *requirements], check=True)
    return FIRST_VERSION


@pytest.fixture(params=["0.2.0", "0.1.0"])
def client_version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def run(version: str, **asked: Any) -> Any:
    path = {"PYTHONPATH": str(installed_first_version())} if version == "0.1.0" else {}
    done = subprocess.run(
        [sys.executable, SUPPORT / "sdk_client.py"],
        input=json.dumps(asked),
        env={**os.environ, "NO_PROXY": "127.0.0.1", **path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_official_client_completes_the_whole_journey(journey: Journey, client_version: str) -> None:
    collaborator = journey.house()

    seen = run(client_version, part="walk", url=journey.stack.url, keys=journey.keys, collaborator=collaborator)

    assert seen["version"] == client_version
    first, second = seen["visits"]
    assert seen["sales"] == [first, first, second, second]
    assert seen["refunds"] == [second, second]
    assert seen["ingested"] == second
    the_refusals_are_the_clients_own(seen)
    transactions = {it["sourceId"]: it for it in journey.listed("transactions", include="extended")}
    assert list(journey.owed(transactions["ord_1"]["id"]).values()) == [("approved", "pending", 500)]
    assert (transactions["ord_2"]["totalValue"], transactions["ord_2"]["status"]) == (10996, "refunded")
    at_rest(journey.stack)
    the_lists_are_the_clients_own(
        run(client_version, part="read", url=journey.stack.url, keys=journey.keys), transactions
    )
    journey.ok("POST", "/fulfillments/generate", {})
    payouts_are_listed_by_the_client(run(client_version, part="paid", url=journey.stack.url, keys=journey.keys))


def test_the_official_client_manages_keys_and_sends_own_events(journey: Journey, client_version: str) -> None:
    collaborator = journey.house()
    client = {"url": journey.stack.url, "keys": journey.keys}
    for slug, action in (("booked", "engagement"), ("signup", "lead")):
        assert journey.call("POST", "/event-types", {"slug": slug, "action": action}).status_code == 201

    key = run(client_version, part="managed", **client)
    own = run(client_version, part="own", collaborator=collaborator, **client)

    assert key["made"] == ["shop", "active", ["event:refund"], True]
    assert key["listed"] == [["shop", "active", None]]
    assert (key["used"], key["left"]) == ("not_found", ["revoked"])
    assert own["visit"] == own["engagement"] == own["lead"]


def test_the_official_client_manages_webhooks_and_reads_what_they_send(journey: Journey, client_version: str) -> None:
    client = {"url": journey.stack.url, "keys": journey.keys}
    with receiving() as receiver:
        made = run(client_version, part="hooked", target=receiver.url, **client)
        program = journey.program()
        ((headers, body),) = eventually(lambda: receiver.posts)
        post = [headers, body.decode()]
        heard = run(client_version, part="heard", webhook=made["id"], secret=made["secret"], post=post, **client)

    assert made["made"] == [receiver.url, ["program.created"], "Mine", "active", True]
    assert made["listed"] == [[receiver.url, ["program.created"], "active", None]]
    assert (heard["type"], heard["data"]["programId"], heard["left"]) == ("program.created", program, 0)
    assert heard["id"] == headers["webhook-id"]


def test_the_official_client_reads_each_record_once_without_a_size(journey: Journey, client_version: str) -> None:
    collaborator = journey.house()
    credit = {"collaboratorId": collaborator, "value": 1}
    made = [journey.ok("POST", "/obligations", credit)["id"] for _ in range(23)]

    assert run(client_version, part="walked", url=journey.stack.url, keys=journey.keys) == made[::-1]


def payouts_are_listed_by_the_client(seen: dict[str, Any]) -> None:
    (payout,) = seen["payouts"]["records"]
    assert (payout["value"], payout["currency"], payout["status"]) == (500, "USD", "unpaid")
    assert (seen["unpaid"]["records"], seen["unpaid"]["total"]) == ([payout], 1)
    assert [it["payoutId"] for it in seen["complete"]["records"]] == [payout["id"]]


def the_refusals_are_the_clients_own(seen: dict[str, Any]) -> None:
    second_version = seen["version"] == "0.2.0"
    assert (seen["unknown"]["status_code"], seen["unknown"]["code"]) == (404, "not_found")
    assert seen["unknown"]["data"] == {"source": "stripe", "externalId": "nothing"}
    assert (seen["wrong key"]["class"], seen["wrong key"]["code"]) == ("AuthenticationError", "unauthorized")
    assert seen["no slug"]["status_code"] == 404

    assert (seen["no scope"]["status_code"], seen["no scope"]["code"]) == (403, "missing_scope")
    if second_version:
        assert seen["no scope"]["class"] == "MissingScopeError"
        assert seen["no scope"]["scope"] == "ledger:transactions:read"
        assert seen["no scope"]["any_of"] == ["ledger:transactions:read"]

    for refusal, fields in (
        ("missing", {"source", "externalId", "total", "trackingId"}),
        ("wrong", {"source", "externalId", "total", "trackingId", "items[0].amount", "items[0].quantity"}),
    ):
        error = seen[refusal]
        entries = error["field_errors"]["failedValidations"]
        assert (error["class"], error["status_code"]) == ("ValidationError", 422)
        assert (error["code"], error["data"]) == ("VALIDATION_FAILED", error["field_errors"])
        assert {entry["field"] for entry in entries} == fields
        assert all(field in error["message"] for field in fields)


def the_lists_are_the_clients_own(seen: dict[str, Any], transactions: dict[str, Any]) -> None:
    newest_first = [transactions["ord_2"]["id"], transactions["ord_1"]["id"]]
    assert [it["id"] for it in seen["transactions"]["all"]["records"]] == newest_first
    for name in ("transactions", "conversions", "obligations"):
        everything, pages = seen[name]["all"], seen[name]["pages"]
        assert everything["total"] == len(everything["records"]) >= 1
        assert [it for page in pages for it in page["records"]] == everything["records"]
        assert [(page["page"], page["per_page"]) for page in pages] == [(1, 1), (2, 1), (3, 1)]
    assert [it["id"] for it in seen["refunded"]["records"]] == newest_first[:1]
    assert seen["shown"]["records"] == [
        {"id": newest_first[1], "sourceId": "ord_1", "totalValue": 4999},
        {"id": newest_first[0], "sourceId": "ord_2", "totalValue": 10996},
    ]
    assert [(it["value"], it["status"]) for it in seen["payable"]["records"]] == [(500, "pending")]
    assert seen["nothing"]["records"] == []
