"""Numbers and moments as the API writes them: decimals as strings, never floats."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core.money import minor_digits

_ZERO = "0." + "0" * 8


def money(amount: Decimal | None, currency: str) -> str:
    """Return an amount with the minor digits of its currency; more where the stored one has more."""
    digits = minor_digits(currency)
    if not amount:  # none, or a zero with a sign
        return _ZERO[: digits + 2] if digits else "0"
    text = str(amount)
    if text[-digits - 1 : -digits] == "." and "E" not in text:
        return text  # as most amounts are stored
    if text[-digits - 3 : -digits - 2] == "." and text.endswith("00") and digits:
        return text[:-2]  # as a sum of them comes
    text = f"{amount:.{digits}f}"
    return text if Decimal(text) == amount else f"{amount.normalize():f}"


def maybe_money(amount: Decimal | None, currency: str) -> str | None:
    """Return the amount, or None where there is none."""
    return None if amount is None else money(amount, currency)


def plain(number: Decimal | None) -> str | None:
    """Return a quantity, percent or rate without trailing zeros and without exponent."""
    if number is None:
        return None
    text = str(number)
    if "E" in text:
        text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(at: dt.datetime | None) -> str | None:
    """Return a moment in UTC as ISO 8601 with Z."""
    if at is None:
        return None
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def day(date: dt.date | None) -> str | None:
    """Return a date as YYYY-MM-DD."""
    return None if date is None else date.isoformat()
