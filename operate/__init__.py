"""Operator commands for a deployed stack: `python -m operate <command> --stack <name>`."""

import sys
from pathlib import Path

# As the layer does in Lambda, so that `tributary` is found.
sys.path.insert(0, str(Path(__file__).parent.parent / "shared"))
