"""Distributors: shares of each period's revenue by score."""
