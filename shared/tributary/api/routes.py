"""Every route of the API.

Tests compare the template and the handlers with this table. docs/openapi.json is generated from it; the storms walk
it."""

from tributary.api.growi.routes import ROUTES as GROWI
from tributary.api.http.route import Route
from tributary.api.noticia.routes import ROUTES as NOTICIA
from tributary.api.sequenzy.routes import ROUTES as SEQUENZY
from tributary.api.siren.routes import ROUTES as SIREN

ROUTES = (*SIREN, *GROWI, *NOTICIA, *SEQUENZY)


def routes_of(dialect: str) -> tuple[Route, ...]:
    """The routes of one dialect."""
    return tuple(route for route in ROUTES if route.dialect == dialect)
