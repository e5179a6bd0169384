"""Webhooks out, and connections to shops."""
