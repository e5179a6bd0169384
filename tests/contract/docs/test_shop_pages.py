"""The pages of shops quote outcomes, names and limits as the code has them."""

import ast
import re
from pathlib import Path

import pytest

from tests.template import ROOT
from tributary.api.hooks import order_lists, sales
from tributary.api.hooks.outcome import WAITS
from tributary.api.siren.requests.hooks.connections import OrderListBody
from tributary.ledger.connections import connections, deliveries
from tributary.shops.adapter import Names
from tributary.shops.vendors import EVENT_SOURCES, VENDORS

SHOPS = ROOT / "docs/shops"
README = (SHOPS / "README.md").read_text()
PAGES = sorted(SHOPS.glob("*.md"))


def texts(*folders: str) -> set[str]:
    """Every text constant of the modules below some folders of the package."""
    trees = [
        ast.parse(path.read_text()) for name in folders for path in (ROOT / "shared/tributary" / name).rglob("*.py")
    ]
    constants = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {value for value in constants if isinstance(value, str)}


def test_each_vendor_has_a_page_that_the_first_page_leads_to() -> None:
    assert {path.stem for path in PAGES} == {"README", *VENDORS}
    assert all(f"[{vendor}.md]({vendor}.md)" in README for vendor in VENDORS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_outcome_on_a_page_is_a_reason_of_the_code(page: Path) -> None:
    quoted = re.findall(r"`(?:ignored|refused): ([^`…]+)`", page.read_text())
    known = texts("shops", "api/hooks") | {text.partition(": ")[2] for text in texts("ledger/connections")}

    assert quoted
    assert not set(quoted) - known


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_reason_to_ignore_a_webhook_is_on_its_page(vendor: str) -> None:
    adapter = ROOT / "shared/tributary/shops" / vendor
    paths = adapter.rglob("*.py") if adapter.is_dir() else [adapter.with_suffix(".py")]
    reasons = [reason for path in paths for reason in re.findall(r'Ignored\("([^"]+)"\)', path.read_text())]
    pages = (SHOPS / f"{vendor}.md").read_text() + README

    assert reasons
    assert not [reason for reason in reasons if reason not in pages]


def test_names_and_limits_are_those_of_the_code() -> None:
    longest = OrderListBody.model_json_schema()["properties"]["csv"]["maxLength"]

    assert f'`settings.clickNames` (`["{Names().clicks[0]}"]`)' in README
    assert f'`settings.aliasNames` (`["{Names().aliases[0]}"]`)' in README
    assert f"At most {order_lists.MAX_ROWS:,} rows and {longest:,} characters a call." in README
    assert f"| lines of an order | {sales.MAX_LINES:,}; beyond that `refused: too_many_lines` |" in README
    assert (deliveries.KEPT_DAYS, "for seven days" in README) == (7, True)
    assert f"accepted for {connections.ROTATION_HOURS} hours" in README
    assert f"noticed within {connections.KEPT_SECONDS} seconds" in README
    assert f"`{WAITS}`" in README


@pytest.mark.parametrize(("vendor", "prefix"), EVENT_SOURCES.items())
def test_the_page_of_a_vendor_with_an_event_source_names_it(vendor: str, prefix: str) -> None:
    assert f'"eventSource": "{prefix}' in (SHOPS / f"{vendor}.md").read_text()
