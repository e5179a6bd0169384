"""Programs, collaborators and event sources are read as written, per organization."""

from typing import Any

import pytest

from tests.stack.exchange import ACCOUNT
from tests.stack.house import House
from tributary.ledger.programs.collaborators import MAX_ALIASES

PROGRAM = {
    "name": "Spring",
    "description": "For the spring",
    "incentiveType": "saleTransactionPercentage",
    "incentiveResolverType": "oldestBindingWins",
    "status": "draft",
    "units": "EUR",
    "engagementTypes": {"siteVisited": {"value": "50"}},
    "transactionCompilers": ["includeLineItems"],
    "expirationDays": 7,
    "clawback": "none",
}
CALCULATION = {"transactionPercent": "12.5", "activeConversionTypes": ["sale"], "autoApprove": True}
PERSON = {"fullName": "Ada L", "nickname": "ada", "email": "ada@example.com", "userId": "u-7", "status": "pending"}


def create(house: House, path: str, body: Any, **options: Any) -> Any:
    answer = house.post(path, body, **options)
    assert answer.status == 201, answer.text
    return answer.json


def change(house: House, path: str, body: Any) -> Any:
    answer = house.put(path, body)
    assert answer.status == 200, answer.text
    return answer.json


def test_a_program_is_read_as_it_was_written(house: House):
    made = create(house, "/programs", {**PROGRAM, "incentiveCalculation": CALCULATION})

    assert PROGRAM.items() <= made.items()
    assert made["incentiveCalculation"] == CALCULATION
    assert (made["version"], made["programGroupId"]) == (1, None)
    assert house.get(f"/programs/{made['id']}").json == made
    assert made in house.get("/programs").json


def test_a_program_needs_its_name_type_and_percentage_and_has_defaults_for_the_rest(house: House):
    calculation = {"transactionPercent": 10}
    body = {"name": "x", "incentiveType": "saleTransactionPercentage", "incentiveCalculation": calculation}

    made = create(house, "/programs", body)

    reported = [made[name] for name in ("incentiveResolverType", "units", "status", "expirationDays", "clawback")]
    assert reported == ["newestBindingWins", "USD", "active", 30, "none"]
    assert (made["engagementTypes"], made["transactionCompilers"]) == ({"siteVisited": {"value": "100"}}, [])
    assert house.post("/programs", {}).failures == {"name": "REQUIRED", "incentiveType": "REQUIRED"}
    assert house.post("/programs", {"name": "x", "incentiveType": "saleTransactionPercentage"}).failures == {
        "incentiveCalculation.transactionPercent": "REQUIRED"
    }


@pytest.mark.parametrize("sent", ["12.5", 12.5, "12.50"])
def test_a_percentage_is_a_decimal_in_every_notation(house: House, sent: object):
    program = house.new_program(calculation={"transactionPercent": sent})
    tracking_id = house.new_visit(house.new_collaborator(program))

    house.sale(tracking_id=tracking_id, items=[{"amount": "0.20"}])
    house.deliver()

    assert house.owed() == [("pending", 3)]  # 2.5 cents, half up


def test_putting_back_an_answer_changes_only_version_and_time(house: House):
    before = create(house, "/programs", {**PROGRAM, "incentiveCalculation": CALCULATION})

    after = change(house, f"/programs/{before['id']}", before)

    assert after["version"] == 2
    assert {**after, "version": 1, "dateModified": before["dateModified"]} == before


def test_a_change_of_a_program_keeps_omitted_members(house: House):
    made = create(house, "/programs", {**PROGRAM, "incentiveCalculation": CALCULATION})

    changed = change(house, f"/programs/{made['id']}", {"name": "Summer", "incentiveCalculation": {"autoApprove": "0"}})

    assert changed["name"] == "Summer"
    assert changed["incentiveCalculation"] == {**CALCULATION, "autoApprove": False}
    assert changed["engagementTypes"] == PROGRAM["engagementTypes"]


