"""docs/how-to-add.md: the table leads to each recipe in order, and a recipe begins with the place of its change."""

import re

import pytest

from tests.contract.docs.pages import prose
from tests.template import ROOT

PAGE = ROOT / "docs/how-to-add.md"
CODE = ("shared", "functions", "openapi", "local", "tests")
SOURCES = [ROOT / "template.yaml", *(path for room in CODE for path in ROOT.glob(f"{room}/**/*.py"))]
OTHER_SECTIONS = {"Checks"}


def recipes() -> dict[str, str]:
    parts = re.split(r"^## (.+)\n", PAGE.read_text(), flags=re.MULTILINE)[1:]
    return {title: text for title, text in zip(parts[::2], parts[1::2], strict=True) if title not in OTHER_SECTIONS}


def named(pattern: str) -> set[str]:
    """Code words of the page with this form."""
    return {word for word in re.findall(r"`([^`\n]+)`", prose(PAGE)) if re.fullmatch(pattern, word)}


def test_the_table_and_the_recipes_have_the_same_order() -> None:
    assert re.findall(r"^\| .+ \| \[(.+)\]\(#.+\) \|$", PAGE.read_text(), re.MULTILINE) == list(recipes())


@pytest.mark.parametrize("title", recipes())
def test_a_recipe_begins_with_the_place_in_a_line(title: str) -> None:
    first = recipes()[title].splitlines()[0]

    assert re.fullmatch(r"In short: .+\.", first)
    assert len(first) <= 160


def test_each_test_and_name_in_the_recipes_exists() -> None:
    """Names of constants, of private members and of tests, which no link checks."""
    words = set(re.findall(r"\w+", "\n".join(path.read_text() for path in SOURCES)))
    wanted = named(r"[A-Z][A-Z_]+") | named(r"_\w+") | named(r"test_\w+")

    assert len(wanted) > 20
    assert wanted - words == set()


def test_each_file_named_without_its_folder_exists() -> None:
    files = {path.name for path in SOURCES} | {path.name for path in ROOT.glob("docs/*")}

    assert named(r"\w+\.(py|md)") - files == set()
