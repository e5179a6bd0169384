"""Webhooks of shops: one adapter per vendor, a value that verifies a delivery and reads it in the ledger's terms."""