@pytest.mark.parametrize(
    ("wrong", "failures"),
    [
        ({"incentiveCalculation": {"transactionPercent": -1}}, {"incentiveCalculation.transactionPercent": "MAX"}),
        (
            {"incentiveCalculation": {"transactionPercent": "1e-7"}},
            {"incentiveCalculation.transactionPercent": "FORMAT"},
        ),
        ({"incentiveCalculation": {"payoutPerLead": 0.5}}, {"incentiveCalculation.payoutPerLead": "TYPE"}),
        (
            {"incentiveCalculation": {"activeConversionTypes": ["lead"]}},
            {"incentiveCalculation.activeConversionTypes": "ENUM"},
        ),
        ({"incentiveCalculation": {"autoApprove": "yes"}}, {"incentiveCalculation.autoApprove": "TYPE"}),
        ({"incentiveType": "leadPercentage", "units": "XYZ"}, {"incentiveType": "ENUM", "units": "ENUM"}),
        ({"incentiveResolverType": "first", "status": "deleted"}, {"incentiveResolverType": "ENUM", "status": "ENUM"}),
        ({"engagementTypes": {"siteVisited": {"value": True}}}, {"engagementTypes.siteVisited": "TYPE"}),
        ({"engagementTypes": {"Coupon Used": 5}}, {"engagementTypes.Coupon Used": "ENUM"}),
        ({"transactionCompilers": ["includeTips"]}, {"transactionCompilers[0]": "ENUM"}),
        ({"lineItemFilters": {"withTypes": "a"}}, {"lineItemFilters.withTypes": "TYPE"}),
        ({"expirationDays": 0, "clawback": "always"}, {"expirationDays": "MIN", "clawback": "ENUM"}),
        ({"programGroupId": 5}, {"programGroupId": "UNKNOWN"}),
        ({"name": "", "description": "x" * 2001}, {"name": "REQUIRED", "description": "LENGTH"}),
    ],
)
def test_an_invalid_setting_is_reported_on_creation_and_on_change(house: House, wrong: Any, failures: dict[str, str]):
    body = {**PROGRAM, **wrong}
    body["incentiveCalculation"] = {**CALCULATION, **wrong.get("incentiveCalculation", {})}

    created, changed = house.post("/programs", body), house.put(f"/programs/{house.program_id}", wrong)

    assert (created.status, created.failures) == (422, failures)
    assert (changed.status, changed.failures) == (422, failures)


def test_null_is_refused_for_required_members_and_changes_nothing(house: House):
    before = house.get(f"/programs/{house.program_id}").json

    created = house.post("/programs", {**PROGRAM, "incentiveCalculation": CALCULATION, "name": None})
    changed = change(house, f"/programs/{house.program_id}", {"name": None, "units": None, "clawback": None})

    assert (created.status, created.failures) == (422, {"name": "REQUIRED"})
    assert {**changed, "version": before["version"], "dateModified": before["dateModified"]} == before


def test_null_removes_a_member_of_a_calculation_unless_required(house: House):
    calculation = {"payoutPerLead": 500, "leadRequalificationDays": 30}
    program = f"/programs/{house.new_program(incentiveType='leadFixed', calculation=calculation)}"

    changed = change(house, program, {"incentiveCalculation": {"leadRequalificationDays": None}})
    refused = house.put(program, {"incentiveCalculation": {"payoutPerLead": None}})

    assert "leadRequalificationDays" not in changed["incentiveCalculation"]
    assert (refused.status, refused.failures) == (422, {"incentiveCalculation.payoutPerLead": "REQUIRED"})
    assert house.get(program).json["incentiveCalculation"]["payoutPerLead"] == 500


def test_a_collaborator_is_read_as_it_was_written_with_a_referral_code(house: House):
    aliases = [{"type": "tracking", "code": "ADA"}, {"type": "coupon", "code": "Ada10"}]

    made = create(house, "/collaborators", {**PERSON, "programs": [house.program_id], "aliases": aliases})

    assert PERSON.items() <= made.items()
    assert (made["programs"], made["referralCode"]) == ([house.program_id], "ADA")
    assert [(it["type"], it["code"]) for it in made["aliases"]] == [("tracking", "ADA"), ("coupon", "Ada10")]
    assert house.get(f"/collaborators/{made['id']}").json == made
    assert made in house.get("/collaborators").json


