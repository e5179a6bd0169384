"""International bank account numbers (ISO 13616) and bank identifier codes (ISO 9362)."""

import re

# Accounts by country in SWIFT's IBAN registry: n digits, a letters, c either.
_ACCOUNTS = {
    it[:2]: re.findall(r"([0-9]+)([nac])", it[2:])
    for it in """
    AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR8c15n2c BY4c4n16c CH5n12c CR18n CY8n16c
    CZ20n DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n GE2a16n GI4a15c GL14n
    GR7n16c GT24c HN4a20n HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c
    LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD20c ME18n MK3n10c2n MN16n MR23n MT4a5n18c MU4a19n3a NI4a20n NL4a10n
    NO11n OM3n16c PK4a16c PL24n PS4a21c PT21n QA4a21c RO4a16c RS18n RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n
    SM1a10n12c SO19n ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c
    """.split()
}
_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
COUNTRIES = frozenset(_ACCOUNTS)

#: Countries of the SEPA schemes (EPC409-09). Territories such as Guernsey or Réunion use the prefix of their state.
SEPA_COUNTRIES = frozenset(
    """
    AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI
    SK SM VA
    """.split()
)


def compact(text: str) -> str:
    """The text as a bank stores it: without spaces, upper case."""
    joined = "".join(text.split())
    return joined.upper() if joined.isascii() else joined


def iban_failure(iban: str) -> str | None:
    """Reason that compact text is not an IBAN; None for an IBAN."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", iban):
        return "must be an IBAN: a country's two letters, two digits, then letters and digits."
    country = iban[:2]
    if country not in _ACCOUNTS:
        return "must be an IBAN of a country in the IBAN registry."
    length = 4 + sum(int(count) for count, _ in _ACCOUNTS[country])
    if len(iban) != length:
        return f"must have {length} characters, as every IBAN of {country}."
    if not re.fullmatch("".join(f"{_CLASSES[kind]}{{{count}}}" for count, kind in _ACCOUNTS[country]), iban[4:]):
        return f"must have letters and digits where every IBAN of {country} has them."
    return None if _has_right_check_digits(iban) else "must be an IBAN with the right check digits."


def sepa_failure(iban: str) -> str | None:
    """Reason that compact text is not an IBAN that SEPA reaches; None for such an IBAN."""
    if failure := iban_failure(iban):
        return failure
    return None if iban[:2] in SEPA_COUNTRIES else "must be an IBAN of a SEPA country."


def bic_failure(bic: str) -> str | None:
    """Reason that compact text does not have the form of a BIC; None for one that does."""
    form = re.fullmatch(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", bic)
    return None if form else "must be a BIC of 8 or 11 letters and digits."


def _has_right_check_digits(iban: str) -> bool:
    """Remainder 1 by 97, each letter as two digits; 00, 01 and 99 leave it too, but ISO 7064 never assigns them."""
    number = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    return int(number) % 97 == 1 and "02" <= iban[2:4] <= "98"
