"""Invoices: list, create, generate, read, change, delete (IF-3, IF-4)."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import query_of
from api.throttling import GenerateThrottle
from api.views import ApiView
from ar.api import serializers
from ar.api.inputs import (
    changed_invoice,
    invoice_body,
    posted_changes,
    typed_invoice,
    version_of,
)
from ar.api.parts import parts_of
from ar.api.shapes import customer_shape, document_shape, header_shape, person_shape
from ar.document_types import INVOICE
from ar.models import Invoice, InvoiceLine
from ar.printing import invoice_qr_text
from ar.selectors.invoice_api import INVOICES, InvoiceRow, invoice_get, invoice_lines
from ar.services.invoices import (
    invoice_create,
    invoice_delete,
    invoice_update,
    invoice_update_posted,
)
from ar.services.pdf import invoice_pdf
from ar.services.posting import invoice_generate
from core.inputs import parse_flag
from core.timing import phase
from documents.api.inputs import forget_draft, query_version, with_version
from documents.api.lists import list_answer, list_parameters
from documents.lifecycle import Status
from documents.services.drafts import drafts_discard_of


def list_row(invoice: InvoiceRow) -> dict[str, Any]:
    """Return an invoice as a row of a list."""
    row = header_shape(invoice)
    row["customer_name"] = invoice.customer_name
    row["customer_name_arabic"] = invoice.customer_name_arabic
    return row


def created(invoice: Invoice, lines: list[InvoiceLine] | None = None) -> dict[str, Any]:
    """Return a fresh invoice as the answer to a write."""
    rows = invoice_lines(invoice.pk) if lines is None else lines
    with phase("build"):
        return document_shape(invoice, rows)


class InvoiceList(ApiView):
    """All invoices of the company."""

    by_key = True
    permissions = {"GET": "ar.invoice.view", "POST": "ar.invoice.create"}  # read only

    @extend_schema(
        operation_id="invoices_list",
        parameters=list_parameters("customer"),
        responses=serializers.page_of(serializers.InvoiceRow),
    )
    def get(self, request: Request) -> Response:
        """List invoices, newest first."""
        return list_answer(request, INVOICES, self.principal, row=list_row)

    @extend_schema(
        operation_id="invoices_create",
        request=serializers.InvoiceInput,
        responses={201: serializers.InvoiceDocument},
    )
    @idempotent("invoices.create")
    def post(self, request: Request) -> Response:
        """Create a draft with all its lines."""
        with phase("check"):
            body = invoice_body(request.data)
            typed = typed_invoice(body, self.principal)
        invoice = invoice_create(typed=typed, actor=self.principal)
        forget_draft(body, self.principal)
        return Response(created(invoice), status=status.HTTP_201_CREATED)


class InvoiceSearch(ApiView):
    """Invoices by what somebody remembers of them."""

    permissions = {"GET": "ar.invoice.view"}  # read only

    @extend_schema(
        operation_id="invoices_search",
        parameters=[OpenApiParameter("q", str, required=True), *list_parameters("customer")],
        responses=serializers.page_of(serializers.InvoiceRow),
    )
    def get(self, request: Request) -> Response:
        """Find invoices by part of their number or customer."""
        return list_answer(request, INVOICES, self.principal, row=list_row, more=("q",))


class InvoiceGenerate(ApiView):
    """An invoice in one go: validated, computed, numbered, posted, with QR code and PDF (IF-3)."""

    by_key = True
    permissions = {"POST": "ar.invoice.post"}  # read only
    throttle_classes = (GenerateThrottle,)
    # The PDF is made after the commit: nothing slow happens while the number series is locked.
    is_atomic = False

    @extend_schema(
        operation_id="invoices_generate",
        parameters=[OpenApiParameter("pdf", bool, description="false leaves the PDF out.")],
        request=serializers.InvoiceInput,
        responses={201: serializers.GeneratedInvoice},
    )
    def post(self, request: Request) -> Any:
        """Create and post an invoice; answer with QR code and PDF."""
        query = query_of(request.query_params, ("pdf",), is_list=False)
        with_pdf = parse_flag(query.get("pdf"), field="pdf", default=True)
        with transaction.atomic():
            answer = self._generate(request)
        shape = answer.data if isinstance(answer, Response) else json.loads(answer.content)
        if with_pdf:
            with transaction.atomic():
                _, content = invoice_pdf(invoice_id=uuid.UUID(shape["id"]), actor=self.principal)
            shape = {**shape, "pdf_base64": base64.b64encode(content).decode("ascii")}
        response = Response(shape, status=status.HTTP_201_CREATED)
        if "Idempotent-Replayed" in answer.headers:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    post.idempotent = True  # type: ignore[attr-defined]  # read by the schema

    @idempotent("invoices.generate", keep=KEEP_MONEY)
    def _generate(self, request: Request) -> Response:
        with phase("check"):
            body = invoice_body(request.data)
            typed = typed_invoice(body, self.principal)
        invoice, lines = invoice_generate(typed=typed, actor=self.principal)
        forget_draft(body, self.principal)
        shape = created(invoice, lines)
        shape["qr_code"] = invoice_qr_text(invoice)
        return Response(shape, status=status.HTTP_201_CREATED)


class InvoiceDetail(ApiView):
    """One invoice."""

    by_key = True
    permissions = {  # read only
        "GET": "ar.invoice.view",
        "PUT": "ar.invoice.edit",
        "PATCH": "ar.invoice.edit",
        "DELETE": "ar.invoice.delete",
    }

    @extend_schema(operation_id="invoices_retrieve", responses=serializers.InvoiceWhole)
    def get(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Return an invoice with customer, creator, salesperson, lines, payments and commissions."""
        query_of(request.query_params, (), is_list=False)
        invoice, lines = invoice_get(invoice_id)
        with phase("load"):
            parts = parts_of(invoice, self.principal)
        with phase("build"):
            shape = document_shape(invoice, lines)
            shape["customer_details"] = customer_shape(invoice.customer)
            shape["customer_name"] = invoice.customer.name
            shape["customer_name_arabic"] = invoice.customer.name_arabic
            shape["creator"] = person_shape(invoice.created_by)
            shape["salesperson_details"] = person_shape(invoice.salesperson)
            shape["qr_code"] = invoice_qr_text(invoice)
            shape |= parts
        response = Response(shape)
        response.headers["ETag"] = f'"{invoice.version}"'
        return response

    @extend_schema(
        operation_id="invoices_replace",
        request=serializers.InvoiceUpdate,
        responses=serializers.InvoiceDocument,
    )
    def put(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Replace header and lines of a draft; 409 with both values when it was changed since `version`."""
        body = self._body(request)
        typed = typed_invoice(body, self.principal)
        invoice = invoice_update(invoice_id=invoice_id, typed=typed, actor=self.principal)
        forget_draft(body, self.principal)
        return Response(created(invoice))

    @extend_schema(
        operation_id="invoices_change",
        request=serializers.InvoiceUpdate,
        responses=serializers.InvoiceDocument,
    )
    def patch(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Change single fields of a draft, or notes, due date, reference and salesperson of a posted invoice."""
        body = self._body(request)
        invoice, lines = invoice_get(invoice_id)
        if invoice.status == Status.DRAFT:
            typed = changed_invoice(invoice, lines, body, self.principal)
            invoice = invoice_update(invoice_id=invoice_id, typed=typed, actor=self.principal)
        else:
            version = version_of(body)
            changes = {k: v for k, v in body.items() if k not in ("version", "draft")}
            invoice = invoice_update_posted(
                invoice_id=invoice_id,
                changes=posted_changes(changes),
                version=version,
                actor=self.principal,
            )
        forget_draft(body, self.principal)
        return Response(created(invoice))

    @extend_schema(operation_id="invoices_delete", responses={204: None})
    def delete(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Delete a draft; a posted invoice is voided by its credit note instead."""
        version = version_of(query_version(request))
        invoice_delete(invoice_id=invoice_id, actor=self.principal, version=version)
        drafts_discard_of(kind=INVOICE.kind, document_id=invoice_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _body(self, request: Request) -> dict[str, Any]:
        return with_version(request, invoice_body(request.data, frozenset({"version"})))
