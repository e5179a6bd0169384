"""Sales as transactions: recording, amendment and closing."""
