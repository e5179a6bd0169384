"""Calls about amounts owed: obligations, statements, and distributors that share a revenue."""
