"""The rules. Pure functions over plain values; imports the standard library only."""
