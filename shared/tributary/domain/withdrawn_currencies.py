"""Currencies withdrawn since 2000, by the table of historic codes of ISO 4217, for imported sales of their time."""

#: The month in which each code was withdrawn; until its end both currencies were in use.
WITHDRAWN: dict[str, str] = {
    "ADP": "2003-07", "AFA": "2003-01", "ANG": "2025-03", "AON": "2000-02", "AOR": "2000-02", "ATS": "2002-03",
    "AZM": "2005-12", "BEF": "2002-03", "BGL": "2003-11", "BGN": "2026-01", "BYB": "2001-01", "BYR": "2017-01",
    "CHC": "2004-11", "CSD": "2006-10", "CUC": "2021-06", "CYP": "2008-01", "DEM": "2002-03", "ECS": "2000-09",
    "EEK": "2011-01", "ESP": "2002-03", "FIM": "2002-03", "FRF": "2002-03", "GHC": "2008-01", "GHP": "2007-06",
    "GRD": "2002-03", "HRK": "2023-01", "IEP": "2002-03", "ITL": "2002-03", "LTL": "2014-12", "LUF": "2002-03",
    "LVL": "2014-01", "MGF": "2004-12", "MRO": "2017-12", "MTL": "2008-01", "MZM": "2006-06", "NLG": "2002-03",
    "PTE": "2002-03", "ROL": "2005-06", "RUR": "2004-01", "SDD": "2007-07", "SIT": "2007-01", "SKK": "2009-01",
    "SLL": "2023-12", "SRG": "2003-12", "STD": "2017-12", "TJR": "2001-04", "TMM": "2009-01", "TPE": "2002-11",
    "TRL": "2005-12", "USS": "2014-03", "VEB": "2008-01", "VEF": "2018-08", "YUM": "2003-07", "ZMK": "2012-12",
    "ZWD": "2008-08", "ZWL": "2024-09", "ZWN": "2006-09", "ZWR": "2009-06",
}  # fmt: skip

_WITHOUT_MINOR_UNIT = frozenset("ADP BEF BYB BYR ESP GRD ITL LUF MGF PTE TPE TRL".split())

EXPONENTS = {code: 0 if code in _WITHOUT_MINOR_UNIT else 2 for code in WITHDRAWN}


def withdrawn_before(currency: str, at: str) -> str | None:
    """The month in which a currency was withdrawn, if that was before a moment."""
    month = WITHDRAWN.get(currency)
    return month if month is not None and at[: len(month)] > month else None
