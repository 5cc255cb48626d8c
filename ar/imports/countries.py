"""Country names that import files spell out, as ISO 3166 codes."""

from __future__ import annotations

#: ISO's user-assigned code for "not known".
UNKNOWN = "ZZ"

_CODES = {
    "australia": "AU", "austria": "AT", "bahrain": "BH", "belgium": "BE", "brazil": "BR", "canada": "CA",
    "channel islands": "JE", "cyprus": "CY", "czech republic": "CZ", "denmark": "DK", "egypt": "EG", "eire": "IE",
    "european community": "EU", "finland": "FI", "france": "FR", "germany": "DE", "greece": "GR", "hong kong": "HK",
    "iceland": "IS", "ireland": "IE", "israel": "IL", "italy": "IT", "japan": "JP", "jordan": "JO", "kuwait": "KW",
    "lebanon": "LB", "lithuania": "LT", "malta": "MT", "netherlands": "NL", "norway": "NO", "oman": "OM",
    "poland": "PL", "portugal": "PT", "qatar": "QA", "rsa": "ZA", "saudi arabia": "SA", "singapore": "SG",
    "spain": "ES", "sweden": "SE", "switzerland": "CH", "united arab emirates": "AE", "united kingdom": "GB",
    "unspecified": UNKNOWN, "usa": "US", "السعودية": "SA", "المملكة العربية السعودية": "SA",
}  # fmt: skip


def country_code(name: str) -> str:
    """Return the two-letter code of a country name; a code stays, nothing is the home country."""
    if not name:
        return "SA"
    if len(name) == 2 and name.isascii() and name.isalpha():
        return name.upper()
    return _CODES.get(name.casefold(), UNKNOWN)
