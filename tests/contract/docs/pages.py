"""The pages for readers, and their headings, links, code words and pictures."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.template import ROOT

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))


def prose(page: Path) -> str:
    """The text without its code blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors of the headings, as GitHub forms them."""
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The file and the anchor that each relative link leads to."""
    for address in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if not re.match(r"\w+:", address):
            path, _, anchor = address.partition("#")
            yield (page.parent / path if path else page).resolve(), anchor


def paths(page: Path) -> Iterator[str]:
    """Code words that look like paths of the repository: they begin with one of its folders.

    A path with a placeholder ends at the folder before it."""
    folders = {it.name for it in ROOT.iterdir() if it.is_dir() and not it.name.startswith(".")} | {".ci"}
    for word in re.findall(r"`([^`\n]+)`", prose(page)):
        if re.fullmatch(r"[\w.]+(/[\w.\-<>]+)+/?", word) and word.split("/")[0] in folders:
            yield re.sub(r"/[^/]*<.*", "", word)


def pictures(page: Path) -> list[str]:
    """The mermaid blocks."""
    return re.findall(r"^```mermaid\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
