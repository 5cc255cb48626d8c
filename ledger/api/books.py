"""The books: accounts and journals."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.inputs import ordering_of, query_of
from api.pagination import paged_query
from api.serializers import page_of
from api.shapes import day, moment, money, plain
from api.views import ApiView
from core.inputs import parse_date, parse_flag, parse_uuid
from ledger.api import serializers
from ledger.models import Account, JournalEntry, JournalLine

PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]


class AccountList(ApiView):
    """The chart of accounts."""

    permissions = {"GET": "ledger.account.view"}  # read only

    @extend_schema(
        operation_id="accounts_list",
        parameters=[
            OpenApiParameter("search", str, description="The beginning of a code."),
            OpenApiParameter("is_posting", bool),
            *PAGES,
        ],
        responses=page_of(serializers.AccountShape),
    )
    def get(self, request: Request) -> Response:
        """List accounts by code."""
        query = query_of(request.query_params, ("is_posting",))
        rows = Account.objects.order_by("code", "id")
        if "is_posting" in query:
            rows = rows.filter(is_posting=parse_flag(query["is_posting"], field="is_posting"))
        if query.get("search"):
            rows = rows.filter(code__startswith=query["search"])
        return paged_query(request, query, rows, account_shape)


def account_shape(account: Account) -> dict[str, Any]:
    """Return an account as the API shows it."""
    return {
        "id": str(account.pk),
        "code": account.code,
        "name": account.name,
        "name_arabic": account.name_arabic,
        "kind": account.kind,
        "normal_side": account.normal_side,
        "role": account.role,
        "parent": str(account.parent_id) if account.parent_id else None,
        "is_posting": account.is_posting,
        "is_active": account.is_active,
    }


def _entry(entry: JournalEntry, currency: str) -> dict[str, Any]:
    return {
        "id": str(entry.pk),
        "date": day(entry.date),
        "book": entry.book,
        "kind": entry.kind,
        "source_kind": entry.source_kind,
        "source_id": str(entry.source_id),
        "source_number": entry.source_number,
        "purpose": entry.purpose,
        "description": entry.description,
        "currency": entry.currency,
        "rate": plain(entry.rate),
        "total": money(entry.total, currency),
        "line_count": entry.line_count,
        "reverses": str(entry.reverses_id) if entry.reverses_id else None,
        "posted_at": moment(entry.posted_at),
        "posted_by": entry.posted_by_id,
    }


def _line(line: JournalLine, currency: str) -> dict[str, Any]:
    return {
        "position": line.position,
        "account": str(line.account_id),
        "account_code": line.account.code,
        "account_name": line.account.name,
        "account_name_arabic": line.account.name_arabic,
        "debit": money(line.debit, currency),
        "credit": money(line.credit, currency),
        "currency": line.currency,
        "amount_currency": money(line.amount_currency, line.currency),
        "party_kind": line.party_kind,
        "party": str(line.party_id) if line.party_id else None,
        "tax_code": line.tax_code,
        "description": line.description,
    }


class JournalList(ApiView):
    """Journal entries."""

    permissions = {"GET": "ledger.journal.view"}  # read only

    @extend_schema(
        operation_id="journals_list",
        parameters=[
            OpenApiParameter("source_id", OpenApiTypes.UUID),
            OpenApiParameter("date_from", OpenApiTypes.DATE),
            OpenApiParameter("date_to", OpenApiTypes.DATE),
            OpenApiParameter("ordering", enum=["date", "-date"]),
            *PAGES,
        ],
        responses=page_of(serializers.JournalShape),
    )
    def get(self, request: Request) -> Response:
        """List entries, newest first."""
        query = query_of(request.query_params, ("source_id", "date_from", "date_to"))
        order = ordering_of(
            query, {"date": ("date", "id"), "-date": ("-date", "-id")}, ("-date", "-id")
        )
        rows = JournalEntry.objects.order_by(*order)
        if "source_id" in query:
            rows = rows.filter(source_id=parse_uuid(query["source_id"], field="source_id"))
        if "date_from" in query:
            rows = rows.filter(date__gte=parse_date(query["date_from"], field="date_from"))
        if "date_to" in query:
            rows = rows.filter(date__lte=parse_date(query["date_to"], field="date_to"))
        currency = self.principal.currency
        return paged_query(request, query, rows, lambda entry: _entry(entry, currency))


class JournalDetail(ApiView):
    """One journal entry."""

    permissions = {"GET": "ledger.journal.view"}  # read only

    @extend_schema(operation_id="journals_retrieve", responses=serializers.JournalWhole)
    def get(self, request: Request, entry_id: uuid.UUID) -> Response:
        """Return an entry with its lines. Amounts in base currency."""
        entry = JournalEntry.objects.filter(pk=entry_id).first()
        if entry is None:
            raise not_found()
        currency = self.principal.currency
        lines = (
            JournalLine.objects.filter(entry_id=entry_id)
            .select_related("account")
            .order_by("position")
        )
        return Response(
            _entry(entry, currency) | {"lines": [_line(line, currency) for line in lines]}
        )
