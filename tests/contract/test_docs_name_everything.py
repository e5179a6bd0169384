"""docs/api.md and docs/events.md name every route, event, reason, error and body member of the code, and no others."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.samples import detail_types, read_all
from tests.template import ROOT
from tributary.api.http.bodies import RequestBody
from tributary.api.http.dialect import BASES
from tributary.api.lists.resource import Resource
from tributary.api.routes import ROUTES, Route, routes_of
from tributary.api.siren import resources
from tributary.api.siren import visits as responses
from tributary.api.siren.requests import access
from tributary.domain import attribution, explanation
from tributary.domain.errors import Failure, TributaryError
from tributary.domain.incentives import INCENTIVES
from tributary.ledger.opportunities import visits

API, EVENTS = (ROOT / "docs" / name for name in ("api.md", "events.md"))
PACKAGE = ROOT / "shared/tributary"
#: The place where a code is documented: codes of dead letters are not answers to clients.
OF_EVENTS = ("tributary.bus", "tributary.workflows.relay")
_CODE = re.compile(r"[a-z]+(_[a-z]+)+")


def section(path: Path, title: str) -> str:
    """Text under a heading."""
    return re.split(r"^## ", path.read_text().split(f"## {title}\n", 1)[1], flags=re.MULTILINE)[0]


def rows(text: str) -> Iterator[list[str]]:
    """Cells of the rows of a text's tables, without the heads."""
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert re.match(r"\|.*\n\|[-|]+\|\n", table), f"a table without a head is not shown as one: {table[:60]}"
        for line in table.splitlines()[2:]:
            yield [cell.strip() for cell in line.strip("|").split(" |")]


def quoted(text: str) -> list[str]:
    """Words set as code in running text."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


def words(path: Path) -> set[str]:
    """Every word set as code, also within longer ones."""
    return {word for text in quoted(path.read_text()) for word in re.findall(r"[\w:*-]+", text)}


def routes_named() -> Iterator[tuple[str, str]]:
    """The routes in the first cells: `GET /a`, `/b` is GET /a and GET /b; `GET /a`, `POST` is GET /a and POST /a."""
    for title in ("Events", "Records"):
        for cells in rows(section(API, title)):
            method = path = ""
            for method_given, path_given in re.findall(r"`(GET|POST|PUT|PATCH|DELETE)? ?(/[^`]*)?`", cells[0]):
                method, path = method_given or method, path_given or path
                yield method, path


def literals(path: Path, call: str | None = None, place: int = 0) -> set[str]:
    """Texts of a module that look like codes; or those at a position among the arguments of a call."""
    tree = ast.parse(path.read_text())
    if call is None:
        found = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        return {node.value for node in found if isinstance(node.value, str) and _CODE.fullmatch(node.value)}
    calls = [it for it in ast.walk(tree) if isinstance(it, ast.Call) and getattr(it.func, "id", "") == call]
    arguments = [it.args[place] for it in calls if len(it.args) > place]
    return {it.value for it in arguments if isinstance(it, ast.Constant) and isinstance(it.value, str)}


def modules() -> list[str]:
    """The package's modules, imported, so that their classes are known."""
    paths = sorted(PACKAGE.rglob("*.py"))
    names = [".".join(path.relative_to(ROOT / "shared").with_suffix("").parts) for path in paths]
    return [importlib.import_module(name.removesuffix(".__init__")).__name__ for name in names]


