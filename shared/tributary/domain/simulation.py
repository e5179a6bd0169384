"""Simulation: a stored decision made again with a draft of one program, by the same pure functions.

The draft is in force from the beginning of a span. The decision keeps its candidates and the programs as they were, so
only one program differs. A sale is left out, with a reason, if the record cannot say what the draft would have changed.
Reasons: `not_decided`, `deleted`, `amended`, `credited_by_hand`, `triggers_differ`, `points_differ`, `group_changed`,
`visits_given_way`, `earlier_sale`, `settings_not_kept`, `not_reproduced`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tributary.domain import decided_again
from tributary.domain.attribution import Award, Decision
from tributary.domain.commission import counting_lines, counting_now
from tributary.domain.decided_again import Group
from tributary.domain.earning_event import SALE
from tributary.domain.frozen_award import frozen
from tributary.domain.manual_engagements import MAX_BY_CODES
from tributary.domain.program import Program
from tributary.domain.remaining_value import remaining_value
from tributary.domain.transaction import DELETED, Transaction

Record = Mapping[str, Any]
#: Program and collaborator.
Pair = tuple[int, int]

CREDITED, EARLIER_SALE = "credited_by_hand", "earlier_sale"
LEFT = (
    "not_decided", "deleted", "amended", CREDITED, "triggers_differ", "points_differ", "group_changed",
    "visits_given_way", EARLIER_SALE, "settings_not_kept", "not_reproduced",
)  # fmt: skip
_POOLS = ("sharedPool", "weightedPool")
#: Decisions for which no visit and no code could have counted, whatever a program rewards.
_WITHOUT_VISITS = ("not_referred", "opportunity_invalid")
_INELIGIBLE = ("after_sale", "expired", "collaborator_not_active")


@dataclass(frozen=True)
class Version:
    """A program's settings from a moment on."""

    since: str
    program: Program


@dataclass(frozen=True)
class Draft:
    """Other settings of a program, from a moment on.

    `triggers_differ` and `points_differ` are the first moments from then on at which the real program rewarded other
    triggers, or by other points; visits are stored as they were scored. None for never."""

    program: Program
    triggers_differ: str | None = None
    points_differ: str | None = None

    @classmethod
    def of(cls, program: Program, versions: Sequence[Version], start: str, *, whole: bool = True) -> "Draft":
        """The draft beside the real versions, oldest first; not `whole` if earlier ones are not known.

        One that is not active makes no engagement and pays no earlier one, so that its triggers do not matter."""
        if program.status != "active":
            return cls(program)
        before = [version for version in versions if version.since <= start][-1:]
        known = [replace(version, since=start) for version in before]
        known += [version for version in versions if version.since > start]
        unknown = [] if before or whole else [start]
        names = unknown + [it.since for it in known if _rewarded(it.program).keys() != _rewarded(program).keys()]
        points = unknown + [it.since for it in known if _rewarded(it.program) != _rewarded(program)]
        return cls(program, next(iter(names), None), next(iter(points), None))


def _rewarded(program: Program) -> Mapping[str, int]:
    """The triggers that make engagements, with their points."""
    return program.triggers if program.status == "active" else {}


@dataclass(frozen=True, order=True)
class Part:
    """A program's pay to a collaborator for a sale, in minor units, after edits and refunds."""

    collaborator_id: int
    program_id: int
    value: int


