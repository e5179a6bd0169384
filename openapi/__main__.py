"""`python -m openapi`: writes docs/openapi.json, and docs/openapi-<dialect>.json of the other dialects."""

from pathlib import Path

from openapi.document import document, text
from tributary.api.http.dialect import BASES
from tributary.api.routes import routes_of

_DOCS = Path(__file__).parent.parent / "docs"
#: The document of each dialect that has routes.
PATHS = {
    name: _DOCS / ("openapi.json" if name == "siren" else f"openapi-{name}.json") for name in BASES if routes_of(name)
}

if __name__ == "__main__":
    for name, path in PATHS.items():
        path.write_text(text(document(name)))
