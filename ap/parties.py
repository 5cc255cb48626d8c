"""What a bill prints of its supplier: taken from the master, frozen at posting. No database."""

from __future__ import annotations

from ap.models import Supplier


def supplier_snapshot(supplier: Supplier) -> dict[str, str]:
    """Return what a bill or a supplier credit prints of the supplier."""
    return {
        "code": supplier.code,
        "name": supplier.name,
        "name_arabic": supplier.name_arabic,
        "vat_number": supplier.vat_number,
        "cr_number": supplier.cr_number,
        "street": supplier.street,
        "building_number": supplier.building_number,
        "district": supplier.district,
        "city": supplier.city,
        "city_arabic": supplier.city_arabic,
        "postal_code": supplier.postal_code,
        "country": supplier.country,
        "phone": supplier.phone,
        "email": supplier.email,
    }
