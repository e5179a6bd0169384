"""docs/openapi.json, generated from the code: `python -m openapi` writes it, tests/contract/api/test_openapi.py
compares."""

import sys
from pathlib import Path

# As the layer does in Lambda, so that `tributary` is found.
sys.path.insert(0, str(Path(__file__).parent.parent / "shared"))
