"""Examples of a property about money: 500 in `make test`, 10,000 in `make storm`."""

import os

EXAMPLES = 10_000 if "STORM" in os.environ else 500
