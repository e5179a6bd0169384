"""Plain English check: docstrings and headings that begin with a wh-word, and phrases with a plainer form.

Run by `make check`; prints each offender and fails above a limit. Needs the standard library only.
"""

import ast
import pathlib
import re
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[1]
CODE = ("shared", "functions", "local", "openapi", "operate", "tests", "findings", ".ci")
PAGES = (".", "docs", "docs/shops", "findings")

# Only ever lowered. The share is of all docstrings; headings and phrases are counted.
MOST_DOCSTRINGS = 0.03
MOST_HEADINGS = 0
MOST_PHRASES = 37

PREPOSITION = r"(?:about|at|by|for|from|in|of|on|to|under|with)\s+"
WH_WORD = r"(?:what|which|who|whom)(?:ever)?|whose|that|whether|how|however|why|where|wherever|when|whenever"
BEGINS_WITH_WH = re.compile(rf"\W*(?:{PREPOSITION})?(?:{WH_WORD})\b", re.IGNORECASE)
PHRASES = re.compile(r"\b(?:no more(?! than)|be it|be they|who(?:m)?ever|nobody)\b", re.IGNORECASE)


class Text(NamedTuple):
    path: str
    line: int
    text: str


def docstrings(path: str, source: str) -> Iterator[Text]:
    """First lines of the docstrings of a module, its classes and its functions."""
    for node in ast.walk(ast.parse(source, path)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node)
            if text:
                yield Text(path, node.body[0].lineno, text.splitlines()[0])


def headings(path: str, source: str) -> Iterator[Text]:
    """Markdown headings, code blocks left out."""
    fenced = False
    for number, line in enumerate(source.splitlines(), 1):
        fenced ^= line.lstrip().startswith("```")
        heading = re.match(r"#{1,6}\s+(.+)", line)
        if heading and not fenced:
            yield Text(path, number, heading[1])


def phrases(path: str, source: str) -> Iterator[Text]:
    """Lines with a phrase of the list, one for each of its phrases."""
    for number, line in enumerate(source.splitlines(), 1):
        yield from (Text(path, number, found[0]) for found in PHRASES.finditer(line))


def wh(texts: Iterable[Text]) -> list[Text]:
    return [it for it in texts if BEGINS_WITH_WH.match(it.text)]


def report(title: str, offenders: list[Text], most: int) -> bool:
    """Print the count, and every offender above the limit; true within it."""
    print(f"{title}: {len(offenders)} (limit {most})")
    if len(offenders) > most:
        print(*(f"  {it.path}:{it.line}: {it.text}" for it in offenders), sep="\n")
    return len(offenders) <= most


def main() -> int:
    code = dict(_read(path for room in CODE for path in (ROOT / room).rglob("*.py")))
    pages = dict(_read(path for room in PAGES for path in (ROOT / room).glob("*.md")))
    written = [text for path, source in code.items() for text in docstrings(path, source)]
    titles = [text for path, source in pages.items() for text in headings(path, source)]
    worded = [text for path, source in (code | pages).items() for text in phrases(path, source)]
    within = [
        report(f"wh-docstrings of {len(written)}", wh(written), int(MOST_DOCSTRINGS * len(written))),
        report(f"wh-headings of {len(titles)}", wh(titles), MOST_HEADINGS),
        report("phrases with a plainer form", worded, MOST_PHRASES),
    ]
    return 0 if all(within) else 1


def _read(paths: Iterable[pathlib.Path]) -> Iterator[tuple[str, str]]:
    """Sources by their path from the root, without this module's own word list and its test."""
    for path in sorted(paths):
        if path.stem not in {"plain_english", "test_plain_english"}:
            yield str(path.relative_to(ROOT)), path.read_text()


if __name__ == "__main__":
    sys.exit(main())
