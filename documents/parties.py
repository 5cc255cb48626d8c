"""What a document prints of our own side: taken from the company, frozen at posting. No database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_COMPANY_FIELDS = (
    "name",
    "name_arabic",
    "vat_number",
    "cr_number",
    "street",
    "street_arabic",
    "building_number",
    "district",
    "district_arabic",
    "city",
    "city_arabic",
    "postal_code",
    "country",
    "phone",
    "email",
)


def company_block(company: Mapping[str, Any]) -> dict[str, str]:
    """Return the company as a document prints it: the seller of an invoice, the buyer of a bill."""
    return {key: str(company.get(key) or "") for key in _COMPANY_FIELDS}
