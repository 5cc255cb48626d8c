"""Figures and dates as people read them, for pages and printed documents alike. Pure; digits 0-9 in both languages.

Saudi books and e-invoices use 0-9, a comma for thousands and a point for decimals in Arabic text as well.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.money import minor_digits, quantize_digits

MINUS = "\N{MINUS SIGN}"

MONTHS_ENGLISH = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]
MONTHS_ARABIC = (
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
)

#: The currency sign U+20C1 is in none of the fonts: Arabic text writes the old abbreviation.
ARABIC_CURRENCIES = {
    "SAR": "ر.س",
    "AED": "د.إ",
    "KWD": "د.ك",
    "BHD": "د.ب",
    "OMR": "ر.ع",
    "QAR": "ر.ق",
}


def currency_sign(currency: str, language: str) -> str:
    """Return the currency as written beside a figure: "SAR", or "ر.س" in Arabic."""
    return ARABIC_CURRENCIES.get(currency, currency) if language == "ar" else currency


def format_digits(amount: Decimal, digits: int) -> str:
    """Return the amount with exactly `digits` places, grouped thousands and a real minus sign."""
    rounded = quantize_digits(amount, digits)
    text = f"{abs(rounded):,f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def format_amount(amount: Decimal, currency: str) -> str:
    """Return an amount of money with the digits of its currency, without the currency."""
    return format_digits(amount, minor_digits(currency))


def format_name(thing: Any, language: str | None) -> str:
    """Return the name in the language, of everything with `name` and `name_arabic`; the other one where it is empty."""
    latin, arabic = getattr(thing, "name", ""), getattr(thing, "name_arabic", "")
    return str((arabic or latin) if (language or "").startswith("ar") else (latin or arabic))


def format_unit_price(price: Decimal, currency: str) -> str:
    """Return a price with at least the currency's digits and no trailing zeros beyond them."""
    return _at_least(price, minor_digits(currency))


def format_quantity(quantity: Decimal) -> str:
    """Return a quantity without trailing zeros."""
    return _at_least(quantity, 0)


def format_percent(percent: Decimal) -> str:
    """Return 15 as "15%", 12.50 as "12.5%"."""
    return f"{_at_least(percent, 0)}%"


def _at_least(value: Decimal, digits: int) -> str:
    exponent = value.normalize().as_tuple().exponent
    places = max(digits, -exponent if isinstance(exponent, int) else 0)
    return format_digits(value, places)


def format_date(day: date, language: str) -> str:
    """Return "5 Jan 2026" or "5 يناير 2026"."""
    months = MONTHS_ARABIC if language == "ar" else MONTHS_ENGLISH
    return f"{day.day} {months[day.month - 1]} {day.year}"
