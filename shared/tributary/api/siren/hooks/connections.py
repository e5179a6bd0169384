"""Answers that show the secret of a connection, once."""

import secrets

from aws_lambda_powertools.event_handler import Response

from tributary import settings
from tributary.api.http import edge
from tributary.api.http.resolver import Resolver
from tributary.api.siren.requests.hooks.connections import ConnectionBody, require_ours
from tributary.ledger.connections import connections
from tributary.ledger.store.values import Item
from tributary.shops.vendors import OURS, adapter

#: Forty characters once encoded: Lemon Squeezy takes no longer secret.
_BYTES = 30


def created(app: Resolver, organization: str, body: ConnectionBody) -> Response[str]:
    """Create a connection, with a secret of ours if the vendor takes one and none is given."""
    shown = body.shown()
    made = secrets.token_urlsafe(_BYTES) if body.secret is None and body.vendor in OURS else None
    item = connections.create(organization, shown, body.secret or made, _base(app), adapter(body.vendor).in_path)
    return edge.answer(_with_secret(item, made), 201)


def rotated(item: Item) -> Response[str]:
    """Give a connection another secret of ours; the former one is accepted for a day."""
    require_ours(item["listed"]["vendor"])
    made = secrets.token_urlsafe(_BYTES)
    return edge.answer(_with_secret(connections.change(item, {}, made), made))


def _with_secret(item: Item, made: str | None) -> Item:
    listed = dict(item["listed"])
    if made is None:
        return listed
    return {**listed, "url": listed["url"].replace(connections.SECRET, made), "secret": made}


def _base(app: Resolver) -> str:
    """The address under which the caller knows the API."""
    headers, context = app.current_event.headers, app.current_event.raw_event["requestContext"]
    host = headers.get("host") or context.get("domainName") or "localhost"
    return settings.api_address().format(host=host, api=context.get("apiId"))
