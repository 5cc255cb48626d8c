"""Search keys: the same text whatever the case, accents and Arabic spelling habits. Pure."""

from __future__ import annotations

import re
import unicodedata

# Applied after NFKD, which has already taken hamza and madda off alef, waw and yaa, and Arabic presentation forms apart.
_FOLD = str.maketrans(
    {
        "ٱ": "ا",
        "ة": "ه",
        "ى": "ي",
        "ی": "ي",
        "ې": "ي",
        "ک": "ك",
        "ہ": "ه",
        "ھ": "ه",
        "ـ": None,
    }
    | {chr(0x660 + digit): str(digit) for digit in range(10)}
    | {chr(0x6F0 + digit): str(digit) for digit in range(10)}
)
_WORD = re.compile(r"\w+")


def search_key(*texts: str) -> str:
    """Return one lower-case key of several texts, to be compared with keys only.

    Marks (harakat, accents), tatweel and invisible characters are removed; Arabic letter forms (alef, taa marbuta,
    yaa) and digits are folded; spaces are single.
    """
    joined = " ".join(text for text in texts if text)
    if joined.isascii():
        return " ".join(joined.casefold().split())
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", joined)
        if unicodedata.category(char) not in ("Mn", "Me", "Cf")
    )
    return " ".join(plain.translate(_FOLD).casefold().split())


def search_words(text: str) -> list[str]:
    """Return the words of a typed query, each folded as search_key does, in the order typed, without doubles."""
    return list(dict.fromkeys(_WORD.findall(search_key(text))))


#: With one of these in front a spreadsheet takes a text for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def spreadsheet_safe(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
