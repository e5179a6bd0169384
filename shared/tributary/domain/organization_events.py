"""Events of an organization's collaborators, settings and webhooks."""

from tributary.domain.announced import Announced, Item, pick, status_changed
from tributary.domain.webhooks import PAUSED


def collaborator(old: Item | None, new: Item) -> Announced:
    """One is registered once it has a user's account, and deactivated when it can earn nothing more."""
    data = {"collaboratorId": new["listed"]["id"], **pick(new, "status")}
    yield "CollaboratorCreated" if old is None else "CollaboratorUpdated", new["version"], data
    if _registered(new) and not _registered(old):
        yield "CollaboratorRegistered", 1, data
    if old is not None and old["listed"]["status"] == "active" and status_changed(old, new):
        yield "CollaboratorDeactivated", new["version"], data


def _registered(item: Item | None) -> bool:
    return item is not None and item["listed"].get("userId") is not None


def settings(old: Item | None, new: Item) -> Announced:
    """An organization's currencies are those with a least amount of a payout."""
    before, after = (set((it or {}).get("minimumPayout", {})) for it in (old, new))
    version = new.get("version", 1)
    if after - before:
        yield "CurrenciesAdded", version, {"currencies": sorted(after - before)}
    if before - after:
        yield "CurrenciesRemoved", version, {"currencies": sorted(before - after)}


def webhook(old: Item | None, new: Item) -> Announced:
    if old is not None and new["listed"]["status"] == PAUSED and status_changed(old, new):
        yield "WebhookPaused", new["version"], {"webhookId": new["listed"]["id"], **pick(new, "pausedReason")}
