"""Money arithmetic: the only place that rounds (accounting.md section 1). Decimal only, half away from zero. Pure.

Products are made in a context of 60 digits, so that a quantity of 19 digits times a price of 19 digits times a percent
is exact before it is rounded once.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

from core.errors import DomainError

ZERO = Decimal(0)
HUNDRED = Decimal(100)

#: The smallest number that no longer fits an amount column, numeric(19,4).
AMOUNT_LIMIT = Decimal(10) ** 15

EXACT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])

#: Digits behind the point where they are not two (ISO 4217); the SQL function currency_digits says the same.
MINOR_DIGITS = {
    "KWD": 3,
    "BHD": 3,
    "OMR": 3,
    "JOD": 3,
    "TND": 3,
    "LYD": 3,
    "IQD": 3,
    "JPY": 0,
    "KRW": 0,
    "CLP": 0,
    "VND": 0,
}

_UNITS = tuple(Decimal(1).scaleb(-digits) for digits in range(20))
_multiply = EXACT.multiply
_quantize = EXACT.quantize


class AmountTooLarge(DomainError):
    """An amount has at most 15 digits before the point."""

    code = "amount_too_large"


class AmountNotFinite(DomainError):
    """An amount is a number: neither NaN nor infinite."""

    code = "amount_not_finite"


def minor_digits(currency: str) -> int:
    """Return how many digits the currency has behind the point."""
    return MINOR_DIGITS.get(currency, 2)


def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of the currency, for example 0.01."""
    return _UNITS[MINOR_DIGITS.get(currency, 2)]


def quantize_digits(amount: Decimal, digits: int) -> Decimal:
    """Return the amount rounded half away from zero to `digits` places (0 to 19)."""
    return _quantize(amount, _UNITS[digits])


def quantize(amount: Decimal, currency: str) -> Decimal:
    """Return the amount rounded half away from zero to the currency's minor unit."""
    return _quantize(amount, _UNITS[MINOR_DIGITS.get(currency, 2)])


def product(amount: Decimal, factor: Decimal, currency: str) -> Decimal:
    """Return amount x factor, exact and then rounded once to the currency's minor unit."""
    return _quantize(_multiply(amount, factor), _UNITS[MINOR_DIGITS.get(currency, 2)])


def percent_of(amount: Decimal, percent: Decimal, currency: str) -> Decimal:
    """Return amount x percent / 100, rounded once to the currency's minor unit."""
    # scaling by two places instead of dividing: exact and quicker
    return _quantize(
        _multiply(amount, percent).scaleb(-2, EXACT), _UNITS[MINOR_DIGITS.get(currency, 2)]
    )


def ratio_of(amount: Decimal, part: Decimal, whole: Decimal, currency: str) -> Decimal:
    """Return amount x part / whole, rounded half away from zero. Exact for any quotient; `whole` is above zero."""
    numerator, divisor = _multiply(amount, part), whole
    unit = minor_unit(currency)
    # work in whole minor units, so that the quotient is never rounded twice
    quotient, rest = EXACT.divmod(numerator, _multiply(divisor, unit))
    if abs(rest) * 2 >= abs(_multiply(divisor, unit)):
        quotient += -1 if numerator < 0 else 1
    return _quantize(_multiply(quotient, unit), unit)


def is_rounded(amount: Decimal, currency: str) -> bool:
    """Return whether the amount has no digits below the currency's minor unit. NaN and infinity have."""
    return amount.is_finite() and quantize(amount, currency) == amount


def distribute(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split `total` over the weights by largest remainder; the parts add up to the total exactly.

    Shares are floored to the minor unit; missing units go to the largest remainders, ties to the lowest position. All
    weights zero: equal shares. A negative total is split like its positive and turned. Raises ValueError for no
    weights, for negative weights, and for a total with digits below the minor unit.
    """
    if not weights:
        if total:
            raise ValueError("nothing to distribute over")
        return []
    digits = MINOR_DIGITS.get(currency, 2)
    unit = _UNITS[digits]
    if _quantize(total, unit) != total:
        raise ValueError("the total carries digits below the minor unit")
    if len(weights) == 1:
        return [EXACT.plus(_quantize(total, unit))]  # plus: no -0.00
    units = int(total.scaleb(digits, EXACT))
    sign = -1 if units < 0 else 1
    scaled = _as_integers(weights)
    whole = sum(scaled)
    if min(scaled) < 0:
        raise ValueError("weights are not negative")
    if whole == 0:
        scaled, whole = [1] * len(scaled), len(scaled)
    # whole numbers throughout: no division can lose a digit
    divided = [divmod(abs(units) * weight, whole) for weight in scaled]
    missing = abs(units) - sum(share for share, _ in divided)
    extra = (
        set(sorted(range(len(scaled)), key=lambda i: -divided[i][1])[:missing]) if missing else ()
    )
    return [
        Decimal(sign * (share + (i in extra))).scaleb(-digits, EXACT)
        for i, (share, _) in enumerate(divided)
    ]


def _as_integers(weights: Sequence[Decimal]) -> list[int]:
    """Return the weights times one power of ten that makes all of them whole."""
    places = 0
    for weight in weights:
        exponent = weight.as_tuple().exponent
        if not isinstance(exponent, int):
            raise ValueError("weights are finite")
        places = max(places, -exponent)
    return [int(weight.scaleb(places, EXACT)) for weight in weights]
