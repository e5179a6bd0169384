"""The ledger's table, in rooms by aggregate. Every write is conditional, so that a repeat changes nothing."""
