"""Batches: up to 500 rows in one request."""
