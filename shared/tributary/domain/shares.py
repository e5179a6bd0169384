"""Shares of an integer amount that add up to it."""

from collections.abc import Sequence


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total by weights, each part rounded down as a running sum: it adds up exactly, and cutting a weight in
    two changes no other part. Zeros if there is no weight."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts, before, running = [], 0, 0
    for weight in weights:
        running += weight
        upto = total * running // whole
        parts.append(upto - before)
        before = upto
    return parts
