"""Earnings: decisions, conversions and obligations."""
