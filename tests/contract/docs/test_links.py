"""Links and paths in README.md and docs lead somewhere, and the front door stays small."""

from pathlib import Path

import pytest

from tests.contract.docs.pages import PAGES, anchors, links, paths
from tests.template import ROOT

EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
README = ROOT / "README.md"
MAX_LINES, MAX_WORDS = 110, 1000


@EACH_PAGE
def test_each_relative_link_leads_to_a_file_and_its_heading(page: Path) -> None:
    broken = [
        (path.name, anchor)
        for path, anchor in links(page)
        if not path.exists() or (anchor and anchor not in anchors(path))
    ]

    assert not broken


@EACH_PAGE
def test_each_path_of_the_repository_exists(page: Path) -> None:
    assert not [path for path in paths(page) if not (ROOT / path).exists()]


def test_the_map_leads_to_every_page() -> None:
    mapped = {path for path, _ in links(ROOT / "docs/README.md")}

    assert set(PAGES) - mapped == {ROOT / "docs/README.md"}


def test_the_readme_is_within_its_limits() -> None:
    text = README.read_text()

    assert len(text.splitlines()) <= MAX_LINES
    assert len(text.split()) <= MAX_WORDS
