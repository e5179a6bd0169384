"""Refunds: applied, itemized and parked."""
