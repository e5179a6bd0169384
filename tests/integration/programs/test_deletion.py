"""Deleted programs, groups and collaborators: first they can come back, the second time they are gone for good."""

from typing import Any

import pytest

from local import seed
from tests.stack.house import House
from tests.stack.scenarios import affiliate_shop

PROGRAM, COLLABORATOR = "/programs/1001", "/collaborators/88"
BOTH = pytest.mark.parametrize("path", [PROGRAM, COLLABORATOR])


def patch(house: House, path: str, body: Any, **options: Any) -> Any:
    return house.call("PATCH", path, body, **options)


def delete_for_good(house: House, path: str) -> None:
    """Delete twice. What is owed to a collaborator is settled in between."""
    assert house.delete(path).status == 200
    if path == COLLABORATOR:
        settle(house)
    assert house.delete(path).status == 204


def settle(house: House) -> None:
    """Note that everything owed was paid elsewhere."""
    if owed := [it["id"] for it in house.get("/obligations").json if it["status"] == "pending"]:
        assert house.post("/obligations/bulk", {"action": "markComplete", "ids": owed}).json["affected"] == len(owed)


def ids(house: House, path: str, **query: Any) -> set[int]:
    return {it["id"] for it in house.get(path, **query).json}


def sold(house: House, external_id: str = "ORD-1004", tracking_id: int | None = None) -> None:
    assert house.sale(external_id, tracking_id).status == 200
    house.deliver()


@BOTH
def test_a_first_deletion_keeps_the_record_and_a_second_one_is_for_good(house: House, path: str):
    before = house.get(path).json

    first = house.delete(path)
    kept = house.get(path)
    second, third = house.delete(path), house.delete(path)

    assert (first.status, first.json["status"]) == (200, "deleted")
    assert kept.json == first.json
    assert {
        **first.json,
        "status": "active",
        **{it: before[it] for it in ("dateModified", "version") if it in before},
    } == before
    assert (second.status, second.text) == (204, "")
    assert (third.status, third.error["code"], house.get(path).status) == (404, "not_found", 404)


@BOTH
def test_lists_show_deleted_records_only_if_asked_for_them(house: House, path: str):
    kind, _, number = path.rpartition("/")
    others = ids(house, kind) - {int(number)}

    house.delete(path)

    assert (ids(house, kind), ids(house, kind, status="deleted")) == (others, {int(number)})
    assert house.get(kind).headers["x-siren-estimated-count"] == str(len(others))
    house.delete(path)
    assert (ids(house, kind), ids(house, kind, status="deleted")) == (others, set())


@BOTH
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_deleted_record_comes_back_with_a_new_status(house: House, path: str, method: str):
    before = house.get(path).json
    house.delete(path)

    restored = house.call(method, path, {"status": "active"})

    changed = {name: before[name] for name in ("dateModified", "version") if name in before}
    assert (restored.status, restored.json | changed) == (200, before)
    sold(house, tracking_id=house.new_visit())
    assert house.owed() == [("pending", 500)]


@BOTH
def test_a_record_deleted_for_good_never_comes_back(house: House, path: str):
    delete_for_good(house, path)
    before = house.ledger()

    answers = [house.call(it, path, {"status": "active"}).status for it in ("PUT", "PATCH", "DELETE")]
    kind, _, number = path.rpartition("/")
    bulk = house.post(f"{kind}/bulk", {"action": "activate", "ids": [int(number)]}).json

    assert (answers, bulk["skipped"]) == ([404] * 3, [{"id": int(number), "reason": "not_found"}])
    assert house.ledger() == before


@pytest.mark.parametrize(("path", "times"), [(PROGRAM, 1), (PROGRAM, 2), (COLLABORATOR, 1)])
def test_a_deletion_stops_later_awards_and_leaves_what_is_owed(house: House, path: str, times: int):
    later = house.new_visit()
    sold(house)
    for _ in range(times):
        house.delete(path)

    sold(house, "ORD-2", later)

    reason = {PROGRAM: "program_not_active", COLLABORATOR: "collaborator_not_active"}[path]
    assert house.owed() == [("pending", 500)]
    decisions = {it["candidates"][0]["reason"] for it in house.ledger("decision")}
    assert decisions == {"won", reason}


