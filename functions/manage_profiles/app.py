"""POST /v1/profiles creates or completes a profile by its external id; GET /v1/profiles/{id} takes its own id as
well."""

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from tributary.api.http import edge, requests
from tributary.api.noticia.dialect import DIALECT
from tributary.api.noticia.requests.profiles import ProfileBody
from tributary.api.noticia.responses import profile_response
from tributary.domain import times
from tributary.domain.errors import NotFound
from tributary.ledger.customers import customer_items, customers, rfm
from tributary.ledger.store import table
from tributary.ledger.store.values import Item

app = edge.resolver(DIALECT)


@app.post("/v1/profiles")
def put_profile() -> Response[str]:
    organization = requests.require_admin(app).organization
    body, now = requests.body(app, ProfileBody), times.now()
    given = body.given
    customer_id = customers.upsert(
        organization, body.identity, given, body.moment(now), "externalId", now, own_phone="phone" in given
    ).customer_id
    item, bounds = _read(organization, customer_id)
    assert item is not None, "it has just been put, and customers are never taken away"
    return edge.answer(profile_response(item, bounds), 201 if item["listed"]["dateCreated"] == now else 200)


@app.get("/v1/profiles/<record_id>")
def get_profile(record_id: str) -> Response[str]:
    organization = requests.require_admin(app).organization
    customer_id = customers.id_of(organization, record_id)
    item, bounds = _read(organization, customer_id) if customer_id else (None, None)
    if item is None:
        raise NotFound("There is no such profile.", {"id": record_id[:64]})
    return edge.answer(profile_response(item, bounds))


def _read(organization: str, customer_id: int) -> tuple[Item | None, Item | None]:
    """The customer and the bounds of scores, in one read."""
    places = customer_items.key(organization, customer_id), rfm.key(organization)
    found = table.batch_get(places)
    return found.get(places[0]), found.get(places[1])


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return edge.resolve(app, event, context)
