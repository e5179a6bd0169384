"""The one table. Every write is conditional, so that a repeat of it changes nothing."""
