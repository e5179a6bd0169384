"""A collaborator in a program that pays 10 %, for storms without an in-process stack."""

from tests.stack.dialects.spoken import Call, Item
from tests.stack.journey import PROGRAM
from tests.storm.players.shop import Ask


def collaborator_and_program(ask: Ask) -> tuple[int, int]:
    program = _made(ask, "/programs", PROGRAM)
    return _made(ask, "/collaborators", {"fullName": "Dana", "programs": [program]}), program


def _made(ask: Ask, path: str, body: Item) -> int:
    answer = ask(Call(path, body, key="admin"))
    assert answer.status == 201, answer.text
    return int(answer.json["id"])