def test_putting_back_a_collaborator_changes_only_its_time(house: House):
    aliases = [{"type": "tracking", "code": "ADA"}, {"type": "coupon", "code": "ADA"}]
    before = create(house, "/collaborators", {**PERSON, "aliases": aliases})

    after = change(house, f"/collaborators/{before['id']}", before)

    assert {**after, "dateModified": before["dateModified"]} == before


def test_a_new_code_is_added_and_the_old_one_stays_valid(house: House):
    changed = change(house, "/collaborators/88", {"aliases": [{"type": "tracking", "code": "NEW"}]})

    visits = [house.visit(name).headers.get("X-Siren-OID") for name in ("tracking:DEMO", "tracking:NEW")]

    assert changed["referralCode"] == "NEW"
    assert all(visits)


def test_spaces_around_a_code_are_ignored(house: House):
    aliases = [{"type": " coupon", "code": " SPRING10 "}, {"type": "tracking ", "code": "REF9\t"}]
    changed = change(house, "/collaborators/88", {"aliases": aliases})

    coupon = house.post("/event/coupon-applied", {"code": " spring10 "}, key="events")
    visits = [coupon, house.visit("tracking:REF9"), house.visit("tracking: REF9 ")]

    assert changed["referralCode"] == "REF9"
    assert all("X-Siren-OID" in it.headers for it in visits)


def test_the_number_of_a_collaborators_codes_is_limited_by_the_record(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tributary.ledger.programs.collaborators.MAX_ALIASES", 3)
    held = len(house.get("/collaborators/88").json["aliases"])
    codes = [{"code": f"MORE{n}"} for n in range(3 - held)]
    change(house, "/collaborators/88", {"aliases": codes})
    before = house.ledger()

    answer = house.put("/collaborators/88", {"aliases": [{"code": "MUCH"}]})

    assert (answer.status, answer.error["context"]) == (409, {"limit": 3})
    assert house.ledger() == before
    assert len(change(house, "/collaborators/88", {"aliases": codes})["aliases"]) == 3


def test_the_maximum_number_of_the_longest_codes_fits_one_record(house: House):
    code = "\N{GRINNING FACE}" * 250
    for start in range(0, MAX_ALIASES - 5, 15):
        aliases = [{"type": "x" * 64, "code": f"{code}{n}"} for n in range(start, start + 15)]
        change(house, "/collaborators/88", {"aliases": aliases})

    assert len(house.get("/collaborators/88").json["aliases"]) > MAX_ALIASES - 15


@pytest.mark.parametrize(
    "taken",
    [
        {"aliases": [{"type": "tracking", "code": "DEMO"}]},
        {"aliases": [{"type": "coupon", "code": "dana10"}]},
        {"aliases": [{"type": "tracking", "code": "demo"}]},
        {"email": "DANA@example.com"},
    ],
)
def test_codes_and_addresses_belong_to_one_collaborator(house: House, taken: dict[str, Any]):
    other = house.new_collaborator()
    before = house.ledger()

    answers = [house.post("/collaborators", {"fullName": "x", **taken}), house.put(f"/collaborators/{other}", taken)]

    assert [(it.status, it.error["code"]) for it in answers] == [(409, "conflict")] * 2
    assert house.ledger() == before


def test_a_released_address_is_free_again(house: House):
    change(house, "/collaborators/88", {"email": "new@example.com"})

    made = create(house, "/collaborators", {"fullName": "x", "email": "dana@example.com"})

    assert made["email"] == "dana@example.com"
    assert change(house, f"/collaborators/{made['id']}", {"email": None})["email"] is None
    assert change(house, "/collaborators/88", {"email": "DANA@example.com"})["email"] == "DANA@example.com"


def test_no_key_of_the_table_contains_an_address_or_a_code(house: House):
    keys = " ".join(it["pk"] + it["sk"] for it in house.ledger()).lower()

    assert not [word for word in ("dana", "example.com") if word in keys]


@pytest.mark.parametrize(
    ("wrong", "failures"),
    [
        ({"email": "nobody"}, {"email": "FORMAT"}),
        ({"status": "deleted"}, {"status": "ENUM"}),
        ({"programs": [1001, 5, "6"]}, {"programs[1]": "UNKNOWN", "programs[2]": "UNKNOWN"}),
        ({"programs": [0, True]}, {"programs[0]": "MIN", "programs[1]": "TYPE"}),
        (
            {"aliases": [{"code": "x"}, {"code": ""}, {}]},
            {"aliases[1].code": "REQUIRED", "aliases[2].code": "REQUIRED"},
        ),
        ({"aliases": [{"type": "a:b", "code": "x"}]}, {"aliases[0]": "FORMAT"}),
        ({"fullName": " "}, {"fullName": "REQUIRED"}),
    ],
)
def test_invalid_members_of_a_collaborator_are_reported(house: House, wrong: Any, failures: dict[str, str]):
    created, changed = house.post("/collaborators", {"fullName": "x", **wrong}), house.put("/collaborators/88", wrong)

    assert (created.failures, changed.failures) == (failures, failures)


def test_an_event_source_is_bound_once(house: House):
    body = {"source": "my.shop", "account": int("9" * 12)}

    first, again = house.post("/event-sources", body), house.post("/event-sources", body)

    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert first.json in house.get("/event-sources").json


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({}, {"source": "REQUIRED", "account": "REQUIRED"}),
        ({"source": "tributary", "account": "1"}, {"source": "FORMAT", "account": "FORMAT"}),
        ({"source": "", "account": "１" * 12}, {"source": "REQUIRED", "account": "FORMAT"}),
    ],
)
def test_an_event_source_is_another_systems_and_has_an_account(house: House, body: Any, failures: dict[str, str]):
    assert house.post("/event-sources", body).failures == failures


