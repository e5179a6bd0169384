"""Connections to shops: their secrets, the log of their deliveries, and the ties between payments and orders."""
