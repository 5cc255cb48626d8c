"""Reading what people and programs type (reliability.md part 10). Pure; every refusal is a DomainError at its field.

A value is taken exactly or refused, never rounded or guessed: no float, no exponent, no grouping marks.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from core.errors import N_, DomainError

T = TypeVar("T")

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫\u2212", "01234567890123456789.-")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
# What almost every number typed looks like: read without further questions, since the preview reads hundreds.
_SIMPLE_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]{1,2})?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z", re.IGNORECASE)
_PLAIN_UUID = re.compile(r"[0-9a-f]{32}\Z", re.IGNORECASE)
_VAT_NUMBER = re.compile(r"3[0-9]{13}3\Z")
# C0 and C1 controls, line and paragraph separators, direction overrides and isolates, surrogates, and the two last
# code points of every plane: XML 1.0 cannot carry some, the others change how the rest of a document reads.
_UNPRINTABLE = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufdd0-\\ufdef"
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
    + "]"
)
_LINE_MARKS = str.maketrans("", "", "\n\t")
_MARKS_IN_A_ROW = 8
_LONGEST_NUMBER = 60


class WrongNumber(DomainError):
    """The text is no plain decimal number."""

    code = "wrong_number"


class WrongText(DomainError):
    """The text has characters that a tax document cannot carry."""

    code = "wrong_text"


class WrongDate(DomainError):
    """The text is no date of the business years in the form YYYY-MM-DD."""

    code = "wrong_date"


class WrongId(DomainError):
    """The text is no id."""

    code = "wrong_id"


class WrongVatNumber(DomainError):
    """A Saudi VAT number has 15 digits and begins and ends with 3 (IF-5)."""

    code = "wrong_vat_number"


class TooLong(DomainError):
    """The text is longer than allowed."""

    code = "too_long"


class Required(DomainError):
    """A value is needed."""

    code = "required"


class OutOfRange(DomainError):
    """The number is outside the stated bounds; the code says on which side."""

    code = "out_of_range"


def _number_text(value: Any, field: str) -> str:
    """Return the digits typed, in ASCII."""
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        if value is None:
            raise Required(N_("Enter a number."), field=field)
        raise WrongNumber(N_('Send numbers as text, for example "12.50".'), field=field)
    if isinstance(value, int):
        # str() of an integer of thousands of digits raises; no such number fits anywhere
        if value.bit_length() > 4 * _LONGEST_NUMBER:
            raise OutOfRange(N_("This number is too large."), code="too_large", field=field)
        return str(value)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or not -_LONGEST_NUMBER < exponent <= 0:
            raise WrongNumber(N_("Enter a number such as 1250.75."), field=field)
        return format(value, "f")
    text = value.strip()
    if not text:
        raise Required(N_("Enter a number."), field=field)
    return text.translate(_DIGITS) if len(text) <= _LONGEST_NUMBER else text


def _refuse_outside(
    number: Decimal | int,
    minimum: Decimal | int | None,
    maximum: Decimal | int | None,
    field: str,
    above: Decimal | None = None,
) -> None:
    if above is not None and number <= above:
        raise OutOfRange(
            N_("The value is greater than %(minimum)s."),
            code="too_small",
            field=field,
            params={"minimum": above},
        )
    if minimum is not None and number < minimum:
        raise OutOfRange(
            N_("The value is at least %(minimum)s."),
            code="too_small",
            field=field,
            params={"minimum": minimum},
        )
    if maximum is not None and number > maximum:
        raise OutOfRange(
            N_("The value is at most %(maximum)s."),
            code="too_large",
            field=field,
            params={"maximum": maximum},
        )


def parse_decimal(
    value: Any,
    *,
    field: str,
    max_digits: int = 19,
    places: int = 4,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
    above: Decimal | None = None,
) -> Decimal:
    """Return the exact number typed; never rounds. `-0` becomes 0.

    Accepts str, int and Decimal; Arabic-Indic and Persian digits and the Arabic decimal mark are read as theirs.
    Refuses floats, NaN, infinity, exponents, hex, underscores, grouping, full-width digits (WrongNumber), nothing
    (Required), too many digits and values outside `minimum`..`maximum` or not above `above` (OutOfRange).
    """
    if (
        type(value) is str
        and len(value) <= max_digits - places
        and places >= 2  # the places of a simple number
        and _SIMPLE_NUMBER.match(value)
    ):
        number = Decimal(value)
        _refuse_outside(number, minimum, maximum, field, above)
        return number
    text = _number_text(value, field)
    if len(text) > _LONGEST_NUMBER or not _NUMBER.match(text):
        raise WrongNumber(N_("Enter a number such as 1250.75."), field=field)
    whole, _, fraction = text.lstrip("+-").partition(".")
    if len(fraction.rstrip("0")) > places:
        raise OutOfRange(
            N_("At most %(places)s digits after the decimal point."),
            code="too_many_places",
            field=field,
            params={"places": places},
        )
    if len(whole.lstrip("0")) > max_digits - places:
        raise OutOfRange(N_("This number is too large."), code="too_large", field=field)
    # zeros typed beyond the places a column has say nothing
    number = Decimal(text[: len(text) - max(len(fraction) - places, 0)])
    if not number:
        number = abs(number)
    _refuse_outside(number, minimum, maximum, field, above)
    return number


def parse_integer(value: Any, *, field: str, minimum: int = 0, maximum: int = 2**63 - 1) -> int:
    """Return the whole number typed, within the bounds; refuses fractions, exponents, floats, true and false."""
    text = _number_text(value, field)
    if len(text) > _LONGEST_NUMBER or not re.match(r"-?[0-9]+\Z", text):
        raise WrongNumber(N_("Enter a whole number."), field=field)
    number = int(text)
    _refuse_outside(number, minimum, maximum, field)
    return number


def clean_text(
    value: Any, *, field: str, min_length: int = 0, max_length: int, multiline: bool = False
) -> str:
    """Return the text without outer spaces; line ends become LF.

    Refuses control characters, lone surrogates, characters XML cannot carry, direction overrides, floods of combining
    marks (WrongText), fewer (Required) or more (TooLong) characters than allowed.
    """
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise WrongText(N_("Enter a text."), field=field)
    text = value.strip(" \t\r\n\u00a0")
    if len(text) < min_length or (min_length and not text.strip()):
        raise Required(N_("This field is required."), field=field)
    if multiline:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > max_length:
        raise TooLong(
            N_("At most %(maximum)s characters; this has %(length)s."),
            field=field,
            params={"maximum": max_length, "length": len(text)},
        )
    if _UNPRINTABLE.search(text.translate(_LINE_MARKS) if multiline else text):
        raise WrongText(N_("The text contains a character that cannot be printed."), field=field)
    if not text.isascii() and _has_mark_flood(text):
        raise WrongText(N_("The text has too many marks on one letter."), field=field)
    return text.strip()


def _has_mark_flood(text: str) -> bool:
    run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run > _MARKS_IN_A_ROW:
            return True
    return False


def parse_date(value: Any, *, field: str, earliest: int = 2015, latest: int = 2100) -> dt.date:
    """Return the date of a strict YYYY-MM-DD text between the years; a Hijri year is out of range."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        date = value
    else:
        text = value.strip() if isinstance(value, str) else ""
        if not text and value in (None, ""):
            raise Required(N_("Enter a date as YYYY-MM-DD."), field=field)
        if not _DATE.match(text):
            raise WrongDate(N_("Enter a date as YYYY-MM-DD."), field=field)
        try:
            date = dt.date.fromisoformat(text)
        except ValueError:
            raise WrongDate(N_("This day does not exist."), field=field) from None
    if not earliest <= date.year <= latest:
        raise WrongDate(
            N_("The year is from %(earliest)s to %(latest)s."),
            field=field,
            params={"earliest": earliest, "latest": latest},
        )
    return date


