#!/usr/bin/env bash
# schwifty does not know the five countries that joined SEPA in 2024 and 2025.
#
# Package:   schwifty 2026.10.1
# Behaviour: in_sepa_zone is False for IBANs of Albania, Moldova, Montenegro, North Macedonia and Serbia, which are in
#            the scope of the SEPA schemes since November 2024, March 2025 and May 2025 (EPC409-09).
# Guess:     A release of October 2026, whose registry is generated from the published one, has them. A check of
#            payouts by in_sepa_zone would refuse people whom banks reach.
# Seen:      AL, MD, ME, MK, RS: valid, in_sepa_zone False; DE, CH, GB: True; TR: False
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check schwifty==2026.10.1

venv/bin/python - <<'PYTHON'
from schwifty import IBAN

# Examples of SWIFT's IBAN registry.
JOINED = """
    AL47212110090000000235698741 MD24AG000225100013104168 ME25505000012345678951 MK07250120000058984
    RS35260005601001611379
""".split()
MEMBERS = "DE89370400440532013000 CH9300762011623852957 GB29NWBK60161331926819".split()
OUTSIDE = ["TR330006100519786457841326"]


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


def zone(ibans):
    """Country and in_sepa_zone of each IBAN; an invalid one raises."""
    return {IBAN(it).country_code: IBAN(it).in_sepa_zone for it in ibans}


expect("countries that joined lately", zone(JOINED), dict.fromkeys(("AL", "MD", "ME", "MK", "RS"), False))
expect("members for long", zone(MEMBERS), dict.fromkeys(("DE", "CH", "GB"), True))
expect("outside", zone(OUTSIDE), {"TR": False})
PYTHON
