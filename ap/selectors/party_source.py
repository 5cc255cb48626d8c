"""Suppliers as parties of journal lines."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from ap.models import Supplier
from ledger.parties import Party, PartySource


def _party(supplier: Supplier) -> Party:
    return Party("supplier", supplier.pk, supplier.code, supplier.name, supplier.name_arabic)


def _search(text: str, limit: int) -> Sequence[Party]:
    rows = Supplier.objects.filter(is_active=True, search_text__contains=text).order_by("code")
    return [_party(row) for row in rows[:limit]]


def _named(ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Party]:
    return {row.pk: _party(row) for row in Supplier.objects.filter(pk__in=set(ids))}


SUPPLIERS = PartySource("supplier", _("Supplier"), _search, _named)
