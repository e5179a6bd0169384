"""Bodies about amounts owed, and their payment."""
