"""Counted tables in documents; each is placed between `<!-- name -->` and `<!-- end -->`."""

from collections.abc import Iterable, Mapping


def within(text: str, made: Mapping[str, str]) -> str:
    """The document with the tables in their places."""
    for name, rows in made.items():
        head, mark, rest = text.partition(f"<!-- {name} -->\n")
        assert mark, f"the document has no place for {name}"
        _, mark, rest = rest.partition("<!-- end -->")
        text = f"{head}<!-- {name} -->\n{rows}\n<!-- end -->{rest}"
    return text


def place(text: str, name: str) -> str:
    """The table in that place."""
    return text.partition(f"<!-- {name} -->\n")[2].partition("\n<!-- end -->")[0]


def table(head: tuple[str, ...], lines: Iterable[tuple[object, ...]]) -> str:
    rows = [head, ("---",) * len(head), *lines]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in rows)
