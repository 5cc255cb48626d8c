"""Items."""

from __future__ import annotations

import itertools
from decimal import Decimal

from inventory.models import Item
from inventory.services.items import item_create
from tenancy.principal import Principal

_serial = itertools.count(1)


def item_make(actor: Principal, **values: object) -> Item:
    """Return a new active item of the actor's company: standard rated, 10.03 a piece."""
    number = next(_serial)
    defaults: dict[str, object] = {
        "code": f"P{number:05d}",
        "name": f"Paracetamol {number}",
        "name_arabic": f"باراسيتامول {number}",
        "price": Decimal("10.03"),
    }
    return item_create(values=defaults | values, actor=actor)
