"""IBANs: the digits check each other (ISO 13616). Pure."""

from __future__ import annotations

import re

from core.errors import N_, DomainError

_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\Z")
#: Length by country, for the countries most paid from here; others are checked by their digits only.
_LENGTHS = {
    "SA": 24, "AE": 23, "BH": 22, "KW": 30, "OM": 23, "QA": 29, "JO": 30, "EG": 29, "LB": 28, "TR": 26,
    "DE": 22, "FR": 27, "GB": 22, "IT": 27, "ES": 24, "NL": 18, "BE": 16, "CH": 21, "AT": 20, "PK": 24,
}  # fmt: skip


class WrongIban(DomainError):
    """The IBAN has the wrong form, or a digit was mistyped."""

    code = "wrong_iban"


def checked_iban(value: str, *, field: str) -> str:
    """Return the IBAN without spaces, in capitals; empty stays empty. Raises WrongIban."""
    text = "".join(str(value or "").split()).upper()
    if not text:
        return ""
    if not _SHAPE.match(text) or len(text) != _LENGTHS.get(text[:2], len(text)):
        raise WrongIban(
            N_(
                "An IBAN begins with two letters and two digits; one of the Kingdom has 24 characters."
            ),
            field=field,
        )
    digits = "".join(str(int(letter, 36)) for letter in text[4:] + text[:4])
    if int(digits) % 97 != 1:
        raise WrongIban(N_("This IBAN is mistyped: its check digits do not fit."), field=field)
    return text
