"""The table: reads, conditional writes, lists and their indexes."""
