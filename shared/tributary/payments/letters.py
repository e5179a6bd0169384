"""Letters as a bank's file spells them; only for those that Unicode does not decompose into Latin ones.

Cyrillic follows the first column of ICAO Doc 9303, part 3, section 6 B, as passports do; the soft sign is left out.
Greek follows the letters of ISO 843 without macrons, where υ is u after α, ε and ο.
"""

import re

_LATIN = "ß ss æ ae œ oe ø o đ d ð d þ th ł l ħ h ŧ t ŋ n ı i ĸ k ə e ɖ d ƒ f"
_CYRILLIC = """
    а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh
    щ shch ъ ie ы y э e ю iu я ia ђ d ѓ g є ie ѕ dz і i ї i ј j љ lj њ nj ћ c ќ k ў u џ dz ґ g ѫ u ѵ y
"""
_GREEK = "α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o"


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


#: Small letters; capitals take the same spelling in capitals.
LETTERS = _pairs(_LATIN) | _pairs(_CYRILLIC) | _pairs(_GREEK) | {"ь": ""}

#: Typographic variants of characters that every bank takes.
PUNCTUATION = dict.fromkeys("‘’‚‛′ʹʻʼʽ`´", "'") | dict.fromkeys("‐‑‒–—―−", "-") | {"⁄": "/", "…": "..."}

#: Characters outside the SEPA set that have a plain equivalent in it.
SEPA_EQUIVALENTS = dict.fromkeys('"“”„«»‹›', "'") | {"&": "+", "_": "-", ";": ","}

_AFTER_VOWEL = re.compile("(?<=[αεοΑΕΟ])[υύ]|(?<=[αεοΑΕΟ])[ΥΎ]")


def greek_diphthongs(text: str) -> str:
    """The text with υ as a Latin u where it follows α, ε or ο without an accent."""
    return _AFTER_VOWEL.sub(lambda found: "U" if found[0].isupper() else "u", text)