def test_two_organizations_may_bind_the_same_source_separately(house: House):
    theirs = house.new_key("admin", organization="other")
    body = {"source": "shared.shop", "account": ACCOUNT}

    ours, others = create(house, "/event-sources", body), create(house, "/event-sources", body, key=theirs)

    assert ours["id"] != others["id"]
    assert house.get("/event-sources", key=theirs).json == [others]


def test_another_organizations_records_are_not_found(house: House):
    house.sale()
    house.deliver()
    ids_of = house.ledger()
    theirs = house.new_key("admin", organization="other")
    before = house.ledger()

    ids = {it["entity"]: it["listed"]["id"] for it in ids_of if "id" in it.get("listed", {})}
    shown = {"transactions": "transaction", "conversions": "conversion", "obligations": "obligation"}
    shown |= {"programs": "program", "collaborators": "collaborator"}
    got = {path: house.get(f"/{path}/{ids[entity]}", key=theirs) for path, entity in shown.items()}
    put = [
        house.put(f"/{it}/{ids[shown[it]]}", {"status": "inactive"}, key=theirs) for it in ("programs", "collaborators")
    ]
    revoked = house.delete(f"/api-keys/{ids['api-key']}", key=theirs)
    lists = [house.get(f"/{path}", key=theirs).json for path in (*shown, "event-sources", "transactions/sources")]

    assert {it.status for it in [*got.values(), *put, revoked]} == {404}
    assert all(it.error["code"] == "not_found" for it in got.values())
    assert lists == [[]] * len(lists)
    assert house.ledger() == before


