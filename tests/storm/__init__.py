"""Storms: trouble by the hundred, from one seed, and what must hold after it. `make storm` runs them large, `make test`
small."""
