"""Money: an integer in the currency's minor unit, with its ISO 4217 code. Never a float, never a silent conversion."""

from decimal import ROUND_HALF_UP, Context, Decimal

from tributary.domain import withdrawn_currencies
from tributary.domain.quantity import Quantity

#: The largest amount that every client, JavaScript included, represents exactly.
MAX_MINOR = 2**53 - 1

_TWO = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
    CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP
    SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG
    YER ZAR ZMW ZWG
"""
_EXPONENTS = (
    dict.fromkeys(_TWO.split(), 2)
    | dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0)
    | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
    | dict.fromkeys("CLF UYW".split(), 4)
)
CURRENCIES = frozenset(_EXPONENTS)

# Room for the largest amount with every exponent; quantize needs the digits of its result only, however long the input.
_EXACT = Context(prec=60)
_LARGEST_ADJUSTED = 20
_UNIT_PLACES = 12


class AmountTooLarge(ValueError):
    """The amount exceeds the integers that every client represents exactly."""


class DiscountTooLarge(ValueError):
    """The discount exceeds its line, which costs `most` minor units."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


def exponent(currency: str) -> int:
    """Digits after the point of an ISO 4217 currency with a minor unit, withdrawn ones included; KeyError for any other
    text."""
    return _EXPONENTS[currency] if currency in _EXPONENTS else withdrawn_currencies.EXPONENTS[currency]


def minor_units(amount: Decimal, currency: str) -> int:
    """Major units as minor units, rounded half away from zero: 49.99 USD is 4999, 5000 JPY is 5000."""
    minor = _rounded(amount, currency)
    if abs(minor) > MAX_MINOR:
        raise AmountTooLarge
    return minor


def _rounded(amount: Decimal, currency: str) -> int:
    if amount.is_zero():
        return 0
    if amount.adjusted() > _LARGEST_ADJUSTED:
        raise AmountTooLarge
    places = exponent(currency)
    rounded = amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _EXACT)
    return int(rounded.scaleb(places, _EXACT))


def line_total(unit: Decimal, quantity: Decimal, currency: str, discount: Decimal = Decimal(0)) -> int:
    """Minor units of a line less its discount, rounded once, half away from zero: 2 × 8.165 USD is 1633.

    DiscountTooLarge for more than the line costs; a shop rounds either, so cost and discount are compared as rounded.
    """
    exact = _EXACT.multiply(unit, quantity)
    listed = minor_units(exact, currency)
    if _rounded(discount, currency) > max(0, listed):
        raise DiscountTooLarge(max(0, listed))
    return max(min(0, listed), minor_units(_EXACT.subtract(exact, discount), currency)) if discount else listed


def minor_total(unit: Decimal | int, quantity: Quantity, discount: int = 0) -> int:
    """Minor units of a line whose price is in minor units, as in `line_total`: 2.5 × 0.01 USD is 3."""
    exact = _EXACT.multiply(Decimal(unit), Decimal(quantity))
    listed = _whole(exact)
    if discount > max(0, listed):
        raise DiscountTooLarge(max(0, listed))
    return max(min(0, listed), _whole(_EXACT.subtract(exact, Decimal(discount)))) if discount else listed


def _whole(exact: Decimal) -> int:
    return int(exact.to_integral_value(ROUND_HALF_UP, _EXACT))


def unit_text(unit: Decimal) -> str:
    """A price per unit as text, to at most twelve decimals: an exponent could make it endless."""
    fine = int(unit.as_tuple().exponent) < -_UNIT_PLACES
    return format(unit.quantize(Decimal(1).scaleb(-_UNIT_PLACES), ROUND_HALF_UP, _EXACT) if fine else unit, "f")


def major_text(minor: Decimal | int, currency: str) -> str:
    """Minor units as decimal text in major units: 4999 USD is "49.99", 5000 JPY is "5000"; a price may be finer."""
    return format(Decimal(minor).scaleb(-exponent(currency), _EXACT), "f")


def major_units(minor: int, currency: str) -> Decimal:
    """Minor units as major units with two decimals, or more if the currency has them: 4999 USD is 49.99."""
    places = max(2, exponent(currency))
    return Decimal(minor).scaleb(-exponent(currency), _EXACT).quantize(Decimal(1).scaleb(-places), context=_EXACT)


def percent_of(base: int, percent: Decimal) -> int:
    """`percent` per cent of a base of minor units, rounded half up (towards plus infinity on the half)."""
    scale = -min(0, int(percent.as_tuple().exponent))
    hundredths = int(percent.scaleb(scale, _EXACT))
    divisor = 100 * 10**scale
    return int((2 * base * hundredths + divisor) // (2 * divisor))