@BOTH
def test_refunds_after_a_deletion_for_good_still_reduce_what_is_earned(house: House, path: str):
    sold(house)
    delete_for_good(house, path)

    house.refund(refundId="R", amount=9.99)
    house.deliver()

    assert house.conversions() == [("approved", 401)]
    assert house.owed() == [("complete", 500) if path == COLLABORATOR else ("pending", 401)]
    (obligation,) = house.get("/obligations").json
    assert house.get(f"/obligations/{obligation['id']}/explanation").status == 200


def test_an_edit_after_a_deletion_for_good_pays_by_the_terms_of_the_decision(house: House):
    sold(house)
    delete_for_good(house, PROGRAM)

    body = {"source": "shopify", "externalId": "ORD-1004", "total": 100, "changedAt": "2026-11-21T09:00:00Z"}
    assert house.post("/event/sale-changed", body, key="events").status == 200
    house.deliver()

    assert house.owed() == [("pending", 1000)]


@pytest.mark.parametrize("times", [1, 2])
def test_visits_of_a_deleted_collaborator_are_not_attributed(house: House, times: int):
    for _ in range(times):
        house.delete(COLLABORATOR)

    answers = [
        house.visit(name, headers={"Prefer": "return=representation"}).json["reason"] for name in (88, "tracking:DEMO")
    ]

    assert answers == ["collaborator_not_active"] * 2


@pytest.mark.parametrize("bulk", [False, True])
def test_a_collaborator_who_is_owed_money_is_not_deleted_for_good(house: House, bulk: bool):
    sold(house)
    house.delete(COLLABORATOR)

    def again() -> Any:
        if not bulk:
            answer = house.delete(COLLABORATOR)
            return answer.error["context"]["reason"] if answer.status == 409 else answer.status
        (told,) = [house.post("/collaborators/bulk", {"action": "permanent_delete", "ids": [88]}).json]
        return told["skipped"][0]["reason"] if told["skipped"] else 204

    assert again() == "owed"
    assert house.get(COLLABORATOR).json["fullName"] != "<deleted>"
    house.put(COLLABORATOR, {"status": "active"})
    assert house.post("/fulfillments/generate", {}).status == 201
    house.delete(COLLABORATOR)

    assert again() == 204


def test_a_collaborator_who_owes_is_deleted_for_good(house: House):
    debit = house.post("/obligations", {"collaboratorId": 88, "value": -500})

    deletions = [house.delete(COLLABORATOR).status for _ in range(2)]

    assert (debit.status, deletions) == (201, [200, 204])


def test_a_code_of_a_collaborator_deleted_for_good_never_leads_to_another(house: House):
    delete_for_good(house, COLLABORATOR)

    answer = house.post("/collaborators", {"fullName": "x", "aliases": [{"type": "tracking", "code": "demo"}]})

    assert (answer.status, answer.error["code"]) == (409, "conflict")


def test_a_collaborator_deleted_for_good_leaves_no_personal_data(house: House):
    house.put(COLLABORATOR, {"userId": "u-7"})
    delete_for_good(house, COLLABORATOR)

    left = str([it for it in house.ledger() if it["entity"] in ("collaborator", "alias", "email")])

    assert not [word for word in ("Dana", "dana", "DEMO", "u-7", "example.com") if word in left]
    assert house.post("/collaborators", {"fullName": "x", "email": "dana@example.com"}).status == 201


def test_the_address_of_a_deleted_collaborator_stays_taken_while_it_can_come_back(house: House):
    house.delete(COLLABORATOR)

    assert house.post("/collaborators", {"fullName": "x", "email": "dana@example.com"}).status == 409


def test_rankings_show_a_collaborator_deleted_for_good_without_a_name(house: House):
    affiliate_shop.made(house)
    delete_for_good(house, COLLABORATOR)
    delete_for_good(house, PROGRAM)

    answer = house.get(
        "/stats/top_creators_by_gmv", base=affiliate_shop.BASE, start_date="01/01/2026", end_date="12/31/2099"
    )

    (creator,) = answer.json["data"]["top_creators_by_gmv"]
    assert (creator["id"], creator["name"], creator["email"]) == (88, "<deleted>", None)
    assert creator["campaigns"][0]["campaign_name"] == "Demo: 10 % of line items"


def test_a_collaborator_can_be_changed_while_enrolled_in_a_deleted_program(house: House):
    delete_for_good(house, PROGRAM)
    read = house.get(COLLABORATOR).json

    answer = house.put(COLLABORATOR, read | {"nickname": "new"})

    assert (answer.status, answer.json["programs"], answer.json["nickname"]) == (200, [1001], "new")


