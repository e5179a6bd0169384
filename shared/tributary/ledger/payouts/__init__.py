"""Payouts: batches of them, the obligations that they claim, and releases."""
