"""The template's roles suffice for the whole journey, and each permission is needed."""

from typing import Any

import pytest

from local.commands import demo_sale
from local.problem import Problem
from local.stack import Stack
from local.template import Template

pytestmark = pytest.mark.slow


def without(role: str, action: str) -> Any:
    """A change to the template: that role loses that action."""

    def alter(template: Template) -> None:
        (policy,) = template["Resources"][role]["Properties"]["Policies"]
        statements = policy["PolicyDocument"]["Statement"]
        assert any(action in statement["Action"] for statement in statements), f"{role} has no {action}"
        for statement in statements:
            statement["Action"] = [kept for kept in statement["Action"] if kept != action]
        policy["PolicyDocument"]["Statement"] = [statement for statement in statements if statement["Action"]]

    return alter


def test_the_roles_of_the_template_suffice_for_the_whole_way() -> None:
    with Stack.start(auth=True) as stack:
        assert demo_sale.follow(stack)["value"] == 500


def test_a_role_without_write_permission_records_no_sale() -> None:
    with (
        Stack.start(auth=True, alter=without("ReportSaleRole", "dynamodb:PutItem")) as stack,
        pytest.raises(Problem, match="event/sale was answered 500"),
    ):
        demo_sale.follow(stack)


def test_a_role_without_put_permission_publishes_no_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_sale, "PATIENCE", 3.0)
    with (
        Stack.start(auth=True, alter=without("PublishEventsRole", "events:PutEvents")) as stack,
        pytest.raises(Problem, match="no obligation"),
    ):
        demo_sale.follow(stack)