def parse_uuid(value: Any, *, field: str) -> uuid.UUID:
    """Return the id; anything else than a UUID in its usual form, or its 32 digits, is refused (WrongId)."""
    if isinstance(value, uuid.UUID):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if not (_UUID.match(text) or _PLAIN_UUID.match(text)):
        raise WrongId(N_("This is not a valid id."), field=field)
    return uuid.UUID(text)


def parse_vat_number(value: Any, *, field: str) -> str:
    """Return a Saudi VAT number: 15 ASCII digits, 3 first and last; empty stays empty."""
    if value is None or value == "":
        return ""
    text = value.strip(" ") if isinstance(value, str) else ""
    if not _VAT_NUMBER.match(text):
        raise WrongVatNumber(
            N_("A VAT number has 15 digits and begins and ends with 3."), field=field
        )
    return text


def parse_flag(value: Any, *, field: str, default: bool = False) -> bool:
    """Return a yes or no sent as JSON, in a query or by a form's box. Raises DomainError for anything else."""
    if value is None or value == "":
        return default
    if value in (True, "true", "1", "on"):
        return True
    if value in (False, "false", "0", "off"):
        return False
    raise DomainError(N_("Send true or false."), code="invalid", field=field)


def is_given(value: Any) -> bool:
    """Return whether anything was sent; a wrong value is something: `[]`, `{}`, `false` and `0` too."""
    return value is not None and value != ""


def given(value: Any, default: T) -> Any | T:
    """Return the default where nothing was sent; a wrong value stays wrong."""
    return value if is_given(value) else default


def optional(read: Callable[..., T], value: Any, **how: Any) -> T | None:
    """Return the value as `read` reads it, or None where nothing was sent. Raises what `read` raises."""
    return read(value, **how) if is_given(value) else None
