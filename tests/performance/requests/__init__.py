"""DynamoDB requests of each call and message: docs/requests.md."""

import sys
from pathlib import Path

# As the layer does in Lambda, so that `tributary` is found.
sys.path.insert(0, str(Path(__file__).parents[3] / "shared"))
