"""Storms: hundreds of faults from one seed, and the invariants that must hold afterwards.

`make storm` runs them at full size, `make test` in small.
"""