@dataclass(frozen=True)
class Played:
    """A sale with what came of it and what would have come, or the reason for which it is `left` out.

    `uses_other_visits` if it would, or might, leave other visits to the visitor's later sales. `opportunity_id` is the
    visitor's, if any; `epoch` counts the decisions before."""

    transaction_id: int
    currency: str
    left: str | None = None
    before: tuple[Part, ...] = ()
    after: tuple[Part, ...] = ()
    uses_other_visits: bool = False
    opportunity_id: int | None = None
    decided_at: str = ""
    epoch: int = 0

    @property
    def changes_hands(self) -> bool:
        """True if other collaborators earn."""
        return {it.collaborator_id for it in self.before} != {it.collaborator_id for it in self.after}

    @property
    def new(self) -> tuple[Pair, ...]:
        """The winners that earned nothing by this program before."""
        earned = {(it.program_id, it.collaborator_id) for it in self.before}
        now = ((it.program_id, it.collaborator_id) for it in self.after)
        return tuple(pair for pair in now if pair not in earned)

    def without(self, reason: str) -> "Played":
        """The sale left out for a reason."""
        return replace(self, left=reason, before=(), after=())


def play(transaction: Transaction, decision: Record | None, draft: Draft, groups: Mapping[int, Group]) -> Played:
    """The outcome of a decided sale beside the outcome with the draft.

    Refunds and edits count on both sides, reviews and credits given by hand on neither."""
    deleted = transaction.status == DELETED
    if decision is None:
        return Played(transaction.id, transaction.sale.currency, "deleted" if deleted else "not_decided")
    known = _known(transaction, decision, draft)
    if reason := "deleted" if deleted else _missing(transaction, decision, draft):
        return known.without(reason)
    before = tuple(sorted(_parts_then(transaction, decision)))
    if not _held(decision, draft):
        return replace(known, before=before, after=before)
    if reason := _unknown(transaction, decision, draft, groups):
        return known.without(reason)
    catalogue = decided_again.catalogue(decision, groups)
    then = decided_again.decided(transaction, decision, catalogue)
    if not decided_again.agrees(then, decision):
        return known.without("not_reproduced")
    drafted = replace(draft.program, group_id=catalogue.programs[draft.program.id].group_id)
    changed = replace(catalogue, programs={**catalogue.programs, drafted.id: drafted})
    after = decided_again.decided(transaction, decision, changed)
    others = drafted.status != "active" and known.uses_other_visits
    return replace(
        known,
        before=before,
        after=tuple(sorted(_parts(transaction, after))),
        uses_other_visits=others or then.consumes != after.consumes,
    )


def _known(transaction: Transaction, decision: Record, draft: Draft) -> Played:
    """A decided sale before either outcome."""
    named = decision["opportunity"]
    visited = transaction.sale.claim is None and named["epoch"] is not None
    return Played(
        transaction.id,
        decision["currency"],
        opportunity_id=named["id"] if visited else None,
        decided_at=decision["changedAt"],
        epoch=named["epoch"] or 0,
        uses_other_visits=visited and _may_use_other_visits(decision, draft),
    )


def in_turn(
    played: Iterable[Played], visitors: Mapping[int, int], other_visits: Collection[int]
) -> tuple[list[Played], set[int]]:
    """The sales in the order of their decisions, those of visitors with `other_visits` left out; and all such visitors.

    `visitors` has the opportunity into which one was merged. A later sale of such a visitor would have found other
    engagements than its record has."""
    others, out = set(other_visits), list[Played]()
    for sale in sorted(played, key=lambda it: (it.decided_at, it.epoch, it.transaction_id)):
        visitor = None if sale.opportunity_id is None else visitors.get(sale.opportunity_id, sale.opportunity_id)
        if visitor in others and sale.left is None:
            out.append(sale.without(EARLIER_SALE))
            continue
        if visitor is not None and sale.uses_other_visits:
            others.add(visitor)
        out.append(sale)
    return out, others


def _held(decision: Record, draft: Draft) -> list[Record]:
    """The candidates of the draft's program."""
    return [held for held in decision["candidates"] if held["programId"] == draft.program.id]


