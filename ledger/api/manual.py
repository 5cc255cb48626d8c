"""Journals by hand: draft, post, reverse."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, ordering_of, parse_choice, query_of, rows_of
from api.pagination import paged_query
from api.serializers import page_of
from api.shapes import day, maybe_money, moment, money, plain
from api.views import ApiView
from core.dates import local_today
from core.inputs import clean_text, given, parse_date, parse_flag, parse_integer
from ledger.models import JournalEntry, ManualJournal
from ledger.selectors.manual import STATES, ManualWhole, manual_found, manual_whole
from ledger.services.manual import (
    manual_create,
    manual_create_posted,
    manual_delete,
    manual_post,
    manual_reverse,
    manual_update,
)
from ledger.typed import TypedJournal, parse_journal
from tenancy.principal import Principal

LINE_FIELDS = frozenset(
    {
        "account",
        "account_code",
        "debit",
        "credit",
        "party_kind",
        "party",
        "tax_code",
        "taxable_amount",
        "description",
    }
)
FIELDS = frozenset(
    {
        "date",
        "kind",
        "currency",
        "exchange_rate",
        "reference",
        "description",
        "external_id",
        "version",
        "lines",
    }
)
PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]


class ManualLineShape(serializers.Serializer[Any]):
    """One side of a journal by hand, in its currency. Send `account` or `account_code`."""

    account = serializers.UUIDField(required=False)
    account_code = serializers.CharField(required=False)
    debit = serializers.CharField(required=False)
    credit = serializers.CharField(required=False)
    party_kind = serializers.CharField(required=False, allow_blank=True)
    party = serializers.UUIDField(required=False, allow_null=True)
    tax_code = serializers.CharField(required=False, allow_blank=True)
    taxable_amount = serializers.CharField(required=False, allow_null=True)
    description = serializers.CharField(required=False, allow_blank=True)


class ManualInput(serializers.Serializer[Any]):
    """A journal as typed; a draft may be out of balance."""

    date = serializers.DateField(required=False)
    kind = serializers.ChoiceField(["normal", "accrual"], required=False)
    currency = serializers.CharField(required=False)
    exchange_rate = serializers.CharField(required=False)
    reference = serializers.CharField(required=False)
    description = serializers.CharField(required=False)
    external_id = serializers.CharField(required=False)
    version = serializers.IntegerField(required=False)
    lines = ManualLineShape(many=True)


class ManualCreate(ManualInput):
    """A journal as typed, posted at once when `post` is true."""

    post = serializers.BooleanField(required=False)


class ManualShape(serializers.Serializer[Any]):
    """A journal by hand."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    status = serializers.ChoiceField(ManualJournal.Status.values)
    kind = serializers.ChoiceField(["normal", "accrual"])
    date = serializers.DateField()
    currency = serializers.CharField()
    exchange_rate = serializers.CharField()
    reference = serializers.CharField()
    description = serializers.CharField()
    external_id = serializers.CharField()
    total = serializers.CharField()
    line_count = serializers.IntegerField()
    reverse_reason = serializers.CharField()
    recurring = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()
    posted_at = serializers.DateTimeField(allow_null=True)
    posted_by = serializers.IntegerField(allow_null=True)


class ManualWholeShape(ManualShape):
    """A journal by hand with its lines and its entries in the ledger."""

    entry = serializers.UUIDField(allow_null=True)
    reversed_by = serializers.UUIDField(allow_null=True)
    lines = ManualLineShape(many=True)


class ReverseInput(serializers.Serializer[Any]):
    date = serializers.DateField(required=False)
    reason = serializers.CharField()


def _shape(journal: ManualJournal) -> dict[str, Any]:
    return {
        "id": str(journal.pk),
        "number": journal.number,
        "status": journal.status,
        "kind": journal.kind,
        "date": day(journal.date),
        "currency": journal.currency,
        "exchange_rate": plain(journal.rate),
        "reference": journal.reference,
        "description": journal.description,
        "external_id": journal.external_id,
        "total": money(journal.total, journal.currency),
        "line_count": journal.line_count,
        "reverse_reason": journal.reverse_reason,
        "recurring": str(journal.recurring_id) if journal.recurring_id else None,
        "version": journal.version,
        "posted_at": moment(journal.posted_at),
        "posted_by": journal.posted_by_id,
    }


def _entry_id(entry: JournalEntry | None) -> str | None:
    return str(entry.pk) if entry else None


def _whole(whole: ManualWhole) -> dict[str, Any]:
    currency = whole.journal.currency
    return _shape(whole.journal) | {
        "entry": _entry_id(whole.entry),
        "reversed_by": _entry_id(whole.mirror),
        "lines": [
            {
                "account": str(line.account_id),
                "account_code": line.account.code,
                "debit": money(line.debit, currency),
                "credit": money(line.credit, currency),
                "party_kind": line.party_kind,
                "party": str(line.party_id) if line.party_id else None,
                "tax_code": line.tax_code,
                "taxable_amount": maybe_money(line.taxable_amount, currency),
                "description": line.description,
            }
            for line in whole.lines
        ],
    }


