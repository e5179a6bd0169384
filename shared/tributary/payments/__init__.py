"""Payments to collaborators: checks of bank details, files for banks and people, and banks' answers. Pure functions."""