def _may_use_other_visits(decision: Record, draft: Draft) -> bool:
    """True unless the draft surely leaves the same visits, which a sale consumes if any of them counts."""
    if not _held(decision, draft):
        return False
    if draft.program.status == "active":
        then = next((it for it in decision["programs"] if it["id"] == draft.program.id), None)
        return then is None or then["expirationDays"] != draft.program.expiration_days
    return not any(
        held["programId"] != draft.program.id and held["reason"] not in _INELIGIBLE and not held.get("codes")
        for held in decision["candidates"]
        if held["programId"] in {it["id"] for it in decision["programs"]}
    )


def _missing(transaction: Transaction, decision: Record, draft: Draft) -> str | None:
    """The reason for which the record may lack engagements that the draft would have made, or have too many."""
    sale = transaction.sale
    if any(program["lineItemFilters"] is None for program in decision["programs"]):
        return "settings_not_kept"
    if sale.claim is not None:
        return None
    if draft.program.status != "active":
        coded = sum(bool(held.get("codes")) for held in decision["candidates"])
        given_way = decision["opportunity"].get("evicted") or coded >= MAX_BY_CODES
        return "visits_given_way" if given_way else None
    if draft.triggers_differ is None or decision["changedAt"] < draft.triggers_differ:
        return None
    coded_perhaps = bool(sale.codes) or sale.subscription is not None
    if decision["reason"] in _WITHOUT_VISITS or (decision["reason"] == "opportunity_unknown" and not coded_perhaps):
        return None
    return "triggers_differ"


def _unknown(transaction: Transaction, decision: Record, draft: Draft, groups: Mapping[int, Group]) -> str | None:
    """The reason for which a sale with candidates of the program cannot be decided again."""
    if any(held["reason"] == "credited" for held in decision["candidates"]):
        return CREDITED
    if transaction.to_attribute != transaction.first:
        return "amended"
    if transaction.sale.claim is None and _scored_otherwise(decision, draft):
        return "points_differ"
    return "group_changed" if _grouped_otherwise(decision, draft, groups) else None


def _scored_otherwise(decision: Record, draft: Draft) -> bool:
    """True if scores decide and visits were scored by other points than the draft's."""
    if draft.points_differ is None or decision["changedAt"] < draft.points_differ:
        return False
    resolver = draft.program.resolver
    return resolver in _POOLS or (resolver == "topScoreWins" and len(_held(decision, draft)) > 1)


def _grouped_otherwise(decision: Record, draft: Draft, groups: Mapping[int, Group]) -> bool:
    """True if a rival of the program's group was there and the group has changed since."""
    group_ids = {program["id"]: program["programGroupId"] for program in decision["programs"]}
    number = group_ids.get(draft.program.id)
    if number is None or [*group_ids.values()].count(number) < 2:
        return False
    group = groups.get(number)
    return group is None or group.changed_at > decision["changedAt"]


def _parts_then(transaction: Transaction, decision: Record) -> Iterable[Part]:
    """The present worth of the stored awards."""
    programs = {program["id"]: program for program in decision["programs"]}
    for held in (it for it in decision["candidates"] if it["award"]):
        number, collaborator_id = held["programId"], held["collaboratorId"]
        earned = held | {"currency": decision["currency"], "type": decision["type"]}
        counting = counting_now(transaction, programs[number], collaborator_id)
        if value := remaining_value(earned, transaction, counting):
            yield Part(collaborator_id, number, value)


def _parts(transaction: Transaction, decision: Decision) -> Iterable[Part]:
    """The present worth of new awards."""
    for award in decision.awards:
        number = award.engagement.collaborator_id
        earned = {
            "type": SALE,
            "programId": award.program.id,
            "collaboratorId": number,
            "currency": transaction.to_attribute.currency,
            "award": frozen(award),
        }
        if value := remaining_value(earned, transaction, _counting(transaction, award)):
            yield Part(number, award.program.id, value)


def _counting(transaction: Transaction, award: Award) -> tuple[int, ...] | None:
    """Positions of the lines that count in an edited sale; None for one without edits."""
    if transaction.change is None:
        return None
    return counting_lines(transaction.sale.details, award.program, award.engagement.collaborator_id)
