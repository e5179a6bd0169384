"""Processes of functions: their start, their number and their output."""
