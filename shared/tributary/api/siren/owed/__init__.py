"""Calls about amounts owed: obligations, statements, payouts, and distributors that share a revenue."""
