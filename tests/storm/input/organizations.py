"""An organization with one record of everything, and a stranger who knows all its ids, names and codes."""

import json
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tests.stack.exchange import Answer, Item
from tests.stack.house import House
from tests.stack.moto_state import MotoState
from tests.storm.input.operations import Values

NAME = "first"
#: Words that only this organization uses.
PROGRAM, COLLABORATOR, EMAIL, CODE = "Firstprogram", "Firstperson", "firstperson@example.com", "FIRSTCODE"
SOURCE, ORDER, ACCOUNT, COUPON = "firstshop", "FIRST-1", "210987654321", "FIRSTCOUPON"
LEAD, ENGAGEMENT, GROUP = "firstlead", "firstengagement", "Firstgroup"


@dataclass(frozen=True)
class First:
    """The organization, after a sale that earned, a refunded sale and a lead that earned."""

    house: House
    key: str
    idle_key: str  # opens nothing
    before: list[Item]

    @cached_property
    def secrets(self) -> set[str]:
        """The ids and words that no stranger may see."""
        return (
            self.ids
            | {PROGRAM, COLLABORATOR, EMAIL, CODE, SOURCE, ORDER, ACCOUNT, NAME, self.key}
            | {COUPON, LEAD, ENGAGEMENT, GROUP}
        )

    @cached_property
    def ids(self) -> set[str]:
        return set(re.findall(r"\b\d{10,16}\b", json.dumps([item.get("listed") for item in self.before])))

    @cached_property
    def values(self) -> Values:
        """The organization's own values for each place in a request."""
        ids = sorted(map(int, self.ids))
        cursors = [self.house.get(f"/{kind}", key=self.key, number=1).headers.get("Link", "") for kind in _KINDS]
        return {
            "id": ids,
            "ids": [ids],
            "programs": [[one] for one in ids],
            **dict.fromkeys(_NAMED_BY_ID, ids),
            "cursor": re.findall(r"cursor=([\w-]+)", " ".join(cursors)),
            "source": [SOURCE, f"{SOURCE}_order"],
            "sourceId": [ORDER],
            "externalId": [ORDER],
            "email": [EMAIL],
            "code": [CODE, COUPON],
            "slug": [LEAD, ENGAGEMENT],
            "type": ["tracking", "product"],
            "fullName": [COLLABORATOR],
            "name": [PROGRAM, GROUP],
            "s": [PROGRAM, COLLABORATOR, GROUP],
            "account": [ACCOUNT],
            "scopes": [["event:sale"]],
            "currency": ["USD"],
            "units": ["USD"],
            "occurredAt": [None],
            "expiresAt": [None],
            "include": ["extended"],
            "status": ["complete", "active", "approved"],
        }

    def now(self) -> list[Item]:
        """All items of the organization in the ledger."""
        return [item for item in self.house.ledger() if item["organization"] == NAME or item["pk"].startswith(NAME)]

    def leaked_by(self, answer: Answer, request: Any) -> set[str]:
        """Secrets in an answer that the request did not contain."""
        text, brought = answer.text + json.dumps(dict(answer.headers)), json.dumps(request)
        text = text.replace('"first_name"', "")  # shared by all organizations
        return {secret for secret in self.secrets if secret in text and secret not in brought}


_KINDS = (
    "transactions", "conversions", "obligations", "programs", "collaborators", "api-keys", "program-groups",
    "opportunities", "engagements", "event-types",
)  # fmt: skip
_NAMED_BY_ID = (
    "trackingId", "collaboratorId", "programId", "programGroupId", "transactionId", "opportunityId", "payoutId",
    "engagementId", "collaborators",
)  # fmt: skip


#: The first organization made, and moto's state at the time.
_found: list[tuple[First, MotoState]] = []


def found(house: House) -> First:
    """The organization in an in-process stack at rest. It is made once; later stacks get a copy."""
    if not _found:
        _found.append((_made(house), MotoState.now("us-east-1")))
        return _found[0][0]
    first = replace(_found[0][0], house=house)
    find_again(first)
    return first


def find_again(first: First) -> None:
    """Restores the state in which it was found."""
    first.house.go_back(_found[0][1])


def _made(house: House) -> First:
    """Create the organization and deliver all events."""
    key = house.new_key("admin", organization=NAME)
    calculation = {"transactionPercent": 10, "autoApprove": True}
    settings = {"name": PROGRAM, "incentiveType": "saleTransactionPercentage", "incentiveCalculation": calculation}
    settings["transactionCompilers"] = ["includeLineItems"]
    for _ in range(2):
        program = house.post("/programs", settings, key=key).json["id"]
    leads = {"payoutPerLead": 500, "autoApprove": True, "activeConversionTypes": [LEAD]}
    paying = house.post(
        "/programs", {"name": PROGRAM, "incentiveType": "leadFixed", "incentiveCalculation": leads}, key=key
    )
    person = {"fullName": COLLABORATOR, "email": EMAIL, "programs": [program, paying.json["id"]]}
    person["aliases"] = [{"type": "tracking", "code": CODE}, {"type": "coupon", "code": COUPON}]
    collaborator = house.post("/collaborators", person, key=key).json["id"]
    house.post("/program-groups", {"name": GROUP, "programs": [program]}, key=key)
    for slug, action in ((LEAD, "lead"), (ENGAGEMENT, "engagement")):
        house.post("/event-types", {"slug": slug, "action": action}, key=key)
    house.post("/event-sources", {"source": SOURCE, "account": ACCOUNT}, key=key)
    for order in (ORDER, f"{ORDER}-refunded"):
        visit = house.post("/event/site-visited", {"collaboratorId": collaborator}, key=key)
        sale = {"source": SOURCE, "externalId": order, "total": 50, "trackingId": int(visit.headers["X-Siren-OID"])}
        assert house.post("/event/sale", sale, key=key).status == 200
        house.deliver()
    visit = house.post("/event/site-visited", {"collaboratorId": collaborator, "userId": f"{NAME}-user"}, key=key)
    assert house.post(f"/event/{LEAD}", {"trackingId": int(visit.headers["X-Siren-OID"])}, key=key).status == 200
    house.deliver()
    house.post("/event/refund", {"source": SOURCE, "externalId": f"{ORDER}-refunded"}, key=key)
    house.deliver()
    first = First(house, key, house.new_key("event:nothing", organization=NAME), [])
    return replace(first, before=first.now())
