"""Webhooks out: sign one, guard against private addresses, send it within a deadline, and say when to try again."""
