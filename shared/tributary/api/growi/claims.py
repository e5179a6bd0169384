"""The affiliate that a report names, and its claim on the sale."""

from dataclasses import replace

from tributary.api.growi.dialect import refused
from tributary.api.growi.platforms import WEBSITE
from tributary.api.growi.requests.affiliate_sales import AffiliateSaleBody
from tributary.domain.attribution import decide
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.program import Catalogue
from tributary.domain.transaction import Claim, Sale, Transaction
from tributary.ledger.programs import collaborators, programs
from tributary.ledger.programs.collaborators import Alias
from tributary.ledger.store import table
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

#: Each paying program writes two records, all in one transaction.
MAX_PROGRAMS = 45


def alias_of(organization: str, report: AffiliateSaleBody) -> Key | None:
    """The key of the tag that a report names."""
    tag = report.campaign_affiliate_id
    return None if tag is None else collaborators.alias_key(organization, Alias("tracking", tag))


def claim(organization: str, sale: Sale, report: AffiliateSaleBody, alias: Item | None) -> Claim:
    """The claim of a sale whose tag has this `alias`. ValidationFailed for unknown or mismatched affiliates and
    campaigns, and for a commission that several programs would pay."""
    collaborator_id = _collaborator_id(report, alias)
    version = programs.version_key(organization)
    found = table.batch_get([collaborators.key(organization, collaborator_id), version])
    collaborator = found.get(collaborators.key(organization, collaborator_id))
    if collaborator is None or collaborator["listed"]["status"] == "deleted":
        raise refused(_named_by(report), "not found")
    catalogue = programs.current(organization, found.get(version))
    platform = None if report.platform == WEBSITE else report.platform
    program_ids = _program_ids(report, collaborator, catalogue)
    claimed = Claim(collaborator_id, program_ids, platform=platform, sub_id=report.sub_id)
    if report.commission is None:
        return claimed
    return replace(claimed, program_ids=_paying(organization, sale, claimed, catalogue), commission=report.commission)


def _named_by(report: AffiliateSaleBody) -> str:
    return "campaign_affiliate_id" if report.growi_user_id is None else "growi_user_id"


def _collaborator_id(report: AffiliateSaleBody, alias: Item | None) -> int:
    """By id, which must agree with a tag, or by tag."""
    named = report.growi_user_id
    if report.campaign_affiliate_id is None:
        return named or 0
    if alias is None or named not in (None, alias["collaboratorId"]):
        raise refused("campaign_affiliate_id", "not found")
    return int(alias["collaboratorId"])


def _program_ids(report: AffiliateSaleBody, collaborator: Item, catalogue: Catalogue) -> tuple[int, ...]:
    """The named program, or all that a tag stands for: those in which the collaborator is enrolled."""
    there = {it.id for it in catalogue.programs.values() if it.status != "deleted"}
    enrolled = sorted(there & set(collaborator["listed"]["programs"]))
    named = report.growi_campaign_id
    if named is not None and named not in enrolled:
        raise refused("growi_campaign_id", "not found")
    if not enrolled:
        raise refused("campaign_affiliate_id", "not found")
    if named is None and len(enrolled) > MAX_PROGRAMS:
        sentence = f"campaign_affiliate_id leads to more than {MAX_PROGRAMS} campaigns; name one of them by its id."
        raise ValidationFailed([Failure("campaign_affiliate_id", sentence, "MAX", {"max": MAX_PROGRAMS})])
    return tuple(enrolled) if named is None else (named,)


def _paying(organization: str, sale: Sale, claimed: Claim, catalogue: Catalogue) -> tuple[int, ...]:
    """The one program that pays the given commission, by the ledger's own rule."""
    if len(claimed.program_ids) == 1:
        return claimed.program_ids
    asked = Transaction(1, organization, replace(sale, claim=claimed), "complete", sale.occurred_at, 1)
    paying = [it.program.id for it in decide(asked, None, catalogue, {claimed.collaborator_id}).won]
    if len(paying) > 1:
        sentence = "commission must be left out where several campaigns pay; name one of them by its id."
        raise ValidationFailed([Failure("commission", sentence, "UNKNOWN", {"campaigns": paying})])
    return (*paying, *claimed.program_ids)[:1]
