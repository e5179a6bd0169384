"""Words that are no ids: to the gateway, `bulk` in /transactions/bulk is an id for every method but its own."""

from tributary.api.http.dialect import BASES, MethodNotAllowed

_WORDS = {
    "siren": {
        "/transactions/bulk": ["POST"],
        "/transactions/credit-collaborator": ["POST"],
        "/transactions/reconcile": ["POST"],
        "/conversions/bulk": ["POST"],
        "/obligations/bulk": ["POST"],
        "/fulfillments/preview": ["POST"],
        "/fulfillments/generate": ["POST"],
        "/fulfillments/bulk": ["POST"],
        "/payouts/bulk": ["POST"],
        "/payouts/export": ["POST"],
        "/payouts/results": ["POST"],
        "/distributors/credit-metric": ["POST"],
        "/programs/bulk": ["POST"],
        "/program-groups/bulk": ["POST"],
        "/collaborators/bulk": ["POST"],
        "/programs/status-types": ["GET"],
        "/programs/incentive-types": ["GET"],
        "/programs/currency-types": ["GET"],
        "/collaborators/status-types": ["GET"],
        "/collaborators/generate-referral-code": ["GET", "POST"],
        "/webhooks/events": ["GET"],
    },
    "sequenzy": {"/orders/batch": ["POST"]},
    "noticia": {"/sales-events/batch": ["POST"]},
}
#: Methods by path below the stage; a test compares them with the routes.
RESERVED = {BASES[dialect] + path: methods for dialect, paths in _WORDS.items() for path, methods in paths.items()}


def require_not_reserved(method: str, path: str) -> None:
    """MethodNotAllowed if the path is reserved for other methods."""
    if method not in RESERVED.get(path, [method]):
        raise MethodNotAllowed(method, RESERVED[path])
