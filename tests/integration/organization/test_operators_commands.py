"""The operator's commands for organizations: a first key, and their list."""

import json
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
    monkeypatch.setattr(operate, "boto3", SimpleNamespace(client=lambda service: described))
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
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["acme", "demo"]


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


SOURCE = "aws.partner/stripe.com/ed_test_61"


def grants(house: House) -> list[str]:
    return [it["organization"] for it in house.ledger("partner-source")]


def test_a_partner_event_source_is_granted_once_and_taken_back(
    house: House, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    granted = ("event-source", "--organization", "demo", "--source", SOURCE)
    assert (run(*granted), run(*granted)) == (0, 0)
    assert run("event-source", "--organization", "acme", "--source", SOURCE) == 1
    assert capsys.readouterr().err == "The event source is granted to another organization.\n"
    assert grants(house) == ["demo"]

    body = {"vendor": "stripe", "source": "shop", "settings": {"eventSource": SOURCE}}
    made = house.post("/connections", body).json
    assert run(*granted, "--withdraw") == 1
    assert "let it go there first" in capsys.readouterr().err
    assert house.delete(f"/connections/{made['id']}").status == 200

    assert run(*granted, "--withdraw") == 0
    assert grants(house) == []
    assert house.post("/connections", body).status == 409


def test_another_name_than_a_partners_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("event-source", "--organization", "demo", "--source", "aws.events")

    assert "begins with aws.partner/" in capsys.readouterr().err


def test_the_past_is_closed_again_for_all_organizations_or_one(
    house: House, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("first-key", "--organization", "acme")
    sent: list[Any] = []
    queue = SimpleNamespace(send_message=lambda **message: sent.append(json.loads(message["MessageBody"])["detail"]))
    monkeypatch.setattr(operate.redrive, "queues_of", lambda stack, function: SimpleNamespace(queue=function))
    monkeypatch.setattr(operate.recount, "boto3", SimpleNamespace(client=lambda service: queue))
    span = {"from": "2026-11-01T00:00:00.000Z", "to": "2026-11-02T00:00:00.000Z"}

    assert run("statistics", "--from", "2026-11-01", "--to", "2026-11-02") == 0
    assert run("statistics", "--from", "2026-11-01", "--to", "2026-11-02", "--organization", "acme") == 0
    with pytest.raises(SystemExit):
        run("statistics", "--from", "soon")

    assert sent == [{"organization": name, **span} for name in ("acme", "demo", "acme")]
    assert "closed for 2 organizations" in capsys.readouterr().out