@pytest.mark.parametrize("record_id", ["0", "-1", "x", "1.5", "9" * 30, "0" * 5000 + "1", "%2e%2e", "٤"])
@pytest.mark.parametrize("path", ["transactions", "conversions", "obligations", "programs", "collaborators"])
def test_an_impossible_id_is_not_found(house: House, path: str, record_id: str):
    answer = house.get(f"/{path}/{record_id}")

    assert (answer.status, answer.error["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["programs", "collaborators", "event-sources"])
@pytest.mark.parametrize(("key", "status"), [("reader", 403), ("events", 403), (None, 401)])
def test_management_needs_the_admin_scope(house: House, path: str, key: str | None, status: int):
    answers = [house.get(f"/{path}", key=key), house.post(f"/{path}", {}, key=key)]

    assert [it.status for it in answers] == [status] * 2


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("transactions", "ledger:transactions:read"),
        ("transactions/sources", "ledger:transactions:read"),
        ("conversions", "ledger:conversions:read"),
        ("obligations", "ledger:obligations:read"),
    ],
)
def test_each_list_needs_its_own_scope(house: House, path: str, scope: str):
    granted = house.get(f"/{path}", key=house.new_key(scope))
    refused = house.get(f"/{path}", key=house.new_key("event:*", "ledger:payouts:read"))

    assert granted.status == 200
    assert (refused.status, refused.error["code"]) == (403, "missing_scope")
    assert refused.error["context"] == {"scope": scope, "anyOf": [scope]}


def test_a_bound_key_sees_its_sources_records_only(house: House):
    house.sale("1", source="shopify")
    house.sale("2", source="wc", tracking_id=house.new_visit())
    house.deliver()
    scopes = [f"ledger:{what}:read" for what in ("transactions", "conversions", "obligations")]
    key = house.new_key(*scopes, source="wc")

    lists = {path: house.get(f"/{path}", key=key).json for path in ("transactions", "conversions", "obligations")}
    everything = {path: house.get(f"/{path}").json for path in lists}

    assert {path: (len(lists[path]), len(everything[path])) for path in lists} == dict.fromkeys(lists, (1, 2))
    assert house.get("/transactions/sources", key=key).json == [{"id": "wc_order", "name": "WooCommerce"}]
    for path, shown in lists.items():
        hidden = {it["id"] for it in everything[path]} - {shown[0]["id"]}
        assert [house.get(f"/{path}/{it}", key=key).status for it in (shown[0]["id"], *hidden)] == [200, 404]


def test_a_bound_key_does_not_see_the_counts_of_other_sources(house: House):
    for number, source in enumerate(("shopify", "shopify", "wc", "wc")):
        house.sale(str(number), source=source)

    first, last = (house.get("/transactions", key=house.new_key("admin", source="wc"), number=it) for it in (1, 3))

    assert (len(first.json), first.headers.get("x-siren-estimated-count")) == (1, None)
    assert (len(last.json), last.headers["x-siren-estimated-count"]) == (2, "2")


@pytest.mark.parametrize("path", ["programs", "program-groups", "collaborators", "event-sources", "event-types"])
def test_a_bound_key_is_refused_for_records_of_the_whole_organization(house: House, path: str):
    key = house.new_key("admin", source="wc")

    answers = [house.get(f"/{path}", key=key), house.post(f"/{path}", {}, key=key)]

    assert [(it.status, it.error["code"]) for it in answers] == [(403, "store_key_not_allowed")] * 2


def test_a_bound_key_cannot_invalidate_an_opportunity(house: House):
    refused = house.post(f"/opportunities/{house.tracking_id}/invalidate", key=house.new_key("admin", source="wc"))

    assert (refused.status, refused.error["code"]) == (403, "store_key_not_allowed")
    assert house.get(f"/opportunities/{house.tracking_id}").json["status"] == "active"


