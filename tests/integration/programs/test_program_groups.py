"""Program groups over HTTP. A group and its programs are always consistent."""

import pytest

from local import seed
from tests.stack.house import House
from tests.stack.scenarios.past import line, owed, sold
from tributary.domain.program import SORTERS
from tributary.ledger.programs import programs
from tributary.ledger.programs.program_groups import MAX_PROGRAMS
from tributary.ledger.store import table


def group(house: House, *members: int, **settings: object) -> int:
    answer = house.post("/program-groups", {"name": "One pays", "programs": list(members), **settings})
    assert answer.status == 201
    return int(answer.json["id"])


def group_of(house: House, program: int) -> int | None:
    return house.get(f"/programs/{program}").json["programGroupId"]


def many_programs(house: House, count: int, start: int = 5000) -> list[int]:
    """Copies of the demo program, put directly, since a transaction for each would take moto a minute."""
    (demo,) = house.ledger("program")[:1]
    with house._environment("manage_programs"):
        for number in range(start, start + count):
            table.put_new(demo | {"sk": programs.sk(number), "listed": demo["listed"] | {"id": number}})
    return list(range(start, start + count))


def test_a_group_is_read_as_written(house: House):
    other = house.new_program()
    body = {"name": "One pays", "description": "Coupon or click", "sorter": "oldestBindingWins"}

    created = house.post("/program-groups", body | {"programs": [house.program_id, other]})
    read = house.get(f"/program-groups/{created.json['id']}")

    assert created.status == 201
    assert read.json == created.json
    assert read.json.items() >= (body | {"programs": [house.program_id, other]}).items()
    assert house.get("/program-groups").json[-1] == read.json


def test_a_group_needs_a_name_only(house: House):
    answer = house.post("/program-groups", {"name": "Empty"})

    shown = {name: answer.json[name] for name in ("description", "sorter", "programs")}
    assert shown == {"description": "", "sorter": "newestBindingWins", "programs": []}


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({}, {"name": "REQUIRED"}),
        ({"name": "A", "sorter": "richestWins"}, {"sorter": "ENUM"}),
        ({"name": "A", "programs": 1001}, {"programs": "TYPE"}),
        ({"name": "A", "programs": [1001, "x"]}, {"programs[1]": "TYPE"}),
        ({"name": "A", "programs": [1001, 4711, 4712]}, {"programs[1]": "UNKNOWN", "programs[2]": "UNKNOWN"}),
        ({"name": "A", "programs": list(range(1, MAX_PROGRAMS + 2))}, {"programs": "LENGTH"}),
    ],
)
def test_an_invalid_group_is_refused_with_all_failures(house: House, body: object, failures: dict[str, str]):
    before = house.ledger()

    answer = house.post("/program-groups", body)

    assert (answer.status, answer.failures) == (422, failures)
    assert house.ledger() == before


def test_a_programs_group_follows_its_groups_programs(house: House):
    second, third = house.new_program(), house.new_program()
    made = group(house, house.program_id, second)
    assert [group_of(house, it) for it in (house.program_id, second, third)] == [made, made, None]

    answer = house.put(f"/program-groups/{made}", {"programs": [third, second]})

    assert answer.json["programs"] == [third, second]
    assert [group_of(house, it) for it in (house.program_id, second, third)] == [None, made, made]
    assert house.get("/programs", programGroupId=made, fields="id").json == [{"id": second}, {"id": third}]


def test_omitted_members_stay_unchanged(house: House):
    made = group(house, house.program_id, description="Coupon or click")

    answer = house.put(f"/program-groups/{made}", {"sorter": "oldestBindingWins"})

    assert answer.json.items() >= {"description": "Coupon or click", "programs": [house.program_id]}.items()
    assert (answer.json["sorter"], group_of(house, house.program_id)) == ("oldestBindingWins", made)


def test_a_program_of_another_group_is_a_conflict_and_writes_nothing(house: House):
    made, other = group(house, house.program_id), group(house)
    before = house.ledger()

    answers = (
        house.post("/program-groups", {"name": "Second", "programs": [house.program_id]}),
        house.put(f"/program-groups/{other}", {"programs": [house.program_id]}),
    )

    assert [(it.status, it.error["context"]) for it in answers] == [(409, {"programs": [house.program_id]})] * 2
    assert group_of(house, house.program_id) == made
    assert house.ledger() == before


