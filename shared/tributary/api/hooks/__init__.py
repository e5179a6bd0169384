"""Webhooks of shops: received, verified, and recorded by the ledger's own calls."""
