"""Import rules: rooms import downwards only, each part its own libraries, nothing the functions."""

import ast
import json
import pathlib
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.template import ROOT

SHARED = ROOT / "shared"
APPS = sorted(ROOT.glob("functions/*/app.py"))
EACH_APP = pytest.mark.parametrize("app", APPS, ids=lambda app: app.parent.name)
LONGEST_HANDLER = 25

# Packages besides the standard library. mypy_boto3_dynamodb names types only.
LIBRARIES = {
    "domain": set(),
    "payments": set(),
    "shops": set(),
    "outbound": set(),
    "ledger": {"boto3", "botocore", "mypy_boto3_dynamodb"},
    "workflows": {"boto3", "botocore"},
    "api": {"aws_lambda_powertools", "botocore", "pydantic", "pydantic_core"},
}

SETUP = {"aws", "settings", "telemetry"}
BELOW_DIALECTS = {
    "domain", "payments", "shops", "outbound", "api.http", "api.lists", "api.batches", "ledger", "workflows", *SETUP
}  # fmt: skip

# The rooms from the ground up, and those each may import: rooms above it in this table only, so no circle either.
ROOMS = {
    "aws": set(),
    "settings": set(),
    "telemetry": set(),
    "domain": set(),
    "payments": {"domain"},
    "shops": {"domain"},
    "outbound": {"domain", "settings"},
    "ledger.store": {"domain", *SETUP},
    "ledger.statistics": {"domain", "ledger.store", *SETUP},
    "ledger.organization": {"domain", "ledger.store", *SETUP},
    "ledger.programs": {"domain", "ledger.store", *SETUP},
    "ledger.customers": {"domain", "ledger.store", *SETUP},
    "ledger.sales": {"domain", "ledger.store", *SETUP},
    "ledger.refunds": {"domain", "ledger.sales", "ledger.store", *SETUP},
    "ledger.opportunities": {"domain", "ledger.customers", "ledger.programs", "ledger.sales", "ledger.store", *SETUP},
    "ledger.catalogue": {"domain", "ledger.customers", "ledger.store", *SETUP},
    "ledger.orders": {
        "domain", "ledger.customers", "ledger.sales", "ledger.refunds", "ledger.opportunities", "ledger.store", *SETUP
    },
    "ledger.earnings": {
        "domain", "ledger.programs", "ledger.sales", "ledger.refunds", "ledger.opportunities", "ledger.store", *SETUP
    },
    "ledger.distributions": {"domain", "ledger.programs", "ledger.sales", "ledger.earnings", "ledger.store", *SETUP},
    "sealing": set(SETUP),
    "ledger.payouts": {
        "domain", "payments", "sealing", "ledger.organization", "ledger.programs", "ledger.sales", "ledger.earnings",
        "ledger.store", *SETUP,
    },
    "ledger.connections": {"domain", "sealing", "ledger.store", *SETUP},
    "ledger.webhooks": {"domain", "sealing", "ledger.store", *SETUP},
    "queues": {*SETUP},
    "bus": {"domain", "ledger.store", "queues", *SETUP},
    "schedules": {"domain", "ledger.store", *SETUP},
    "workflows": {"domain", "outbound", "ledger", "bus", "queues", "schedules", *SETUP},
    "api.http": {"domain", "ledger.organization", "ledger.programs", "ledger.store", *SETUP},
    "api.lists": {"domain", "api.http", "ledger.organization", "ledger.sales", "ledger.store", *SETUP},
    "api.batches": {"domain", "api.http", *SETUP},
    "api.hooks": {"domain", "shops", "bus", "api.http", "ledger", *SETUP},
    "api.siren": BELOW_DIALECTS,
    "api.sequenzy": BELOW_DIALECTS,
    "api.noticia": BELOW_DIALECTS,
    "api.growi": BELOW_DIALECTS,
    "api.routes": {"api.http", "api.siren", "api.sequenzy", "api.noticia", "api.growi"},
    "api.unrouted": {"domain", "api.http", "api.routes"},
    "api.foreign": {"domain", "bus", "api.hooks", "api.http", "api.siren", "api.noticia", "ledger", *SETUP},
}  # fmt: skip
MOST_ARROWS = 64

# The flat domain, its tests and the platform's folder of functions are wide on purpose.
MOST_SIBLINGS = 15
WIDE = {"shared/tributary/domain", "functions", "tests/unit/domain"}

# Costs too much of a cold start: 120 ms, 290 ms, a test tool, and a second way to parse.
TOO_HEAVY = {"requests", "aws_xray_sdk", "moto", "aws_lambda_powertools.utilities.parser"}