def test_a_program_that_left_its_group_may_join_another(house: House):
    made, other = group(house, house.program_id), group(house)

    house.put(f"/program-groups/{made}", {"programs": []})
    house.put(f"/program-groups/{other}", {"programs": [house.program_id, house.program_id]})

    assert group_of(house, house.program_id) == other
    assert house.get(f"/program-groups/{other}").json["programs"] == [house.program_id]


def test_a_full_group_can_be_replaced_by_another_full_one(house: House):
    before = many_programs(house, MAX_PROGRAMS)
    after = many_programs(house, MAX_PROGRAMS, start=6000)
    made = group(house, *before)

    answer = house.put(f"/program-groups/{made}", {"programs": after})

    assert (answer.status, answer.json["programs"]) == (200, after)
    assert (group_of(house, before[0]), group_of(house, after[-1])) == (None, made)


def test_a_programs_own_change_leaves_its_group_and_cannot_move_it(house: House):
    made, other = group(house, house.program_id), group(house)
    read = house.get(f"/programs/{house.program_id}").json

    as_read = house.put(f"/programs/{house.program_id}", read | {"name": "Renamed"})
    moved = house.put(f"/programs/{house.program_id}", {"programGroupId": other})

    assert (as_read.status, as_read.json["name"], as_read.json["programGroupId"]) == (200, "Renamed", made)
    assert (moved.status, moved.failures) == (422, {"programGroupId": "UNKNOWN"})


@pytest.mark.parametrize("sorter", SORTERS)
def test_a_new_sorter_applies_to_the_next_sale(house: House, sorter: str):
    rival = house.new_program(calculation={"transactionPercent": 50})
    made = group(house, house.program_id, rival, sorter=next(it for it in SORTERS if it != sorter))
    collaborator = house.new_collaborator(house.program_id)
    later = house.new_collaborator(rival)
    visitor = house.new_visit(collaborator)
    house.visit(later, headers={"X-Siren-OID": str(visitor)})

    house.put(f"/program-groups/{made}", {"sorter": sorter})
    sold(house, visitor, line(100))

    assert owed(house) == ({later: 5000} if sorter == "newestBindingWins" else {collaborator: 1000})


def test_groups_are_listed_by_name_and_sorter(house: House):
    newest, oldest = group(house, name="Clicks"), group(house, name="Coupons", sorter="oldestBindingWins")

    def listed(**filters: object) -> list[int]:
        return [it["id"] for it in house.get("/program-groups", **filters).json]

    assert listed() == [seed.PROGRAM_GROUP_ID, *seed.SPARE_PROGRAM_GROUP_IDS, newest, oldest]
    assert (listed(sorter="oldestBindingWins"), listed(s="click"), listed(s="none")) == ([oldest], [newest], [])


def test_an_edit_after_a_move_between_groups_finds_filters_that_did_not_fit_the_decision(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    house.put(f"/programs/{house.program_id}", {"lineItemFilters": {"withSkus": ["A"]}})
    group(house, house.program_id)
    monkeypatch.setattr("tributary.ledger.earnings.decisions.MAX_BYTES", 0)
    sold(house, house.tracking_id, line(100, sku="A"))
    assert house.decision()["programs"][0]["lineItemFilters"] is None

    body = {"source": "shopify", "externalId": "ORD-1", "total": 110, "changedAt": "2026-11-21T09:00:00Z"}
    body |= {"items": [line(90, sku="A"), line(20, sku="B")]}
    assert house.post("/event/sale-changed", body, key="events").status == 200
    house.deliver()

    assert house.owed() == [("pending", 900)]


def test_only_an_administrator_reads_or_writes_groups(house: House):
    made = group(house)

    assert house.get("/program-groups", key="reader").status == 403
    assert house.post("/program-groups", {"name": "A"}, key="events").status == 403
    assert house.put(f"/program-groups/{made}", {}, key=None).status == 401
    assert house.get("/program-groups/999").status == house.put("/program-groups/999", {}).status == 404
