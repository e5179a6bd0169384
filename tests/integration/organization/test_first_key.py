"""The operator's commands for organizations: a first key, and their list."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from operate import __main__ as operate
from tests.stack.house import House
from tests.stack.moto_stack import REGION, TABLE

Run = Callable[..., int]


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command against the in-process stack."""
    outputs = [{"OutputKey": "TableName", "OutputValue": TABLE}]
    described = SimpleNamespace(describe_stacks=lambda **_: {"Stacks": [{"Outputs": outputs}]})
    monkeypatch.setattr(operate.boto3, "client", lambda service: described)
    monkeypatch.setenv("TABLE_NAME", TABLE)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    return lambda *arguments: operate.main(list(arguments))


def test_a_new_organization_gets_an_admin_key_that_works_and_is_listed(
    house: House, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("first-key", "--organization", "acme") == 0
    key = capsys.readouterr().out.strip()
    run("organizations")

    assert house.get("/api-keys", key=key).json[0]["scopes"] == ["admin"]
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["acme"]


@pytest.mark.parametrize("organization", ["acme", "demo"])
def test_a_first_key_of_an_organization_that_exists_is_refused_unless_asked_for_again(
    house: House, run: Run, capsys: pytest.CaptureFixture[str], organization: str
) -> None:
    if organization == "acme":
        run("first-key", "--organization", organization)
        capsys.readouterr()
    before = house.ledger("api-key")

    refused = run("first-key", "--organization", organization)
    said: Any = capsys.readouterr()

    assert (refused, said.out, "--again" in said.err) == (1, "", True)
    assert house.ledger("api-key") == before
    assert run("first-key", "--organization", organization, "--again") == 0
    assert capsys.readouterr().out.startswith("sk_live_")


def test_an_organization_whose_keys_are_all_revoked_still_exists(house: House, run: Run) -> None:
    run("first-key", "--organization", "acme")
    (key,) = [it["listed"]["id"] for it in house.ledger("api-key") if it["organization"] == "acme"]
    with house._environment("manage_api_keys"):
        operate.api_keys.revoke("acme", key)

    assert run("first-key", "--organization", "acme") == 1
