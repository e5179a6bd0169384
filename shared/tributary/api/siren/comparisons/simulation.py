"""The call that plays a draft of a program over past sales."""

import base64
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from tributary.api.lists.query import CURSOR
from tributary.api.siren.requests.programs import SimulationBody
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.ids import text_digest
from tributary.domain.simulation import Part, Played
from tributary.ledger.store.lists import Range, is_position, position
from tributary.ledger.store.values import Item
from tributary.workflows import simulation

#: Sales that change hands which one answer names; it counts all.
MOST_SHOWN = 100


def simulate(stored: Item, body: SimulationBody) -> dict[str, Any]:
    """A page of the span: the difference by collaborator, the sales that change hands, and what was left out."""
    settings = body.settings(stored["listed"])
    bound_to = _bound_to(stored, settings, body)
    after, other_visits = _read_cursor(body.cursor, bound_to)
    start, end = (None if moment is None else position(moment, 0) for moment in (body.start, body.end))
    whole = Range()
    part = Range(newest_first=False, after=after, start=start or whole.start, end=end or whole.end)
    draft = simulation.draft_of(stored, settings, body.start or "")
    page = simulation.simulate(stored["organization"], draft, part, other_visits)
    compared = [sale for sale in page.played if sale.left is None]
    changed = [sale for sale in compared if sale.changes_hands]
    return {
        "programId": draft.program.id,
        "sales": len(compared),
        "left": dict(sorted(Counter(sale.left for sale in page.played if sale.left).items())),
        "collaborators": _differences(compared),
        "changed": [
            {
                "transactionId": sale.transaction_id,
                "currency": sale.currency,
                "before": _shown(sale.before),
                "after": _shown(sale.after),
            }
            for sale in changed[:MOST_SHOWN]
        ],
        "changedCount": len(changed),
        "cursor": None if page.next is None else _cursor(bound_to, page.next, page.other_visits),
    }


def _differences(compared: Iterable[Played]) -> list[dict[str, Any]]:
    """Earnings of each collaborator as they were and as they would have been, by currency, in minor units."""
    before, after = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    for sale in compared:
        for sums, parts in ((before, sale.before), (after, sale.after)):
            for part in parts:
                sums[part.collaborator_id, sale.currency] += part.value
    return [
        {
            "collaboratorId": collaborator_id,
            "currency": currency,
            "before": before[collaborator_id, currency],
            "after": after[collaborator_id, currency],
            "difference": after[collaborator_id, currency] - before[collaborator_id, currency],
        }
        for collaborator_id, currency in sorted({*before, *after})
    ]


def _shown(parts: Sequence[Part]) -> list[dict[str, int]]:
    return [
        {"collaboratorId": part.collaborator_id, "programId": part.program_id, "value": part.value} for part in parts
    ]


def _bound_to(stored: Item, settings: dict[str, Any], body: SimulationBody) -> str:
    """The name of a simulation: with other settings, or of the program as it became meanwhile, it is another."""
    named = [stored["organization"], "simulate", stored["version"], settings, body.start, body.end]
    return text_digest(json.dumps(named, sort_keys=True, default=str))[:16]


def _cursor(bound_to: str, after: str, other_visits: Collection[int]) -> str:
    token = json.dumps([bound_to, after, sorted(other_visits)], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def _read_cursor(cursor: str | None, bound_to: str) -> tuple[str | None, Collection[int]]:
    """The position to go on from and the visitors told apart. ValidationFailed for another simulation's cursor."""
    if not cursor:
        return None, ()
    try:
        if not CURSOR.fullmatch(cursor):
            raise ValueError("not base64url")
        owner, after, other_visits = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        numbers = isinstance(other_visits, list) and all(type(it) is int for it in other_visits)
        if owner == bound_to and isinstance(after, str) and is_position(after) and numbers:
            return after, other_visits
    except (ValueError, TypeError, RecursionError):
        pass
    raise ValidationFailed([Failure("cursor", "cursor is not one of this simulation.", "FORMAT")])
