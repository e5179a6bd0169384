"""Text in the characters that a bank takes; any other character is refused by its name, never dropped or blanked."""

import unicodedata
from collections.abc import Mapping

from tributary.payments.checks import Unsayable, has_unseen
from tributary.payments.letters import LETTERS, PUNCTUATION, SEPA_EQUIVALENTS, greek_diphthongs

NAME, REMITTANCE, END_TO_END = 70, 140, 35

_ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
SEPA_CHARACTERS = frozenset(f"{_ALPHANUMERIC} /-?:().,'+")
NACHA_CHARACTERS = frozenset(map(chr, range(0x20, 0x7F)))

# Accents of Latin, Greek and Cyrillic letters. Marks of other scripts are vowels.
_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))


def sepa_text(field: str, text: str, most: int) -> str:
    """Text in the SEPA character set; Unsayable if a character or the length does not fit, or nothing is left."""
    spelled = _spelled(field, text, SEPA_CHARACTERS, PUNCTUATION | SEPA_EQUIVALENTS)
    if len(spelled) > most:
        raise Unsayable(field, f"must have at most {most} characters in the bank's alphabet.", "LENGTH")
    return spelled


def sepa_name(field: str, name: str) -> str:
    return sepa_text(field, name, NAME)


def nacha_text(field: str, text: str) -> str:
    """Text in ASCII capitals; Unsayable as in `sepa_text`."""
    return _spelled(field, text, NACHA_CHARACTERS, PUNCTUATION).upper()


def plain_text(field: str, text: str, most: int) -> str:
    """The text unchanged; Unsayable if it is too long or has line breaks or invisible characters."""
    if has_unseen(text):
        raise Unsayable(field, "must not contain line breaks or invisible characters.")
    if len(text) > most:
        raise Unsayable(field, f"must have at most {most} characters.", "LENGTH")
    return text


def _spelled(field: str, text: str, taken: frozenset[str], equivalents: Mapping[str, str]) -> str:
    whole = greek_diphthongs(text)
    spellings = {it: _spelling(it, taken, equivalents, whole.isupper()) for it in dict.fromkeys(whole)}
    if unsayable := [_named(it) for it, spelling in spellings.items() if spelling is None]:
        raise Unsayable(field, f"has characters that the bank does not take: {', '.join(unsayable)}.")
    spelled = " ".join("".join(spellings[it] or "" for it in whole).split())
    if not spelled:
        raise Unsayable(field, "has no letter that the bank takes.")
    return spelled


def _spelling(character: str, taken: frozenset[str], equivalents: Mapping[str, str], capitals: bool) -> str | None:
    """Spelling of a character, None if there is none."""
    if character in taken:
        return character
    if character in equivalents:
        return equivalents[character]
    if unicodedata.category(character) == "Zs":
        return " "
    small = character.lower()
    if small in LETTERS:
        spelling = LETTERS[small]
        return spelling if small == character else spelling.upper() if capitals else spelling.capitalize()
    return _decomposed(character, taken, equivalents, capitals)


def _decomposed(character: str, taken: frozenset[str], equivalents: Mapping[str, str], capitals: bool) -> str | None:
    """Spelling of the parts without their accents. A lone accent decomposes into a blank, and has none."""
    parts = unicodedata.normalize("NFKD", character)
    if parts == character or parts.startswith(" "):
        return "" if character in _ACCENTS else None
    spelled = [_spelling(part, taken, equivalents, capitals) for part in parts if part not in _ACCENTS]
    return None if None in spelled else "".join(part or "" for part in spelled)


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    return f"{name} ({code})" if name else code
