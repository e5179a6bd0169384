"""Routing numbers of banks in the United States (ABA)."""

_WEIGHTS = (3, 7, 1) * 3

# Government, the twelve districts of the Federal Reserve, their thrifts and electronic numbers, traveller's cheques.
_PREFIXES = {*range(13), *range(21, 33), *range(61, 73), 80}


def routing_failure(routing: str) -> str | None:
    """Reason that the text is not a routing number; None for a routing number."""
    if len(routing) != len(_WEIGHTS) or not (routing.isascii() and routing.isdigit()):
        return "must be 9 digits."
    total = sum(int(digit) * weight for digit, weight in zip(routing, _WEIGHTS, strict=True))
    if total % 10 or not int(routing):
        return "must be a routing number with the right check digit."
    return None if int(routing[:2]) in _PREFIXES else "must begin with the number of a Federal Reserve district."
