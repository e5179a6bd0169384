"""Calls that compare the ledger with something else, and write nothing."""
