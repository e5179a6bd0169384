"""`python -m openapi`: writes docs/openapi.json."""

from pathlib import Path

from openapi.document import document, text

PATH = Path(__file__).parent.parent / "docs" / "openapi.json"

if __name__ == "__main__":
    PATH.write_text(text(document()))
