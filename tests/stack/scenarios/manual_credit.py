"""Manual credits of collaborators."""

from typing import Any

from tests.stack.house import House


def credit(house: House, *ids: int, collaborator: Any = 88, **members: Any) -> Any:
    body = {"transactionIds": list(ids), "collaboratorId": collaborator, **members}
    return house.post("/transactions/credit-collaborator", body)


def rewards_manual(house: House) -> None:
    triggers = {"siteVisited": {"value": "100"}, "manual": {"value": "7"}}
    assert house.put(f"/programs/{house.program_id}", {"engagementTypes": triggers}).status == 200
