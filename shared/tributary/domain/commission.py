"""Commission: counting lines and their base, the reward, and its shares."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tributary.domain.incentives import INCENTIVES
from tributary.domain.program import COMPILERS, LineItemFilters, Program
from tributary.domain.transaction import PRODUCT_TYPES, Line, Transaction


def counting_lines(lines: Sequence[Line], program: Program, collaborator_id: int) -> tuple[int, ...]:
    """Positions of the lines that count for a winner; none until the program enables a compiler."""
    return counted(lines, program.compilers, program.filters, collaborator_id)


def counted(
    lines: Sequence[Line], compilers: Sequence[str], filters: LineItemFilters, collaborator_id: int
) -> tuple[int, ...]:
    """The same by the settings of a program, such as those kept with a decision."""
    return counted_for_any(lines, compilers, filters, (collaborator_id,))


def counted_for_any(
    lines: Sequence[Line], compilers: Sequence[str], filters: LineItemFilters, collaborator_ids: Collection[int]
) -> tuple[int, ...]:
    """The same for several collaborators together, each of whom may own a line."""
    types = {name for compiler in compilers for name in COMPILERS[compiler]}
    return tuple(
        position
        for position, line in enumerate(lines)
        if line.type in types and _passes(line, filters, collaborator_ids)
    )


def counting_now(transaction: Transaction, program: Mapping[str, Any], collaborator_id: int) -> tuple[int, ...] | None:
    """Positions of the lines that count in an edited sale, by the program as stored with the decision; None for a sale
    without edits, whose award has them."""
    if transaction.change is None:
        return None
    filters = LineItemFilters.of(program["lineItemFilters"])
    return counted(transaction.sale.details, program["transactionCompilers"], filters, collaborator_id)


def base(lines: Sequence[Line], positions: Sequence[int], discounts: Sequence[int] = ()) -> int:
    """The sum of value × quantity over the counting lines, in minor units, less their parts of unlisted `discounts`."""
    listed = sum(lines[position].total for position in positions)
    return listed - sum(discounts[position] for position in positions) if discounts else listed


def reward(lines: Sequence[Line], positions: Sequence[int], program: Program, discounts: Sequence[int] = ()) -> int:
    """The whole reward for the counting lines, in minor units, never negative."""
    counting = [lines[position] for position in positions]
    return INCENTIVES[program.incentive].reward(program.terms, counting, base(lines, positions, discounts))


def shares(whole: int, weights: Sequence[int], *, hand_out_remainder: bool = False) -> list[int]:
    """Split a reward by weights, truncated to the minor unit; the sum never exceeds the whole.

    Odd units are dropped, or handed out one each to the largest truncated parts (the earlier of equals)."""
    total = sum(weights)
    parts = [whole * weight // total for weight in weights]
    if hand_out_remainder:
        by_loss = sorted(range(len(weights)), key=lambda place: -(whole * weights[place] % total))
        for place in by_loss[: whole - sum(parts)]:
            parts[place] += 1
    return parts


def ranges(positions: Sequence[int]) -> str:
    """Ascending positions as text ("0-3,7"): a thousand lines in ninety awards must fit one record."""
    text: list[str] = []
    start = before = None
    for position in [*positions, None]:
        if start is not None and (position is None or position != (before or 0) + 1):
            text.append(f"{start}-{before}" if before != start else f"{start}")
            start = None
        start, before = (position if start is None else start), position
    return ",".join(text)


def positions_of(text: str) -> list[int]:
    """Positions as written by `ranges`."""
    parts = [part.split("-") for part in text.split(",") if part]
    return [position for part in parts for position in range(int(part[0]), int(part[-1]) + 1)]


def _passes(line: Line, filters: LineItemFilters, collaborator_ids: Collection[int]) -> bool:
    """Filters apply to goods only: shipping and the like have neither category nor owner."""
    if line.type not in PRODUCT_TYPES:
        return True
    if filters.types and line.type not in filters.types:
        return False
    if filters.categories and not set(filters.categories) & set(_listed(line, "categories")):
        return False
    if filters.skus and line.attributes.get("sku") not in filters.skus:
        return False
    return not filters.collaborator_owned or not set(collaborator_ids).isdisjoint(_listed(line, "collaborators"))


def _listed(line: Line, attribute: str) -> list[str | int]:
    """Texts and integers of a JSON list attribute; none for free text, as transactions made by hand may have."""
    try:
        held = json.loads(line.attributes.get(attribute, "[]"))
    except (ValueError, RecursionError):
        return []
    return [it for it in held if type(it) in (str, int)] if isinstance(held, list) else []
