"""Selection of payable obligations: one payment per collaborator and currency, or the reason for none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

#: Reasons for leaving amounts out of a batch, in the order in which they are tested.
EXCLUDED, INACTIVE, HELD = "excluded", "collaborator_not_active", "held"
NOT_POSITIVE, BELOW_MINIMUM, NO_METHOD = "net_not_positive", "below_minimum", "no_method"
CHANGED = "changed_meanwhile"
REASONS = (EXCLUDED, INACTIVE, HELD, NOT_POSITIVE, BELOW_MINIMUM, NO_METHOD)


@dataclass(frozen=True)
class Owed:
    """A payable obligation: `value` in minor units as of `version`, `key` its place in the table.

    `earned_at` is the moment of its sale; `program_id` is None for a credit by hand."""

    id: int
    key: tuple[str, str]
    value: int
    version: int
    earned_at: str
    due_at: str | None = None
    program_id: int | None = None


@dataclass(frozen=True)
class Group:
    """Everything payable to one collaborator in one currency."""

    collaborator_id: int
    currency: str
    owed: tuple[Owed, ...]

    @property
    def name(self) -> tuple[int, str]:
        return self.collaborator_id, self.currency


@dataclass(frozen=True)
class Arguments:
    """The part of what is owed that a batch is made of; empty members do not narrow it.

    Only amounts earned before `cutoff` are paid, and only those due at `now`; obligations named by id need not be due.
    """

    now: str
    obligation_ids: tuple[int, ...] = ()
    collaborator_ids: tuple[int, ...] = ()
    excluded: frozenset[int] = frozenset()
    currency: str | None = None
    cutoff: str | None = None
    ignore_minimum: bool = False

    def due(self, owed: Owed) -> bool:
        """True unless it waits for its day. Debits count whatever the cutoff, or too much would be paid."""
        in_time = self.cutoff is None or owed.earned_at < self.cutoff or owed.value < 0
        return in_time and (bool(self.obligation_ids) or owed.due_at is None or owed.due_at <= self.now)


@dataclass(frozen=True)
class Payee:
    """The collaborator's part of a decision: `minimum` in minor units by currency, `None` for no method."""

    active: bool
    method: str | None
    minimum: Mapping[str, int] = field(default_factory=dict)

    @property
    def hindrance(self) -> str | None:
        """The reason for which the collaborator cannot be paid, whatever is owed."""
        if not self.active:
            return INACTIVE
        return NO_METHOD if self.method is None else None


@dataclass(frozen=True)
class Minimums:
    """The least amounts of a payout in minor units, by currency: of the organization, and of programs."""

    organization: Mapping[str, int] = field(default_factory=dict)
    programs: Mapping[int, Mapping[str, int]] = field(default_factory=dict)

    def of(self, payee: Payee, currency: str, owed: Sequence[Owed]) -> int:
        """The collaborator's own minimum, else the lowest of the programs' that paid, else the organization's."""
        if currency in payee.minimum:
            return payee.minimum[currency]
        own = [self.programs.get(it.program_id, {}).get(currency) for it in owed if it.program_id is not None]
        named = [least for least in own if least is not None]
        return min(named) if named else self.organization.get(currency, 0)


@dataclass(frozen=True)
class Choice:
    """One group's part of a batch: `pays` is empty for the `reason` given; `held` waits for its day or its cutoff."""

    group: Group
    pays: tuple[Owed, ...] = ()
    reason: str | None = None
    held: tuple[Owed, ...] = ()
    minimum: int = 0

    @property
    def value(self) -> int:
        return sum(owed.value for owed in self.pays)

    @property
    def whole(self) -> "Choice":
        """The choice without its limits on sums, for a payout that has claimed a part already; `reason` remains only if
        the payee cannot be paid."""
        due = tuple(owed for owed in self.group.owed if owed not in self.held)
        reason = self.reason if self.reason in (EXCLUDED, INACTIVE, NO_METHOD) else None
        return Choice(self.group, due, reason, self.held, self.minimum)

    @property
    def left_out(self) -> int:
        """The sum that the reason leaves out."""
        return sum(owed.value for owed in self.group.owed if owed not in self.held)


def choose(group: Group, arguments: Arguments, payee: Payee, minimums: Minimums) -> Choice:
    """The obligations of a group that a batch pays, adjustments of earlier payouts first.

    All that is due or none of it: below the minimum everything rolls over untouched."""
    due = tuple(sorted(filter(arguments.due, group.owed), key=lambda owed: (owed.value >= 0, owed.earned_at, owed.id)))
    held = tuple(owed for owed in group.owed if not arguments.due(owed))
    minimum = 0 if arguments.ignore_minimum else minimums.of(payee, group.currency, due)
    reason = _reason(group, arguments, payee, due, minimum)
    return Choice(group, () if reason else due, reason, held, minimum)


def _reason(group: Group, arguments: Arguments, payee: Payee, due: Sequence[Owed], minimum: int) -> str | None:
    net = sum(owed.value for owed in due)
    tests = (
        (EXCLUDED, group.collaborator_id in arguments.excluded),
        (INACTIVE, not payee.active),
        (HELD, not due),
        (NOT_POSITIVE, net <= 0),
        (BELOW_MINIMUM, net < minimum),
        (NO_METHOD, payee.method is None),
    )
    return next((reason for reason, applies in tests if applies), None)
