"""Who may import whom: the domain nothing but Python, the ledger boto3 besides, and nobody the functions."""

import ast
import pathlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest

from tests.template import ROOT

SHARED = ROOT / "shared"
APPS = sorted(ROOT.glob("functions/*/app.py"))
EACH_APP = pytest.mark.parametrize("app", APPS, ids=lambda app: app.parent.name)
LONGEST_HANDLER = 25

# What each room of the package may import besides the standard library. mypy_boto3_dynamodb names types only.
ROOMS = {
    "domain": ["tributary.domain"],
    "ledger": [
        "boto3",
        "botocore",
        "mypy_boto3_dynamodb",
        "tributary.aws",
        "tributary.domain",
        "tributary.ledger",
        "tributary.settings",
        "tributary.telemetry",
    ],
}

# Costs too much of a cold start: 120 ms, 290 ms, a test tool, and a second way to parse.
TOO_HEAVY = {"requests", "aws_xray_sdk", "moto", "aws_lambda_powertools.utilities.parser"}

IMPORT_APP = textwrap.dedent("""
    import socket, sys
    def refuse(*call): raise AssertionError(f"an import made a network call: {call}")
    socket.socket.connect = socket.getaddrinfo = refuse
    sys.dont_write_bytecode = True
    sys.path[:0] = sys.argv[1:]
    import app
    assert callable(app.handler)
    print(*sys.modules)
""")


def imported(source: pathlib.Path) -> Iterator[str]:
    tree = ast.parse(source.read_text(), source)
    package = source.relative_to(SHARED).with_suffix("").parts if source.is_relative_to(SHARED) else ()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = [*package[: -node.level]] if node.level else []
            module = ".".join([*start, *filter(None, [node.module])])
            yield from (f"{module}.{name.name}" for name in node.names)


def within(name: str, rooms: list[str]) -> bool:
    return any(f"{name}.".startswith(f"{room}.") for room in rooms)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room):
    sources = sorted((SHARED / "tributary" / room).rglob("*.py"))
    assert sources
    foreign = {
        (source.name, name)
        for source in sources
        for name in imported(source)
        if name.split(".")[0] not in sys.stdlib_module_names and not within(name, ROOMS[room])
    }
    assert not foreign


def test_nothing_shared_imports_a_function_or_what_is_only_local():
    outside = ["app", "functions", "local", "operate", "tests"]
    assert not [(it, name) for it in SHARED.rglob("*.py") for name in imported(it) if within(name, outside)]


@EACH_APP
def test_a_function_imports_without_configuration_or_calls_and_nothing_heavy(app):
    command = [sys.executable, "-c", IMPORT_APP, str(SHARED), str(app.parent)]
    run = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert not TOO_HEAVY & set(run.stdout.split())


@EACH_APP
def test_a_function_can_be_read_at_a_glance(app):
    definitions = [node for node in ast.walk(ast.parse(app.read_text())) if isinstance(node, ast.FunctionDef)]
    lengths = {it.name: it.end_lineno - it.lineno + 1 for it in definitions}
    assert "handler" in lengths
    assert not {name for name, lines in lengths.items() if lines > LONGEST_HANDLER}