# Imports each app whose folder it reads, in a process of its own that is forked from this one, and answers with the
# failure and the modules. What it has imported before is what nearly every app imports, none of it ours.
IMPORT_APPS = textwrap.dedent("""
    import json, os, socket, sys, traceback
    def refuse(*call): raise AssertionError(f"an import made a network call: {call}")
    socket.socket.connect = socket.getaddrinfo = refuse
    sys.dont_write_bytecode = True
    sys.path.insert(0, sys.argv[1])
    import aws_lambda_powertools.event_handler, botocore.config
    for folder in sys.stdin:
        process, failure = os.fork(), ""
        if not process:
            try:
                sys.path.insert(0, folder.strip())
                import app
                assert callable(app.handler)
            except BaseException:
                failure = traceback.format_exc()
            print(json.dumps([failure, *sys.modules]), flush=True)
            os._exit(0)
        if code := os.waitpid(process, 0)[1]:
            print(json.dumps([f"it ended with {code}"]), flush=True)
""")


@pytest.fixture(scope="module")
def importing():
    """A process without configuration that imports apps."""
    command = [sys.executable, "-X", f"pycache_prefix={sys.pycache_prefix or ''}", "-c", IMPORT_APPS, str(SHARED)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env={}, text=True, bufsize=1, **pipes) as process:
        yield process
        process.stdin.close()


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


def room_of(name: str) -> str:
    """Room of a module: the longest name of the table that it lies in."""
    return max((room for room in ROOMS if within(name, [f"tributary.{room}"])), key=len, default=name)


def arrows() -> Iterator[tuple[str, str]]:
    for source in (SHARED / "tributary").rglob("*.py"):
        room = room_of(".".join(source.relative_to(SHARED).with_suffix("").parts))
        for name in imported(source):
            if within(name, ["tributary"]) and room_of(name) != room:
                yield room, room_of(name)


def test_a_room_imports_only_what_it_may():
    allowed = {room: [f"tributary.{name}" for name in names] for room, names in ROOMS.items()}
    assert not {(room, other) for room, other in arrows() if not within(f"tributary.{other}", allowed.get(room, []))}


def test_a_room_may_import_only_rooms_below_it():
    floors = list(ROOMS)
    for floor, room in enumerate(floors):
        below = [name for name in floors[:floor] if name != room]
        assert not {name for name in ROOMS[room] if not any(within(it, [name]) for it in below)}, room


def test_every_module_has_a_room():
    modules = [it.relative_to(SHARED).with_suffix("") for it in (SHARED / "tributary").rglob("*.py")]
    names = {".".join(it.parts) for it in modules if it.name != "__init__"}
    assert not {name for name in names if room_of(name) not in ROOMS}


@pytest.mark.parametrize("part", LIBRARIES)
def test_a_part_uses_only_its_libraries(part):
    sources = sorted((SHARED / "tributary" / part).rglob("*.py"))
    assert sources
    used = {(source.name, name.split(".")[0]) for source in sources for name in imported(source)}
    known = {"tributary", *LIBRARIES[part], *sys.stdlib_module_names}
    assert not {(source, package) for source, package in used if package not in known}


def test_ledger_and_api_have_few_arrows_between_their_rooms():
    """An arrow from the API into the ledger counts once for each room it starts in."""
    drawn = {(room, other if _part(room) == _part(other) else _part(other)) for room, other in arrows()}
    assert 40 < len([it for it in drawn if {_part(it[0]), _part(it[1])} <= {"ledger", "api"}]) <= MOST_ARROWS


def _part(room: str) -> str:
    return room.partition(".")[0]


@pytest.mark.parametrize("part", ["shared", "local", "openapi", "operate", "tests", "functions"])
def test_a_folder_of_code_can_be_taken_in_at_a_glance(part):
    counts = Counter(
        str(path.parent.relative_to(ROOT))
        for path in (ROOT / part).rglob("*")
        if (path.suffix == ".py" and path.name != "__init__.py") or any(path.glob("*.py"))
    )
    assert counts
    assert not {folder for folder, count in counts.items() if count > MOST_SIBLINGS and folder not in WIDE}


def test_nothing_shared_imports_a_function_or_what_is_only_local():
    outside = ["app", "functions", "local", "operate", "tests"]
    assert not [(it, name) for it in SHARED.rglob("*.py") for name in imported(it) if within(name, outside)]


@EACH_APP
def test_a_function_imports_without_configuration_or_calls_and_nothing_heavy(app, importing):
    importing.stdin.write(f"{app.parent}\n")
    failure, *modules = json.loads(importing.stdout.readline())

    assert not failure, failure
    assert "app" in modules
    assert not TOO_HEAVY & set(modules)


@EACH_APP
def test_a_function_can_be_read_at_a_glance(app):
    definitions = [node for node in ast.walk(ast.parse(app.read_text())) if isinstance(node, ast.FunctionDef)]
    lengths = {it.name: it.end_lineno - it.lineno + 1 for it in definitions}
    assert "handler" in lengths
    assert not {name for name, lines in lengths.items() if lines > LONGEST_HANDLER}
