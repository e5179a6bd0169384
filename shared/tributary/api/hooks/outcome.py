"""Outcomes of deliveries, as the log of a connection shows them."""

RECORDED, REPEAT = "recorded", "repeat"


def ignored(reason: str) -> str:
    return f"ignored: {reason}"


def refused(reason: str) -> str:
    return f"refused: {reason}"
