"""The audit log: all of it, one record's history, one person's actions (RR-9)."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.inputs import query_of
from api.pagination import page_of, paged
from api.serializers import AuditRow
from api.serializers import page_of as page_shape
from api.views import ApiView
from audit.api.shapes import entry_shapes
from audit.models import AuditEntry
from audit.selectors.history import entity_history, log, user_actions
from audit.words import KINDS
from core.inputs import parse_date
from tenancy.permissions import require

_TYPE = re.compile(r"[a-z_]{1,30}\.[a-z_]{1,40}\Z")
PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]


#: Records whose history everybody may read who may read the record; others need the whole log's permission.
DOCUMENT_TYPES = ("ar.", "inventory.", "payments.")


def full_type(name: str) -> str:
    """Return the type of record; `invoice` alone means `ar.invoice`."""
    if "." in name:
        return name
    return next((kind for kind in KINDS if kind.partition(".")[2] == name), name)


def answer(request: Request, query: dict[str, str], rows: QuerySet[AuditEntry]) -> Response:
    """Return one page of entries."""
    page = page_of(query)
    count = rows.count()
    return paged(request, page, count, entry_shapes(rows[page.start : page.stop]))


class AuditLog(ApiView):
    """The company's log."""

    permissions = {"GET": "audit.log.view"}  # read only

    @extend_schema(
        operation_id="audit_list",
        parameters=[
            OpenApiParameter("entity_type", str, description="Such as ar.invoice."),
            OpenApiParameter("action", str, description="Such as UPDATE."),
            OpenApiParameter("date_from", OpenApiTypes.DATE),
            OpenApiParameter("date_to", OpenApiTypes.DATE),
            *PAGES,
        ],
        responses=page_shape(AuditRow),
    )
    def get(self, request: Request) -> Response:
        """List entries, newest first. Days are days of the company."""
        query = query_of(request.query_params, ("entity_type", "action", "date_from", "date_to"))
        zone = ZoneInfo(str(self.principal.company.get("timezone") or "Asia/Riyadh"))
        since = until = None
        if "date_from" in query:
            first = parse_date(query["date_from"], field="date_from")
            since = dt.datetime.combine(first, dt.time(), tzinfo=zone)
        if "date_to" in query:
            last = parse_date(query["date_to"], field="date_to")
            until = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), tzinfo=zone)
        rows = log(
            entity_type=query.get("entity_type", ""),
            action=query.get("action", ""),
            since=since,
            until=until,
        )
        return answer(request, query, rows)


class EntityHistory(ApiView):
    """The history of one record."""

    permissions = {"GET": "audit.entity.view"}  # read only

    @extend_schema(operation_id="audit_entity", parameters=PAGES, responses=page_shape(AuditRow))
    def get(self, request: Request, entity_type: str, entity_id: str) -> Response:
        """Return what happened to a record, newest first, in words and as stored."""
        kind = full_type(entity_type)
        if not _TYPE.match(kind) or not entity_id.isprintable():
            raise not_found()
        if not kind.startswith(DOCUMENT_TYPES):
            require(self.principal, "audit.log.view")
        query = query_of(request.query_params, ())
        return answer(request, query, entity_history(kind, entity_id))


class UserActions(ApiView):
    """The actions of one person."""

    permissions = {"GET": "audit.log.view"}  # read only

    @extend_schema(operation_id="audit_user", parameters=PAGES, responses=page_shape(AuditRow))
    def get(self, request: Request, user_id: int) -> Response:
        """Return what a person did in this company, newest first."""
        if user_id > 2**63 - 1:
            raise not_found()
        query = query_of(request.query_params, ())
        return answer(request, query, user_actions(user_id))
