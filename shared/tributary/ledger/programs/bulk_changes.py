"""Changes of many programs, groups or collaborators, each at the version read, again if another writer came first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tributary.domain import bulk
from tributary.domain.bulk import Bulk
from tributary.domain.errors import Conflict
from tributary.ledger.programs import collaborators, program_groups, programs
from tributary.ledger.store import owed_index
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

DELETE, FOR_GOOD = "delete", "permanent_delete"
OWED = "owed"
_TRIES = 10


@dataclass(frozen=True)
class Changes:
    """Reads and writes of a kind of record. `statuses` has the status that each action leads to, `kept` the reason for
    which a record is not deleted for good."""

    get: Callable[[str, int], Item | None]
    change: Callable[[Item, str], Item]
    delete_for_good: Callable[[Item], None]
    statuses: Mapping[str, str]
    kept: Callable[[Item], str | None] = lambda stored: None

    @property
    def actions(self) -> tuple[str, ...]:
        return (*self.statuses, FOR_GOOD)

    def each(self, organization: str, action: str, ids: Iterable[int]) -> Bulk:
        return bulk.each(ids, lambda record_id: self._one(organization, action, record_id))

    def delete(self, stored: Item) -> Item | None:
        """Delete a record, for good if it was deleted before; the item while it can come back.

        Conflict if it has to be kept."""
        if stored["listed"]["status"] != "deleted":
            return self.change(stored, "deleted")
        if (reason := self.kept(stored)) is not None:
            raise Conflict("The record is still needed: the collaborator is owed money.", {"reason": reason})
        self.delete_for_good(stored)
        return None

    @retried("the record", _TRIES, Conflict)
    def _one(self, organization: str, action: str, record_id: int) -> str | None:
        """None if the record changed, else the reason. Only a deleted record is deleted for good."""
        stored = self.get(organization, record_id)
        if stored is None:
            return bulk.NOT_FOUND
        status = str(stored["listed"]["status"])
        if action == FOR_GOOD:
            if (reason := status if status != "deleted" else self.kept(stored)) is not None:
                return reason
            self.delete_for_good(stored)
        elif status == self.statuses[action]:
            return bulk.ALREADY_SO
        else:
            self.change(stored, self.statuses[action])
        return None


def _owed(collaborator: Item) -> str | None:
    """A reason while an amount waits to be paid: a collaborator deleted for good can no longer be paid."""
    owed = owed_index.is_owed(collaborator["organization"], collaborator["listed"]["id"])
    return OWED if owed else None


PROGRAMS = Changes(
    programs.get,
    lambda stored, status: programs.change(stored, {"status": status}),
    program_groups.delete_program,
    {"activate": "active", "deactivate": "inactive", DELETE: "deleted"},
)
COLLABORATORS = Changes(
    collaborators.get,
    lambda stored, status: collaborators.change(stored, {"status": status}, ()),
    collaborators.delete_for_good,
    {"activate": "active", "deactivate": "inactive", "reject": "rejected", DELETE: "deleted"},
    _owed,
)


def delete_groups(organization: str, ids: Iterable[int]) -> Bulk:
    """Delete program groups for good; their programs stay."""
    return bulk.each(ids, lambda group_id: _delete_group(organization, group_id))


@retried("the group", _TRIES, Conflict)
def _delete_group(organization: str, group_id: int) -> str | None:
    stored = program_groups.get(organization, group_id)
    if stored is None:
        return bulk.NOT_FOUND
    program_groups.delete(stored)
    return None
