"""Customers as parties of journal lines."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from ar.models import Customer
from ledger.parties import Party, PartySource


def _party(customer: Customer) -> Party:
    return Party("customer", customer.pk, customer.code, customer.name, customer.name_arabic)


def _search(text: str, limit: int) -> Sequence[Party]:
    rows = Customer.objects.filter(is_active=True, search_text__contains=text).order_by("code")
    return [_party(row) for row in rows[:limit]]


def _named(ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Party]:
    return {row.pk: _party(row) for row in Customer.objects.filter(pk__in=set(ids))}


CUSTOMERS = PartySource("customer", _("Customer"), _search, _named)
