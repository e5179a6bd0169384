"""Rooms of the tests: helpers are imported downward only, and no test module is a library."""

import ast
import pathlib
from collections.abc import Iterator

from tests.template import ROOT

TESTS = ROOT / "tests"
SOURCES = sorted(TESTS.rglob("*.py"))
#: Rooms below each room, besides itself and the modules directly in tests/.
BELOW = {
    "stack": [],
    "unit": [],
    "local": [],
    "contract": ["stack"],
    "integration": ["stack"],
    "storm": ["stack"],
    "e2e": ["stack", "contract"],
    "performance": ["stack", "contract", "unit"],
}


def imports_of(source: pathlib.Path) -> Iterator[str]:
    """Dotted names of the modules of tests/ that a source imports, with the imported names."""
    for node in ast.walk(ast.parse(source.read_text(), source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("tests."))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "tests":
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_test_module(name: str) -> bool:
    """True of `tests.storm.conftest.WHOLE` as well as of the module itself."""
    return any(
        TESTS.parent.joinpath(*name.split(".")[:end]).with_suffix(".py").is_file()
        and (part.startswith("test_") or part == "conftest")
        for end, part in enumerate(name.split("."), 1)
    )


def test_every_room_is_listed():
    rooms = {path.name for path in TESTS.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms == set(BELOW)


def test_no_test_module_is_imported():
    assert not [(source.name, name) for source in SOURCES for name in imports_of(source) if is_test_module(name)]


def test_rooms_import_downward():
    upward = []
    for source in SOURCES:
        room = source.relative_to(TESTS).parts[0]
        closed = BELOW.keys() - {room, *BELOW.get(room, [])}
        upward += [(str(source), name) for name in imports_of(source) if name.split(".")[1] in closed]
    assert not upward
