"""Supplier credits: those over a bill are made there (`bills/{id}/credit`), these stand on account."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ap.api import serializers
from ap.api.inputs import changed_credit, credit_body, typed_credit
from ap.api.shapes import document_shape, header_shape, list_row
from ap.document_types import SUPPLIER_CREDIT
from ap.models import SupplierCredit
from ap.selectors.bill_api import SUPPLIER_CREDITS, credit_get, credit_lines
from ap.services.credits import (
    credit_delete,
    credit_draft_create,
    credit_draft_update,
    credit_lock,
    credit_post,
    credit_unlock,
    credit_update_posted,
)
from ap.services.pdf import supplier_credit_pdf
from api.idempotency import KEEP_MONEY, idempotent
from api.renderers import PdfRenderer
from api.views import ApiView
from audit.services.events import audit_event
from documents.api.inputs import (
    action_body,
    forget_draft,
    posted_changes,
    query_version,
    version_of,
    with_version,
)
from documents.api.lists import (
    PDF_LANGUAGES,
    history_answer,
    language_of,
    list_answer,
    list_parameters,
    pdf_answer,
)
from documents.lifecycle import Status
from documents.services.drafts import drafts_discard_of


def created(credit: SupplierCredit) -> dict[str, Any]:
    """Return a fresh supplier credit as the answer to a write."""
    return document_shape(credit, credit_lines(credit.pk))


class SupplierCreditList(ApiView):
    """All supplier credits of the company."""

    permissions = {  # read only
        "GET": "ap.supplier_credit.view",
        "POST": "ap.supplier_credit.create",
    }

    @extend_schema(
        operation_id="supplier_credits_list",
        parameters=list_parameters("supplier"),
        responses=serializers.page_of(serializers.PurchaseRow),
    )
    def get(self, request: Request) -> Response:
        """List supplier credits, newest first."""
        return list_answer(request, SUPPLIER_CREDITS, self.principal, row=list_row)

    @extend_schema(
        operation_id="supplier_credits_create",
        request=serializers.SupplierCreditInput,
        responses={201: serializers.SupplierCreditDocument},
    )
    @idempotent("supplier_credits.create")
    def post(self, request: Request) -> Response:
        """Create a draft that names no bill."""
        body = credit_body(request.data)
        credit = credit_draft_create(typed=typed_credit(body, self.principal), actor=self.principal)
        forget_draft(body, self.principal)
        return Response(created(credit), status=status.HTTP_201_CREATED)


class SupplierCreditDetail(ApiView):
    """One supplier credit."""

    permissions = {  # read only
        "GET": "ap.supplier_credit.view",
        "PUT": "ap.supplier_credit.edit",
        "PATCH": "ap.supplier_credit.edit",
        "DELETE": "ap.supplier_credit.delete",
    }

    @extend_schema(
        operation_id="supplier_credits_retrieve", responses=serializers.SupplierCreditDocument
    )
    def get(self, request: Request, credit_id: uuid.UUID) -> Response:
        """Return a supplier credit with its lines."""
        credit, lines = credit_get(credit_id)
        response = Response(document_shape(credit, lines))
        response.headers["ETag"] = f'"{credit.version}"'
        return response

    @extend_schema(
        operation_id="supplier_credits_replace",
        request=serializers.SupplierCreditUpdate,
        responses=serializers.SupplierCreditDocument,
    )
    def put(self, request: Request, credit_id: uuid.UUID) -> Response:
        """Replace header and lines of a draft; 409 with both values when it was changed since `version`."""
        body = with_version(request, credit_body(request.data, "version"))
        credit = credit_draft_update(
            credit_id=credit_id, typed=typed_credit(body, self.principal), actor=self.principal
        )
        forget_draft(body, self.principal)
        return Response(created(credit))

    @extend_schema(
        operation_id="supplier_credits_change",
        request=serializers.SupplierCreditUpdate,
        responses=serializers.SupplierCreditDocument,
    )
    def patch(self, request: Request, credit_id: uuid.UUID) -> Response:
        """Change single fields of a draft, or notes and reference of a posted supplier credit."""
        body = with_version(request, credit_body(request.data, "version"))
        credit, lines = credit_get(credit_id)
        if credit.status == Status.DRAFT:
            typed = changed_credit(credit, lines, body, self.principal)
            credit = credit_draft_update(credit_id=credit_id, typed=typed, actor=self.principal)
        else:
            changes = {k: v for k, v in body.items() if k not in ("version", "draft")}
            credit = credit_update_posted(
                credit_id=credit_id,
                changes=posted_changes(changes),
                version=version_of(body),
                actor=self.principal,
            )
        forget_draft(body, self.principal)
        return Response(created(credit))

    @extend_schema(operation_id="supplier_credits_delete", responses={204: None})
    def delete(self, request: Request, credit_id: uuid.UUID) -> Response:
        """Delete a draft."""
        version = version_of(query_version(request))
        credit_delete(credit_id=credit_id, actor=self.principal, version=version)
        drafts_discard_of(kind=SUPPLIER_CREDIT.kind, document_id=credit_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SupplierCreditPost(ApiView):
    """Posting: from here on the supplier credit is history."""

    permissions = {"POST": "ap.supplier_credit.post"}  # read only

    @extend_schema(
        operation_id="supplier_credits_post",
        request=serializers.VersionInput,
        responses=serializers.SupplierCreditDocument,
    )
    @idempotent("supplier_credits.post", keep=KEEP_MONEY)
    def post(self, request: Request, credit_id: uuid.UUID) -> Response:
        """Post a draft; it stays on account until it is allocated."""
        body = action_body(request.data)
        credit = credit_post(credit_id=credit_id, actor=self.principal, version=version_of(body))
        drafts_discard_of(kind=SUPPLIER_CREDIT.kind, document_id=credit_id, actor=self.principal)
        return Response(created(credit))


class SupplierCreditLock(ApiView):
    """Freezing (RR-3)."""

    permissions = {"POST": "ap.supplier_credit.lock"}  # read only

    @extend_schema(
        operation_id="supplier_credits_lock",
        request=serializers.VersionInput,
        responses=serializers.PurchaseRow,
    )
    def post(self, request: Request, credit_id: uuid.UUID) -> Response:
        """Lock a supplier credit; only an owner."""
        body = action_body(request.data)
        credit = credit_lock(credit_id=credit_id, actor=self.principal, version=version_of(body))
        return Response(header_shape(credit))


class SupplierCreditUnlock(ApiView):
    """Opening again (RR-3)."""

    permissions = {"POST": "ap.supplier_credit.unlock"}  # read only

    @extend_schema(
        operation_id="supplier_credits_unlock",
        request=serializers.VersionInput,
        responses=serializers.PurchaseRow,
    )
    def post(self, request: Request, credit_id: uuid.UUID) -> Response:
        """Unlock a supplier credit; only an owner."""
        body = action_body(request.data)
        credit = credit_unlock(credit_id=credit_id, actor=self.principal, version=version_of(body))
        return Response(header_shape(credit))


class SupplierCreditPdf(ApiView):
    """The printed supplier credit."""

    permissions = {"GET": "ap.supplier_credit.view"}  # read only
    renderer_classes = (PdfRenderer, *ApiView.renderer_classes)

    @extend_schema(
        operation_id="supplier_credits_pdf",
        parameters=[OpenApiParameter("language", enum=PDF_LANGUAGES)],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, credit_id: uuid.UUID) -> HttpResponse:
        """Return the PDF; each print is in the audit log."""
        language = language_of(request)
        name, content = supplier_credit_pdf(
            credit_id=credit_id, actor=self.principal, language=language
        )
        audit_event("PRINT", SUPPLIER_CREDIT.kind, credit_id, {"language": language})
        return pdf_answer(name, content)


class SupplierCreditHistory(ApiView):
    """What happened to a supplier credit (RR-9)."""

    permissions = {"GET": "ap.supplier_credit.view"}  # read only

    @extend_schema(
        operation_id="supplier_credits_history",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=serializers.page_of(serializers.AuditRow),
    )
    def get(self, request: Request, credit_id: uuid.UUID) -> Response:
        """Return the audit entries of a supplier credit, newest first, in words and as stored."""
        return history_answer(request, SUPPLIER_CREDIT, credit_id)
