"""Programs, their groups and collaborators."""
