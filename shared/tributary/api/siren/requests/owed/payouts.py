"""Batches of payouts, and changes of payouts."""

from typing import Annotated

from pydantic import Field, PlainValidator

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import Currency, Filled, Identifier, Moment, Text
from tributary.api.siren.requests.checks import boolean, known
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.payable import Arguments
from tributary.ledger.payouts import fulfillment_moves

MAX_IDS = 500
Ids = Annotated[list[Identifier], Field(min_length=1, max_length=MAX_IDS)]


class ChoiceBody(RequestBody):
    """The part of what is owed to pay: all that is due, unless narrowed; with `cutoff`, what was earned before."""

    obligation_ids: Ids | None = None
    collaborator_ids: Ids | None = None
    exclude_collaborator_ids: Annotated[list[Identifier], Field(max_length=MAX_IDS)] = []
    currency: Currency | None = None
    cutoff: Moment | None = None
    ignore_minimum: Annotated[bool, PlainValidator(boolean)] = False
    preview_id: Identifier | None = None

    @property
    def narrows(self) -> list[str]:
        """The names of arguments given besides `previewId`."""
        return [type(self).model_fields[name].alias or name for name in self.model_fields_set - {"preview_id"}]

    def arguments(self, now: str) -> Arguments:
        """ValidationFailed for arguments that exclude each other."""
        failures = []
        if self.preview_id is not None:
            sentence = "is fixed by the preview; leave it out."
            failures += [Failure(name, f"{name} {sentence}", "UNKNOWN") for name in sorted(self.narrows)]
        if self.obligation_ids and self.collaborator_ids:
            sentence = "collaboratorIds cannot be combined with obligationIds."
            failures.append(Failure("collaboratorIds", sentence, "UNKNOWN"))
        if failures:
            raise ValidationFailed(failures)
        return Arguments(
            now,
            tuple(self.obligation_ids or ()),
            tuple(self.collaborator_ids or ()),
            frozenset(self.exclude_collaborator_ids),
            self.currency,
            self.cutoff,
            self.ignore_minimum,
        )


class PreviewBody(ChoiceBody):
    """A preview of a batch; with `previewId` alone, its next page."""


class GenerateBody(ChoiceBody):
    """A batch; with `previewId` alone, just what that preview showed."""


class FulfillmentsBody(RequestBody):
    """Batches to move: `process` and `complete` record how far their payment is, `fail` and `delete` release them."""

    action: Annotated[str, known(*fulfillment_moves.ACTIONS)]
    ids: Ids


class FulfillmentChange(RequestBody):
    """The new status of a batch."""

    status: Annotated[str, known("processing", "complete", "failed")]


class PayoutsBody(RequestBody):
    """Payouts to mark; `reference` names their transfer."""

    action: Annotated[str, known("markPaid", "markUnpaid")]
    ids: Ids
    reference: Text | None = None


class ExportBody(RequestBody):
    """Payouts to export as CSV; unless `markAsPaid` is false, just those are then marked as paid."""

    ids: Ids
    mark_as_paid: Annotated[bool, PlainValidator(boolean)] = True


class ResultRow(RequestBody):
    """The bank's answer about one payout."""

    payout_id: Identifier
    status: Annotated[str, known("paid", "failed")]
    reason: Text | None = None
    reference: Text | None = None


class ReportBody(RequestBody):
    """A bank's own report about a batch, as text: `pain.002` of SEPA, or `paypal`'s table."""

    format: Annotated[str, known("pain.002", "paypal")]
    content: Filled


class ResultsBody(RequestBody):
    """The bank's answers about payouts."""

    rows: Annotated[list[ResultRow], Field(min_length=1, max_length=MAX_IDS)]

    def require_one_per_payout(self) -> None:
        """ValidationFailed for a second row of a payout: the two may contradict each other."""
        first = {row.payout_id: place for place, row in reversed(list(enumerate(self.rows)))}
        failures = [
            Failure(f"rows[{place}].payoutId", f"rows[{place}].payoutId is in another row, too.", "UNKNOWN")
            for place, row in enumerate(self.rows)
            if first[row.payout_id] != place
        ]
        if failures:
            raise ValidationFailed(failures)
