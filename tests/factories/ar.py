"""Customers."""

from __future__ import annotations

import itertools

from ar.models import Customer
from ar.services.customers import customer_create
from tenancy.principal import Principal

_serial = itertools.count(1)


def customer_make(actor: Principal, **values: object) -> Customer:
    """Return a new active customer of the actor's company."""
    defaults: dict[str, object] = {
        "code": f"K{next(_serial):05d}",
        "name": "Al Amal Pharmacy",
        "name_arabic": "صيدلية الأمل",
        "vat_number": "311111111100003",
        "city": "Riyadh",
    }
    return customer_create(values=defaults | values, actor=actor)
