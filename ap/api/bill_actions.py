"""What is done with a bill: post, lock, unlock, take back, void, print, look back."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ap.api import serializers
from ap.api.bills import created
from ap.api.shapes import document_shape, header_shape
from ap.document_types import BILL
from ap.selectors.bill_api import credit_lines
from ap.services.bills import bill_lock, bill_unlock
from ap.services.credits import bill_void, credit_create
from ap.services.pdf import bill_pdf
from ap.services.posting import bill_post
from ap.typed_credit import parse_credit
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, query_of, rows_of
from api.renderers import PdfRenderer
from api.views import ApiView
from audit.services.events import audit_event
from core.inputs import clean_text, parse_flag
from core.timing import phase
from documents.api.inputs import action_body, version_of
from documents.api.lists import PDF_LANGUAGES, history_answer, language_of, pdf_answer
from documents.services.drafts import drafts_discard_of

_CREDIT_FIELDS = ("reason", "date", "supplier_number", "notes", "whole", "settle", "lines")
_CREDIT_LINE = ("line", "quantity", "amount")


class BillPost(ApiView):
    """Posting: from here on the bill is history."""

    by_key = True
    permissions = {"POST": "ap.bill.post"}  # read only

    @extend_schema(
        operation_id="bills_post",
        parameters=[OpenApiParameter("lines", bool, description="false leaves the lines out.")],
        request=serializers.VersionInput,
        responses=serializers.BillDocument,
    )
    @idempotent("bills.post", keep=KEEP_MONEY)
    def post(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Post a draft: number, balanced journal, frozen totals and parties, prepaid months."""
        query = query_of(request.query_params, ("lines",), is_list=False)
        body = action_body(request.data)
        bill = bill_post(bill_id=bill_id, actor=self.principal, version=version_of(body))
        drafts_discard_of(kind=BILL.kind, document_id=bill_id, actor=self.principal)
        if not parse_flag(query.get("lines"), field="lines", default=True):
            with phase("build"):
                return Response(document_shape(bill))
        return Response(created(bill))


class BillLock(ApiView):
    """Freezing (RR-3)."""

    permissions = {"POST": "ap.bill.lock"}  # read only

    @extend_schema(
        operation_id="bills_lock",
        request=serializers.VersionInput,
        responses=serializers.PurchaseRow,
    )
    def post(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Lock a bill; only an owner."""
        body = action_body(request.data)
        bill = bill_lock(bill_id=bill_id, actor=self.principal, version=version_of(body))
        return Response(header_shape(bill))


class BillUnlock(ApiView):
    """Opening again (RR-3)."""

    permissions = {"POST": "ap.bill.unlock"}  # read only

    @extend_schema(
        operation_id="bills_unlock",
        request=serializers.VersionInput,
        responses=serializers.PurchaseRow,
    )
    def post(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Unlock a bill; only an owner."""
        body = action_body(request.data)
        bill = bill_unlock(bill_id=bill_id, actor=self.principal, version=version_of(body))
        return Response(header_shape(bill))


class BillCredit(ApiView):
    """Taking back part or all of a bill."""

    permissions = {"POST": "ap.supplier_credit.create"}  # read only

    @extend_schema(
        operation_id="bills_credit",
        request=serializers.BillCreditInput,
        responses={201: serializers.SupplierCreditDocument},
    )
    @idempotent("bills.credit", keep=KEEP_MONEY)
    def post(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Post a supplier credit over lines and quantities of a bill, never more than is left; settles the bill."""
        body = body_of(request.data, _CREDIT_FIELDS)
        rows_of(body, "lines", _CREDIT_LINE)
        body.setdefault("whole", "lines" not in body)
        credit = credit_create(typed=parse_credit(body, bill_id=bill_id), actor=self.principal)
        shape = document_shape(credit, credit_lines(credit.pk))
        return Response(shape, status=status.HTTP_201_CREATED)


class BillVoid(ApiView):
    """Voiding by a supplier credit over all of it."""

    permissions = {"POST": "ap.bill.void"}  # read only

    @extend_schema(
        operation_id="bills_void",
        request=serializers.BillVoidInput,
        responses={201: serializers.SupplierCreditDocument},
    )
    @idempotent("bills.void", keep=KEEP_MONEY)
    def post(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Void a posted, unpaid bill; answers with the supplier credit."""
        body = action_body(request.data, "reason")
        credit = bill_void(
            bill_id=bill_id,
            actor=self.principal,
            reason=clean_text(body.get("reason"), field="reason", min_length=1, max_length=300),
            version=version_of(body),
        )
        shape = document_shape(credit, credit_lines(credit.pk))
        return Response(shape, status=status.HTTP_201_CREATED)


class BillPdf(ApiView):
    """The printed bill."""

    permissions = {"GET": "ap.bill.view"}  # read only
    renderer_classes = (PdfRenderer, *ApiView.renderer_classes)

    @extend_schema(
        operation_id="bills_pdf",
        parameters=[OpenApiParameter("language", enum=PDF_LANGUAGES)],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, bill_id: uuid.UUID) -> HttpResponse:
        """Return the PDF; each print is in the audit log."""
        language = language_of(request)
        name, content = bill_pdf(bill_id=bill_id, actor=self.principal, language=language)
        audit_event("PRINT", BILL.kind, bill_id, {"language": language})
        return pdf_answer(name, content)


class BillHistory(ApiView):
    """What happened to a bill (RR-9)."""

    permissions = {"GET": "ap.bill.view"}  # read only

    @extend_schema(
        operation_id="bills_history",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=serializers.page_of(serializers.AuditRow),
    )
    def get(self, request: Request, bill_id: uuid.UUID) -> Response:
        """Return the audit entries of a bill, newest first, in words and as stored."""
        return history_answer(request, BILL, bill_id)
