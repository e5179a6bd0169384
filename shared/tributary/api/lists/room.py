"""The room of an answer: Lambda's 6 MB, as JSON within JSON."""

import json

#: Bytes of the answer, whose body is text within JSON: a character of it takes up to twelve.
MAX_ANSWER = 5_900_000
_MOST_OF_A_CHARACTER = 12


def room_for(count: int, body: str) -> int | None:
    """About the number of rows that an answer can hold, if a body of `count` rows exceeds it."""
    if len(body) * _MOST_OF_A_CHARACTER <= MAX_ANSWER or (sent := len(json.dumps(body))) <= MAX_ANSWER:
        return None
    return max(1, count * MAX_ANSWER // sent)
