"""Tributary: sales in, obligations out, each cent explained.

domain   the rules: pure, standard library only
ledger   the one table: an entity per file, its keys, its item form, its conditional writes
api      the HTTP edge: requests in, answers and errors out
"""
