"""Workflows across rooms of the ledger, one module each."""
