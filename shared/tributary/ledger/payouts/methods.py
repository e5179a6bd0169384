"""Payout methods of collaborators, and the accounts that pay: sealed, and shown by their last four characters."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tributary import sealing
from tributary.domain import times
from tributary.ledger.programs import collaborators
from tributary.ledger.store import table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.records import item_header, touch, update_unchanged
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item
from tributary.payments import methods
from tributary.payments.methods import PayoutMethod
from tributary.payments.payers import AchPayer, Payer, SepaPayer

_PAYER = "payer"


def change(stored: Item, changes: Item) -> Item:
    """Write changes of a collaborator's payout settings, at the version read; return the item."""
    changes = {**changes, **touch(times.now(), stored["version"] + 1)}
    return update_unchanged((stored["pk"], stored["sk"]), stored["version"], changes)


def method_changes(stored: Item, method: PayoutMethod | None) -> Item:
    """The change of a collaborator's method; without one the organization's default applies."""
    sealed: Any = GONE
    if method is not None:
        organization, number = stored["organization"], stored["listed"]["id"]
        text = sealing.seal(methods.as_json(method), organization, _owner(number))
        sealed = {"type": method.type, "sealed": text}
    return {"payoutMethod": sealed, "listed.payoutMethod": methods.shown(method) if method else None}


def minimum_changes(minimum: Mapping[str, int]) -> Item:
    """The change of a collaborator's least amounts; for other currencies those of programs and organization apply."""
    return {"listed.minimumPayout": dict(minimum)}


def collaborator(organization: str, collaborator_id: int) -> Item | None:
    """The stored collaborator, strongly consistent."""
    return collaborators.get(organization, collaborator_id)


def of_payouts(organization: str, items: list[Item]) -> list[PayoutMethod]:
    """The methods kept by payouts, opened. The organization's default has no details, so nothing to seal."""
    pairs = [(item["sealed"], _owner(item["listed"]["collaboratorId"])) for item in items if item.get("sealed")]
    records = iter(sealing.opened_all(pairs, organization))
    return [
        methods.of_json(next(records) if item.get("sealed") else {"type": item["listed"]["method"]}) for item in items
    ]


def _owner(collaborator_id: int) -> str:
    return f"collaborator#{collaborator_id}"


def payer_key(organization: str) -> Key:
    return f"{organization}#settings", _PAYER


def set_payer(organization: str, payer: Payer) -> Item:
    """Set the accounts that pay; return the item. One update."""
    now = times.now()
    text = sealing.seal({name: part for name, part in asdict(payer).items() if part}, organization, _PAYER)
    item = item_header(_PAYER, organization, payer_key(organization), now) | {
        "sealed": text,
        "shown": _shown(payer),
    }
    table.put(item, "")
    return item


def shown_payer(organization: str) -> dict[str, Any]:
    """The accounts that pay, as an API may show them."""
    item = table.get(*payer_key(organization))
    return dict(item["shown"]) if item else {"sepa": None, "ach": None, "wise": None}


def sealed_payer(organization: str) -> str | None:
    """The accounts that pay, sealed."""
    item = table.get(*payer_key(organization))
    return item["sealed"] if item else None


def opened_payer(organization: str, sealed: str | None) -> Payer:
    """The accounts of a sealed text; none of them without one."""
    if sealed is None:
        return Payer()
    record = sealing.opened(sealed, organization, _PAYER)
    return Payer(
        SepaPayer(**record["sepa"]) if "sepa" in record else None,
        AchPayer(**record["ach"]) if "ach" in record else None,
        record.get("wise_source"),
    )


def _shown(payer: Payer) -> dict[str, Any]:
    return {
        "sepa": {"name": payer.sepa.name, "last4": payer.sepa.iban[-4:]} if payer.sepa else None,
        "ach": {"companyName": payer.ach.company_name, "bankName": payer.ach.bank_name} if payer.ach else None,
        "wise": {"sourceCurrency": payer.wise_source} if payer.wise_source else None,
    }
