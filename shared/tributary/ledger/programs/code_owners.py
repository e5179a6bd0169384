"""Owners of the codes that a sale carries, with the programs in which they are enrolled."""

from collections.abc import Sequence

from tributary.domain.codes import Code
from tributary.domain.manual_engagements import Carried
from tributary.domain.program import Catalogue
from tributary.ledger.programs import collaborators
from tributary.ledger.programs.collaborators import Alias
from tributary.ledger.store import table


def any_owned(organization: str, codes: Sequence[Code]) -> bool:
    """True if a partner has one of the codes. A GetItem for each, until one is found."""
    return any(table.get(*collaborators.alias_key(organization, Alias(it.type, it.code))) for it in codes)


def of_codes(organization: str, codes: Sequence[Code], catalogue: Catalogue) -> list[Carried]:
    """The owners of codes, in the order of the codes; unknown codes have none. Two BatchGetItems."""
    keys = {code: collaborators.alias_key(organization, Alias(code.type, code.code)) for code in codes}
    led = {place: int(item["collaboratorId"]) for place, item in table.batch_get(keys.values()).items()}
    found = table.batch_get(collaborators.key(organization, number) for number in set(led.values()))
    enrolled = {item["listed"]["id"]: item["listed"]["programs"] for item in found.values()}
    owned = [(code, led[place]) for code, place in keys.items() if place in led]
    return [
        Carried(code, number, tuple(catalogue.programs[it] for it in enrolled[number] if it in catalogue.programs))
        for code, number in owned
        if number in enrolled
    ]