def all_below(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from all_below(child)


def errors() -> set[tuple[str, str]]:
    """Every code that a client or a dead-letter queue can get, with its module."""
    found = {(kind.__module__, kind.code) for kind in all_below(TributaryError) if kind.__module__ in set(modules())}
    for module in modules():
        path = PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py")
        if path.exists():
            codes = literals(path, "error_body", 1) | literals(path, "send_dead_letter", 1)
            found |= {(module, code) for code in codes}
    return found


def reasons() -> set[str]:
    """Reasons of decisions and candidates: those with words of their own, and the two for success."""
    return {*explanation._SALE, *explanation._LOST, "awarded", "won"}


def test_the_docs_name_every_route_and_no_other() -> None:
    assert set(routes_named()) == {(route.method, route.path) for route in routes_of("siren")}


@pytest.mark.parametrize(
    "route", [pytest.param(it, id=f"{it.method} {it.path}") for it in ROUTES if it.dialect != "siren"]
)
def test_the_page_of_a_dialect_names_each_of_its_routes(route: Route) -> None:
    page = (ROOT / "docs" / f"{route.dialect}.md").read_text()

    assert f"`{route.method} {BASES[route.dialect]}{route.path}`" in page


def test_the_docs_name_every_event_with_its_data_members_and_no_other() -> None:
    reported = {}
    for types, _, members in rows("| detail-type" + section(EVENTS, "Out").split("| detail-type")[1]):
        reported |= {name: set(members.split(", ")) for name in types.split(", ")}

    samples = {name.rpartition(".v")[0]: set(sample["detail"]["data"]) for name, sample in read_all("bus").items()}
    assert samples.keys() == detail_types()
    assert reported == samples


def test_every_reason_of_attribution_has_words_of_its_own() -> None:
    assert literals(Path(attribution.__file__)) <= reasons()


def test_the_docs_name_every_reason_and_no_other() -> None:
    reported = [name for cells in rows(section(API, "Reasons of a decision")) for name in quoted(cells[0])]

    assert sorted(reported) == sorted(reasons())


def test_every_reason_of_a_visit_has_words_of_its_own() -> None:
    assert literals(Path(visits.__file__)) - {"not_attributed"} == set(responses._MESSAGES) - {None}


def test_the_docs_name_every_reason_of_an_uncredited_visit() -> None:
    assert literals(Path(visits.__file__)) <= set(quoted(section(API, "Events")))


def test_the_docs_name_every_error_in_its_place_and_no_other() -> None:
    clients = {code for module, code in errors() if module not in OF_EVENTS}
    queues = {code for module, code in errors() if module in OF_EVENTS}

    assert {quoted(cells[1])[0] for cells in rows(section(API, "Errors"))} == clients
    assert queues <= set(quoted(EVENTS.read_text()))


def test_the_docs_name_every_type_of_a_failed_check() -> None:
    types = set(Failure.__dataclass_fields__["type"].type.__args__)

    assert types <= set(re.findall(r"[A-Z]+", section(API, "Errors")))


def test_the_docs_name_every_scope() -> None:
    assert set(access._SCOPES) <= set(quoted(section(API, "Scopes")))


def test_the_docs_name_every_incentive() -> None:
    assert INCENTIVES.keys() <= set(quoted(section(API, "Programs")))


def bodies() -> dict[str, type[RequestBody]]:
    """Request bodies of the package, without those that tests of this run have made."""
    package = set(modules())  # first: a class exists once its module is imported
    return {kind.__name__: kind for kind in all_below(RequestBody) if kind.__module__ in package}


@pytest.mark.parametrize("body", sorted(bodies()))
def test_the_docs_name_every_member_of_a_body(body: str) -> None:
    kind = bodies()[body]

    dialect = kind.__module__.split(".")[2]
    page = API if dialect == "siren" else ROOT / "docs" / f"{dialect}.md"

    assert {field.alias for field in kind.model_fields.values()} <= words(page)


@pytest.mark.parametrize("name", sorted(name for name, it in vars(resources).items() if isinstance(it, Resource)))
def test_the_docs_name_every_filter_and_every_column_to_sort_by(name: str) -> None:
    resource = getattr(resources, name)
    path = {"WEBHOOK_DELIVERIES": "/webhooks/{id}/deliveries"}.get(name, "/" + name.lower().replace("_", "-"))
    (row,) = [cells for cells in rows(section(API, "Records")) if f"GET {path}" in quoted(cells[0])]

    assert set(resource.filters) <= set(quoted(row[1].partition("filters ")[2]))
    assert set(resource.order_by) <= set(quoted(section(API, "Records").partition("`orderBy`")[2]))