def test_nobody_joins_a_deleted_program(house: House):
    house.delete(PROGRAM)

    answers = [
        house.post("/collaborators", {"fullName": "x", "programs": [1001]}),
        house.put("/collaborators/89", {"programs": [1001]}),
        house.post("/program-groups", {"name": "x", "programs": [1001]}),
    ]

    assert [(it.status, it.failures) for it in answers] == [(422, {"programs[0]": "UNKNOWN"})] * 3


def test_a_deleted_program_keeps_its_group_until_it_is_deleted_for_good(house: House):
    other = house.new_program()
    group = f"/program-groups/{house.post('/program-groups', {'name': 'x', 'programs': [1001, other]}).json['id']}"

    house.delete(PROGRAM)
    assert (house.get(PROGRAM).json["programGroupId"], house.get(group).json["programs"]) == (
        int(group[16:]),
        [1001, other],
    )

    house.delete(PROGRAM)
    assert house.get(group).json["programs"] == [other]
    assert house.put(group, {"name": "y", "programs": [other]}).status == 200


def test_a_group_is_deleted_for_good_and_its_programs_stay(house: House):
    other = house.new_program()
    group = house.post("/program-groups", {"name": "x", "programs": [1001, other]}).json["id"]

    answers = [house.delete(f"/program-groups/{group}") for _ in range(2)]

    assert [(it.status, bool(it.text)) for it in answers] == [(204, False), (404, True)]
    assert [house.get(f"/programs/{it}").json["programGroupId"] for it in (1001, other)] == [None, None]
    assert group not in ids(house, "/program-groups")
    assert house.post("/program-groups", {"name": "again", "programs": [1001]}).status == 201


def test_programs_of_a_deleted_group_all_pay(house: House):
    rival = house.new_program()
    group = house.post("/program-groups", {"name": "x", "programs": [house.program_id, rival]}).json["id"]
    collaborator = house.new_collaborator(house.program_id, rival)
    visitor = house.new_visit(collaborator)

    house.delete(f"/program-groups/{group}")
    sold(house, tracking_id=visitor)

    assert house.owed() == [("pending", 500)] * 2


@pytest.mark.parametrize(
    ("path", "act"),
    [
        (PROGRAM, lambda house: house.put(PROGRAM, {"name": "Meanwhile"})),
        (COLLABORATOR, lambda house: house.put(COLLABORATOR, {"nickname": "Meanwhile"})),
        ("/program-groups/2001", lambda house: house.put("/program-groups/2001", {"name": "Meanwhile"})),
    ],
)
def test_a_deletion_that_meets_a_change_is_refused_and_writes_nothing(house: House, path: str, act: Any):
    with house.meanwhile("TransactWriteItems", lambda: act(house)):
        answer = house.delete(path)

    assert (answer.status, answer.error["code"]) == (409, "conflict")
    assert "Meanwhile" in house.get(path).text
    assert house.get(path).json.get("status") != "deleted"


def test_a_program_deleted_for_good_while_its_group_changes_stays(house: House):
    group = house.post("/program-groups", {"name": "x", "programs": [1001]}).json["id"]
    house.delete(PROGRAM)

    with house.meanwhile("TransactWriteItems", lambda: house.put(f"/program-groups/{group}", {"name": "y"})):
        answer = house.delete(PROGRAM)

    assert answer.status == 409
    assert (house.get(PROGRAM).json["status"], house.get(f"/program-groups/{group}").json["programs"]) == (
        "deleted",
        [1001],
    )
    assert house.delete(PROGRAM).status == 204


# together


@pytest.mark.parametrize(
    ("kind", "number", "action", "status"),
    [
        ("programs", 1001, "deactivate", "inactive"),
        ("programs", 1002, "activate", "active"),
        ("programs", 1001, "delete", "deleted"),
        ("collaborators", 88, "deactivate", "inactive"),
        ("collaborators", 88, "reject", "rejected"),
        ("collaborators", 88, "delete", "deleted"),
    ],
)
def test_an_action_changes_the_records_that_are_not_so_yet(
    house: House, kind: str, number: int, action: str, status: str
):
    body = {"action": action, "ids": [number, 4711, number]}

    first, again = (house.post(f"/{kind}/bulk", body).json for _ in range(2))

    unknown = {"id": 4711, "reason": "not_found"}
    assert first == {"success": True, "affected": 1, "skipped": [unknown]}
    assert again == {"success": True, "affected": 0, "skipped": [{"id": number, "reason": "already_so"}, unknown]}
    assert house.get(f"/{kind}/{number}").json["status"] == status