def test_a_bound_admin_key_reviews_its_sources_conversions_only(house: House):
    house.sale("1", source="shopify")
    house.sale("2", source="wc", tracking_id=house.new_visit())
    house.deliver()

    ids = [it["listed"]["id"] for it in house.ledger("conversion")]
    answer = house.post("/conversions/bulk", {"action": "reject", "ids": ids}, key=house.new_key("admin", source="wc"))

    assert (answer.json["affected"], [it["reason"] for it in answer.json["skipped"]]) == (1, ["not_found"])
    rejected = [it for it in house.ledger("conversion") if it["listed"]["status"] == "rejected"]
    assert [it["listed"]["source"] for it in rejected] == ["wc_order"]


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({}, {"action": "REQUIRED", "ids": "REQUIRED"}),
        ({"action": "erase", "ids": []}, {"action": "ENUM", "ids": "LENGTH"}),
        ({"action": "approve", "ids": [0, "x"]}, {"ids[0]": "MIN", "ids[1]": "TYPE"}),
        ({"action": "approve", "ids": [1] * 501}, {"ids": "LENGTH"}),
    ],
)
def test_an_invalid_review_is_reported(house: House, body: Any, failures: dict[str, str]):
    assert house.post("/conversions/bulk", body).failures == failures


def test_sources_are_the_names_in_the_sales(house: House):
    for number, source in enumerate(("wc", "shopify", "my_own-shop", "wc")):
        house.sale(str(number), source=source)
    house.deliver()

    sources = house.get("/transactions/sources", key="reader").json

    assert sources == [
        {"id": "my_own-shop_order", "name": "My Own Shop"},
        {"id": "shopify_order", "name": "Shopify"},
        {"id": "wc_order", "name": "WooCommerce"},
    ]


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/nothing", 404, None),
        ("POST", "/event/sale/", 404, None),
        ("GET", "/event/sale", 405, "POST, OPTIONS"),
        ("POST", "/programs/5", 405, "DELETE, GET, PATCH, PUT, OPTIONS"),
        ("PUT", "/transactions/5", 405, "GET, OPTIONS"),
        ("OPTIONS", "/programs", 204, "GET, POST, OPTIONS"),
        ("POST", "/hooks", 404, None),
    ],
)
@pytest.mark.parametrize("base", ["/siren/v1", "/wp-json/siren/v1"])
def test_an_unknown_path_is_404_and_an_unknown_method_405(
    house: House, method: str, path: str, status: int, allow: str | None, base: str
):
    answer = house.call(method, path, key=None, base=base)

    assert (answer.status, answer.headers.get("Allow")) == (status, allow)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"tiers": [{"from": 0, "percent": 5}]}, "tiers"),
        ({"recurring": True}, "recurring"),
        ({"commission": 10}, "commission"),
        ({"maxPayout": 5}, "maxPayout"),
        ({"incentiveCalculation": {**CALCULATION, "tieredPercent": 5}}, "incentiveCalculation.tieredPercent"),
        ({"lineItemFilters": {"withNames": ["Plan"]}}, "lineItemFilters.withNames"),
    ],
)
def test_a_rule_that_no_program_has_is_refused_by_name(house: House, body: Any, field: str):
    before = house.ledger("programs")

    refused = house.post("/programs", {**PROGRAM, "incentiveCalculation": CALCULATION, **body})

    assert (refused.status, refused.failures) == (422, {field: "UNKNOWN"})
    assert house.ledger("programs") == before


def test_rules_that_say_nothing_and_other_members_are_ignored(house: House):
    extra = {"tiers": None, "recurring": None, "colour": "blue"}

    assert create(house, "/programs", {**PROGRAM, "incentiveCalculation": CALCULATION, **extra})["status"] == "draft"


def test_days_are_taken_as_numbers_or_numeric_text(house: House):
    calculation = CALCULATION | {"leadRequalificationDays": "30"}
    days = {"expirationDays": "30", "holdingDays": "5", "minimumPayout": "700"}

    made = create(house, "/programs", {**PROGRAM, "incentiveCalculation": calculation, **days})

    assert (made["expirationDays"], made["holdingDays"], made["minimumPayout"]) == (30, 5, 700)
    assert made["incentiveCalculation"]["leadRequalificationDays"] == 30
    refused = house.put(f"/programs/{made['id']}", {"expirationDays": "0", "holdingDays": 3651, "minimumPayout": -1})
    assert refused.failures == {"expirationDays": "MIN", "holdingDays": "MAX", "minimumPayout": "MAX"}
