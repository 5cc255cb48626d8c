"""What a document prints of its two parties: taken from the masters, frozen at posting. No database."""

from __future__ import annotations

from ar.models import Customer
from documents.parties import company_block as seller_snapshot

__all__ = ["buyer_snapshot", "seller_snapshot"]


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
