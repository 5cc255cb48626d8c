"""Employees as parties of journal lines: the members of the company."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.parties import Party, PartySource
from tenancy.models import Membership


def _party(member: Membership) -> Party:
    name = member.user.full_name or member.user.email
    return Party("employee", member.pk, "", name, "")


def _search(text: str, limit: int) -> Sequence[Party]:
    rows = (
        Membership.objects.filter(is_active=True)
        .filter(Q(user__full_name__icontains=text) | Q(user__email__icontains=text))
        .select_related("user")
        .order_by("user__full_name")[:limit]
    )
    return [_party(row) for row in rows]


def _named(ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Party]:
    rows = Membership.objects.filter(pk__in=set(ids)).select_related("user")
    return {row.pk: _party(row) for row in rows}


EMPLOYEES = PartySource("employee", _("Employee"), _search, _named)
