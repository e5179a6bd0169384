"""Webhooks: events for each subscription, attempts at their delivery, replays and test sends."""