def typed_body(body: dict[str, Any], actor: Principal) -> TypedJournal:
    """Return a journal sent as JSON. Raises ValidationErrors."""
    rows_of(body, "lines", LINE_FIELDS)
    return parse_journal(body, currency=actor.currency, today=local_today())


class ManualList(ApiView):
    """Journals by hand."""

    permissions = {"GET": "ledger.journal.view", "POST": "ledger.journal.post"}  # read only

    @extend_schema(
        operation_id="manual_journals_list",
        parameters=[
            OpenApiParameter("status", enum=list(STATES)),
            OpenApiParameter("date_from", OpenApiTypes.DATE),
            OpenApiParameter("date_to", OpenApiTypes.DATE),
            OpenApiParameter("search", str),
            OpenApiParameter("ordering", enum=["date", "-date"]),
            *PAGES,
        ],
        responses=page_of(ManualShape),
    )
    def get(self, request: Request) -> Response:
        """List journals by hand, newest first."""
        query = query_of(request.query_params, ("status", "date_from", "date_to"))
        order = ordering_of(
            query, {"date": ("date", "id"), "-date": ("-date", "-id")}, ("-date", "-id")
        )
        rows = manual_found(
            text=query.get("search", ""),
            status=parse_choice(query["status"], STATES, field="status")
            if "status" in query
            else "",
            since=parse_date(query["date_from"], field="date_from", earliest=1990)
            if "date_from" in query
            else None,
            until=parse_date(query["date_to"], field="date_to", earliest=1990)
            if "date_to" in query
            else None,
        )
        return paged_query(request, query, rows.order_by(*order), _shape)

    @extend_schema(
        operation_id="manual_journals_create",
        request=ManualCreate,
        responses={201: ManualWholeShape},
    )
    @idempotent("manual_journals.create", keep=KEEP_MONEY)
    def post(self, request: Request) -> Response:
        """Store a draft, or post at once with `post`. The error of an unbalanced journal names the difference."""
        body = body_of(request.data, FIELDS | {"post"})
        post = parse_flag(body.get("post"), field="post")
        typed = typed_body(body, self.principal)
        create = manual_create_posted if post else manual_create
        journal = create(typed=typed, actor=self.principal)
        return Response(_answer(journal.pk), status=status.HTTP_201_CREATED)


def _answer(journal_id: uuid.UUID) -> dict[str, Any]:
    whole = manual_whole(journal_id)
    if whole is None:
        raise not_found()
    return _whole(whole)


class ManualDetail(ApiView):
    """One journal by hand."""

    permissions = {
        "GET": "ledger.journal.view",
        "PUT": "ledger.journal.post",
        "DELETE": "ledger.journal.post",
    }  # read only

    @extend_schema(operation_id="manual_journals_retrieve", responses=ManualWholeShape)
    def get(self, request: Request, journal_id: uuid.UUID) -> Response:
        """Return a journal with its lines."""
        return Response(_answer(journal_id))

    @extend_schema(
        operation_id="manual_journals_replace", request=ManualInput, responses=ManualWholeShape
    )
    def put(self, request: Request, journal_id: uuid.UUID) -> Response:
        """Replace a draft."""
        body = body_of(request.data, FIELDS)
        manual_update(
            journal_id=journal_id, typed=typed_body(body, self.principal), actor=self.principal
        )
        return Response(_answer(journal_id))

    @extend_schema(operation_id="manual_journals_delete", responses={204: None})
    def delete(self, request: Request, journal_id: uuid.UUID) -> Response:
        """Delete a draft."""
        manual_delete(journal_id=journal_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ManualPost(ApiView):
    """Posting a draft."""

    permissions = {"POST": "ledger.journal.post"}  # read only

    @extend_schema(operation_id="manual_journals_post", request=None, responses=ManualWholeShape)
    @idempotent("manual_journals.post", keep=KEEP_MONEY)
    def post(self, request: Request, journal_id: uuid.UUID) -> Response:
        """Post a draft: number, balanced entry; an accrual reverses itself in the next period."""
        body = body_of(request.data, ("version",))
        version = body.get("version")
        manual_post(
            journal_id=journal_id,
            version=None if version is None else parse_integer(version, field="version"),
            actor=self.principal,
        )
        return Response(_answer(journal_id))


class ManualReverse(ApiView):
    """Reversing a posted journal."""

    permissions = {"POST": "ledger.journal.post"}  # read only

    @extend_schema(
        operation_id="manual_journals_reverse", request=ReverseInput, responses=ManualWholeShape
    )
    @idempotent("manual_journals.reverse", keep=KEEP_MONEY)
    def post(self, request: Request, journal_id: uuid.UUID) -> Response:
        """Post the mirror entry on a day (today when left out), with a reason."""
        body = body_of(request.data, ("date", "reason"))
        manual_reverse(
            journal_id=journal_id,
            date=parse_date(given(body.get("date"), local_today()), field="date", earliest=1990),
            reason=clean_text(body.get("reason"), field="reason", max_length=300),
            actor=self.principal,
        )
        return Response(_answer(journal_id))
