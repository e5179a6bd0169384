"""The HTTP edge. Nothing here decides about money."""
