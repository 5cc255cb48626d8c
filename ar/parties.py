"""What a document prints of its two parties: taken from the masters, frozen at posting. No database."""

from __future__ import annotations

from typing import Any

from ar.models import Customer


def seller_snapshot(company: dict[str, Any]) -> dict[str, str]:
    """Return what a document prints of its seller, frozen at posting."""
    return {
        key: str(company.get(key) or "")
        for key in (
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
    }


def buyer_snapshot(customer: Customer) -> dict[str, str]:
    """Return what a document prints of its buyer, frozen at posting."""
    return {
        "code": customer.code,
        "name": customer.name,
        "name_arabic": customer.name_arabic,
        "vat_number": customer.vat_number,
        "cr_number": customer.cr_number,
        "street": customer.street,
        "building_number": customer.building_number,
        "district": customer.district,
        "city": customer.city,
        "city_arabic": customer.city_arabic,
        "postal_code": customer.postal_code,
        "country": customer.country,
    }
