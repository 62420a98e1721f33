"""Exact numbers and money: the only place that rounds.

In: decimals as written. Out: `Fraction`, the one number of rating: sums, products and quotients of
fractions are exact, so nothing is rounded except where a contract says so (language design,
section 3). A binary float never gets in: `number` refuses it.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["half_up", "half_even", "half_down", "up", "down"]
MODES: tuple[Mode, ...] = ("half_up", "half_even", "half_down", "up", "down")

# ISO 4217: active currency codes. The ones that do not have two decimals are listed below.
CURRENCIES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN
    BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD
    FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS
    KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
    SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split()
)
_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def number(value: Decimal | int | str | Fraction) -> Fraction:
    """The exact value of a decimal, an integer or their text; raises TypeError for a binary float."""
    if isinstance(value, float):
        raise TypeError("a binary float is not an exact number")
    return Fraction(value)


def decimals(currency: str) -> int:
    """The number of decimals of a currency's minor unit (ISO 4217): 2 for EUR, 0 for JPY, 3 for TND."""
    return _DECIMALS.get(currency, 2)


def minor_unit(currency: str) -> Fraction:
    """The smallest amount of a currency: 1/100 for EUR."""
    return Fraction(1, 10 ** decimals(currency))


def round_to(value: Fraction, step: Fraction, mode: Mode = "half_up") -> Fraction:
    """The multiple of `step` that `value` rounds to.

    `half_up` takes a tie away from zero, `half_down` towards it, `half_even` to the even multiple;
    `up` is away from zero and `down` towards it (rulings, "Words and numbers"). `step` is positive.
    """
    assert step > 0, "a rounding step is positive"
    steps = abs(value) / step
    whole, rest = divmod(steps.numerator, steps.denominator)
    if rest:
        twice = 2 * rest
        if mode == "up":
            whole += 1
        elif mode == "half_up":
            whole += twice >= steps.denominator
        elif mode == "half_down":
            whole += twice > steps.denominator
        elif mode == "half_even":
            whole += twice > steps.denominator or (twice == steps.denominator and whole % 2 == 1)
    return (-whole if value < 0 else whole) * step


def round_below(value: Fraction, step: Fraction) -> Fraction:
    """The greatest multiple of `step` that is not above `value`."""
    return (value // step) * step


def round_above(value: Fraction, step: Fraction) -> Fraction:
    """The least multiple of `step` that is not below `value`."""
    return -((-value) // step) * step


def is_decimal(value: Fraction) -> bool:
    """Whether a fraction has a finite decimal expansion."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def plain(value: Fraction, minimum: int = 0) -> str:
    """A fraction with a finite expansion as a plain decimal text, with at least `minimum` decimals.

    Zero has no sign and no exponent is ever written: `plain(Fraction(51, 100)) == "0.51"`. Raises
    ValueError where the expansion does not end.
    """
    rest, places = value.denominator, 0
    while rest != 1:
        if rest % 10 == 0:
            rest //= 10
        elif rest % 2 == 0:
            rest //= 2
        elif rest % 5 == 0:
            rest //= 5
        else:
            raise ValueError("the fraction has no finite decimal expansion")
        places += 1
    places = max(places, minimum)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def approximate(value: Fraction, places: int) -> str:
    """A fraction as a plain decimal text rounded half up to `places` decimals, for people to read."""
    return plain(round_to(value, Fraction(1, 10**places)))


def money(value: Fraction, currency: str) -> str:
    """An amount with all the decimals of its currency: `51145.50`; more where it is not rounded yet."""
    if is_decimal(value):
        return plain(value, decimals(currency))
    return approximate(value, decimals(currency) + 4)
