"""Sales events of points of sale: recording and responses."""

from aws_lambda_powertools.event_handler import Response

from tributary.api.http import repeats
from tributary.api.http.edge import Answered
from tributary.api.noticia.repeats import differences
from tributary.api.noticia.requests.sales_events import SalesEventBody
from tributary.api.noticia.responses import whole_sales_event_text
from tributary.domain import times
from tributary.domain.errors import StoreKeyNotAllowed
from tributary.domain.sales_event import SOURCE
from tributary.ledger.orders import sales_events
from tributary.ledger.organization.api_keys import Principal


def seller(principal: Principal) -> Principal:
    """Refuses a key bound to any source but the points of sale's."""
    if principal.source not in (None, SOURCE):
        raise StoreKeyNotAllowed("This API key is bound to another source.", {"source": principal.source})
    return principal


def push(caller: Principal, body: SalesEventBody, automations: bool = True) -> Answered:
    """Record an event once; answer with the stored one."""
    now = times.now()
    event = body.to_event(caller.organization, now, automations)
    recorded = sales_events.record(caller.organization, event, body.store_id, body.profile_id, now)
    status = 201 if recorded.created else 200
    headers = {} if recorded.created else repeats.headers(differences(recorded, event, body))
    text = whole_sales_event_text(recorded.item)
    return Answered(Response(status, "application/json", text, headers), recorded.created)


def row_keys(body: SalesEventBody) -> list[tuple[str, ...]]:
    """The buyer is a key, since an unknown one is created."""
    named = {"event": body.external_id, "profile": body.profile_id}
    return [(kind, text) for kind, text in named.items() if text is not None]
