"""Products, back-in-stock requests and reminders."""