@pytest.mark.parametrize(("kind", "number"), [("programs", 1001), ("collaborators", 88)])
def test_only_deleted_records_are_deleted_for_good_together(house: House, kind: str, number: int):
    def act(action: str) -> Any:
        answer = house.post(f"/{kind}/bulk", {"action": action, "ids": [number]}).json
        return answer["affected"], [it["reason"] for it in answer["skipped"]]

    assert act("permanent_delete") == (0, ["active"])
    assert act("delete") == (1, [])
    assert act("activate") == (1, [])
    assert act("delete") == (1, [])
    assert act("permanent_delete") == (1, [])
    assert act("permanent_delete") == (0, ["not_found"])
    assert house.get(f"/{kind}/{number}").status == 404


def test_groups_are_deleted_together(house: House):
    made = [seed.PROGRAM_GROUP_ID, house.post("/program-groups", {"name": "x", "programs": [1001]}).json["id"]]

    answer = house.post("/program-groups/bulk", {"action": "delete", "ids": [*made, 4711]}).json

    assert answer == {"success": True, "affected": 2, "skipped": [{"id": 4711, "reason": "not_found"}]}
    assert ids(house, "/program-groups") == {*seed.SPARE_PROGRAM_GROUP_IDS}
    assert house.get(PROGRAM).json["programGroupId"] is None


def test_a_change_at_the_same_time_does_not_stop_an_action(house: House):
    with house.meanwhile("TransactWriteItems", lambda: house.put(PROGRAM, {"name": "Meanwhile"})):
        answer = house.post("/programs/bulk", {"action": "deactivate", "ids": [1001]})

    assert answer.json["affected"] == 1
    shown = house.get(PROGRAM).json
    assert (shown["name"], shown["status"]) == ("Meanwhile", "inactive")


@pytest.mark.parametrize("kind", ["programs", "program-groups", "collaborators"])
@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({}, {"action": "REQUIRED", "ids": "REQUIRED"}),
        ({"action": "approve", "ids": []}, {"action": "ENUM", "ids": "LENGTH"}),
        ({"action": "delete", "ids": [0, "x"]}, {"ids[0]": "MIN", "ids[1]": "TYPE"}),
        ({"action": "delete", "ids": [1] * 501}, {"ids": "LENGTH"}),
    ],
)
def test_an_invalid_action_is_reported(house: House, kind: str, body: Any, failures: dict[str, str]):
    assert house.post(f"/{kind}/bulk", body).failures == failures


def test_500_records_are_changed_by_one_request(house: House):
    answer = house.post("/collaborators/bulk", {"action": "delete", "ids": [88, *range(10_000, 10_499)]})

    assert (answer.json["affected"], len(answer.json["skipped"])) == (1, 499)


@pytest.mark.parametrize("path", [PROGRAM, COLLABORATOR, "/program-groups/2001"])
def test_another_organization_neither_changes_nor_deletes_a_record(house: House, path: str):
    theirs = house.new_key("admin", organization="other")
    before = house.ledger()
    kind, _, number = path.rpartition("/")

    answers = [patch(house, path, {"name": "x"}, key=theirs), house.delete(path, key=theirs)]
    bulk = house.post(f"{kind}/bulk", {"action": "delete", "ids": [int(number)]}, key=theirs).json

    assert ([it.status for it in answers], bulk["skipped"][0]["reason"]) == ([404] * 2, "not_found")
    assert house.ledger() == before


@pytest.mark.parametrize("path", [PROGRAM, COLLABORATOR, "/program-groups/2001"])
@pytest.mark.parametrize(("key", "status"), [("reader", 403), ("events", 403), (None, 401)])
def test_changes_and_deletions_need_an_admin_key(house: House, path: str, key: str | None, status: int):
    bulk = f"{path.rpartition('/')[0]}/bulk"

    answers = [patch(house, path, {}, key=key), house.delete(path, key=key), house.post(bulk, {}, key=key)]

    assert [it.status for it in answers] == [status] * 3


def test_a_bound_key_is_refused_for_deletions(house: House):
    key = house.new_key("admin", source="wc")
    answers = [house.delete(it, key=key) for it in (PROGRAM, COLLABORATOR, "/program-groups/2001")]
    answers += [house.post(f"/{it}/bulk", {}, key=key) for it in ("programs", "program-groups", "collaborators")]

    assert [(it.status, it.error["code"]) for it in answers] == [(403, "store_key_not_allowed")] * 6
