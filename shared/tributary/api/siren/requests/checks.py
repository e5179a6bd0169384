"""Checks shared by several bodies."""

from typing import Any

from pydantic import AfterValidator

from tributary.api.http.inputs.taken import refuse, takes


def known(*names: str) -> AfterValidator:
    @takes(enum=list(names))
    def check(value: str) -> str:
        if value not in names:
            raise refuse("ENUM", f"must be one of {', '.join(names)}.", known=list(names))
        return value

    return AfterValidator(check)


@takes(enum=[True, False, "1", "0"])
def boolean(value: Any) -> bool:
    """true and false, and the "1" and "0" of forms."""
    if value in ("1", "0"):
        return bool(value == "1")
    if not isinstance(value, bool):
        raise refuse("TYPE", "must be true or false.")
    return value


@takes()
def distinct(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))
