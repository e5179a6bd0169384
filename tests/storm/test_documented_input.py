"""Storm: what schemathesis makes of docs/openapi.json, right and wrong, through the real handlers.

A refusal has the API's own form, is one that the document names, and nothing was written before it; what is accepted is
answered as the document says; data that the document forbids is not accepted."""

import copy
from collections import Counter
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from openapi import shapes
from tests.stack.house import House, in_process
from tests.storm.input import organizations as organization
from tests.storm.input.http_gateway import Gateway
from tests.storm.input.operations import Operation, document, operations
from tests.storm.input.organizations import First
from tests.storm.verdict import WHOLE, Tally

FUZZED = [
    pytest.param(operation, mode, id=f"{operation.name}-{mode.name.lower()}")
    for operation in operations()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if mode is GenerationMode.POSITIVE or operation.takes_anything
]
#: Of each call in each mode.
EXAMPLES = 2200 // len(FUZZED) if WHOLE else 2

load_all_checks()
ALWAYS = [CHECKS.get_one("not_a_server_error"), CHECKS.get_one("status_code_conformance")]
SHAPE = CHECKS.get_one("response_schema_conformance")
FORBIDDEN = CHECKS.get_one("negative_data_rejection")


def _lifetime(fixture_name: str, config: pytest.Config) -> str:
    """Accepted requests fill the ledger, and moto is slow with a large one."""
    return "function" if WHOLE else "module"


@pytest.fixture(scope=_lifetime)
def first() -> Iterator[First]:
    with in_process() as house:
        yield organization.found(house)


def described(house: House, operation: Operation) -> schemathesis.APIOperation:
    """The call as schemathesis has it. Members of answers that the document does not name are failures here; query
    parameters that it does not name are ignored by design."""
    closed = {name: copy.deepcopy(part) for name, part in document(operation.dialect).items() if name != "security"}
    for name in shapes.schemas() if operation.dialect == "siren" else ():
        closed["components"]["schemas"][name]["additionalProperties"] = False
    config = schemathesis.Config.from_dict({"generation": {"allow-extra-parameters": False}})
    schema = schemathesis.openapi.from_dict(closed, config=config)
    schema.app = Gateway(house)
    return schema[operation.path][operation.method]


def checks_of(
    operation: Operation, mode: GenerationMode, response: schemathesis.Response
) -> list[schemathesis.CheckFunction]:
    """Events answer with an empty body unless they are asked for another."""
    empty = operation.path.startswith("/event/") and response.status_code == 200 and not response.content
    forbidden = [FORBIDDEN] if mode is GenerationMode.NEGATIVE else []
    return [*ALWAYS, *([] if empty else [SHAPE]), *forbidden]


@pytest.mark.parametrize(("operation", "mode"), FUZZED)
def test_calls_of_the_document(operation: Operation, mode: GenerationMode, first: First, tally: Tally) -> None:
    call = described(first.house, operation)
    answered: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=not WHOLE, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(call.as_strategy(mode))
    def send(case: Case) -> None:
        before = first.house.changes()
        response = case.call(headers={"Authorization": f"Bearer {first.key}", "x-api-key": first.key})
        case.validate_response(response, checks=checks_of(operation, mode, response))
        assert response.status_code < 400 or first.house.changes() == before
        answered["accepted" if response.status_code < 400 else "refused"] += 1

    send()
    for what, number in answered.items():
        tally(number, f"requests of {mode.name.lower()} examples of the document were {what}, as it says")
