"""Credit notes in part, debit notes, prepayments, write-offs, holds (issue 3, AR)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, query_of, rows_of
from api.pagination import paged_query
from api.views import ApiView
from ar.api import receivable_shapes as shapes
from ar.api import serializers
from ar.api.inputs import LINE_FIELDS, today_of
from ar.api.invoice_actions import credit_note_answer
from ar.api.invoices import created
from ar.api.shapes import document_shape
from ar.models import CreditNote, Invoice, PrepaymentUse, WriteOff
from ar.services.holds import invoice_hold
from ar.services.invoices import invoice_create
from ar.services.notes import credit_note_build, credit_note_create, require_creditable
from ar.services.posting import invoice_create_posted
from ar.services.prepayments import prepayment_apply, prepayment_release
from ar.services.write_offs import TypedWriteOff, write_off_create, write_off_undo
from ar.typed import parse_invoice
from ar.typed_credit import parse_credit
from core.inputs import clean_text, parse_date, parse_decimal, parse_flag, parse_uuid
from documents.typed import Collected
from tenancy.permissions import require

_CREDIT = ("reason", "lines", "whole", "date", "notes", "settle", "dry_run")
_CREDIT_LINE = frozenset({"line", "quantity", "amount"})


def _date(body: Mapping[str, Any], name: str = "date") -> Any:
    value = body.get(name)
    return None if value in (None, "") else parse_date(value, field=name)


def _amount(body: Mapping[str, Any]) -> Any:
    value = body.get("amount")
    if value in (None, ""):
        return None
    return parse_decimal(value, field="amount", max_digits=19, places=4)


def invoice_of(invoice_id: uuid.UUID) -> Invoice:
    """Return the invoice; another company's is as unknown as a wrong id."""
    invoice = Invoice.objects.filter(pk=invoice_id).first()
    if invoice is None:
        raise not_found()
    found: Invoice = invoice
    return found


class InvoiceCreditNotes(ApiView):
    """Credit notes over a part of an invoice, or over all that is left of it (S3, S4)."""

    permissions = {"GET": "ar.credit_note.view", "POST": "ar.credit_note.create"}  # read only

    @extend_schema(
        operation_id="invoices_credit_notes_list",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=serializers.page_of(serializers.CreditNoteDocument),
    )
    def get(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """List the credit notes of an invoice, newest first."""
        query = query_of(request.query_params, ())
        rows = CreditNote.objects.filter(invoice_id=invoice_of(invoice_id).pk)
        return paged_query(request, query, rows.order_by("-issue_date", "-id"), document_shape)

    @extend_schema(
        operation_id="invoices_credit_notes_create",
        request=shapes.CreditInput,
        responses={201: serializers.CreditNoteDocument},
    )
    @idempotent("invoices.credit_notes", keep=KEEP_MONEY)
    def post(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Credit lines by quantity or amount; `dry_run` answers 200 with the amounts and posts nothing."""
        body = body_of(request.data, _CREDIT)
        rows_of(body, "lines", _CREDIT_LINE)
        for name in ("whole", "settle"):
            if name in body:
                body[name] = parse_flag(body[name], field=name, default=name == "settle")
        dry_run = parse_flag(body.pop("dry_run", None), field="dry_run")
        invoice = invoice_of(invoice_id)
        typed = parse_credit(body, invoice_id=invoice_id)
        if dry_run:
            require_creditable(invoice)
            note, lines = credit_note_build(invoice, typed, actor=self.principal)
            return Response(document_shape(note, lines))
        note = credit_note_create(typed=typed, actor=self.principal)
        return Response(credit_note_answer(note), status=status.HTTP_201_CREATED)


class InvoiceDebitNotes(ApiView):
    """Debts raised on an invoice (S6)."""

    permissions = {"GET": "ar.invoice.view", "POST": "ar.invoice.create"}  # read only

    @extend_schema(
        operation_id="invoices_debit_notes_list",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=serializers.page_of(serializers.InvoiceDocument),
    )
    def get(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """List the debit notes of an invoice, newest first."""
        query = query_of(request.query_params, ())
        rows = Invoice.objects.filter(corrects_id=invoice_of(invoice_id).pk)
        return paged_query(request, query, rows.order_by("-issue_date", "-id"), document_shape)

    @extend_schema(
        operation_id="invoices_debit_notes_create",
        request=shapes.DebitNoteInput,
        responses={201: serializers.InvoiceDocument},
    )
    @idempotent("invoices.debit_notes", keep=KEEP_MONEY)
    def post(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Make a debit note with the customer, currency and rate of the invoice; a draft unless `post`."""
        body = body_of(request.data, ("reason", "issue_date", "lines", "post"))
        invoice = invoice_of(invoice_id)
        body |= {
            "kind": "debit_note",
            "corrects": str(invoice_id),
            "customer": str(invoice.customer_id),
            "currency": invoice.currency,
            "reference": invoice.number,
            "salesperson": invoice.salesperson_id,
            "prices_include_tax": invoice.prices_include_tax,
        }
        if invoice.currency != self.principal.currency:
            body["exchange_rate"] = str(invoice.exchange_rate)
        return _made(self, body)


class PrepaymentList(ApiView):
    """Invoices for money before the supply (S9)."""

    permissions = {"POST": "ar.invoice.create"}  # read only

    @extend_schema(
        operation_id="prepayments_create",
        request=shapes.PrepaymentInput,
        responses={201: serializers.InvoiceDocument},
    )
    @idempotent("prepayments.create", keep=KEEP_MONEY)
    def post(self, request: Request) -> Response:
        """Make a prepayment invoice; a draft unless `post`."""
        fields = ("customer", "issue_date", "currency", "reference", "lines", "post")
        return _made(self, body_of(request.data, fields) | {"kind": "prepayment"})


def _made(view: ApiView, body: dict[str, Any]) -> Response:
    """Create the document typed, and post it when asked to."""
    rows_of(body, "lines", LINE_FIELDS)
    actor = view.principal
    post = parse_flag(body.pop("post", None), field="post")
    typed = parse_invoice(body, currency=actor.currency, today=today_of(actor))
    make = invoice_create_posted if post else invoice_create
    return Response(created(make(typed=typed, actor=actor)), status=status.HTTP_201_CREATED)


class InvoicePrepayments(ApiView):
    """Prepayments used on an invoice (S10)."""

    permissions = {"GET": "ar.invoice.view", "POST": "ar.prepayment.apply"}  # read only

    @extend_schema(
        operation_id="invoices_prepayments_list",
        parameters=[OpenApiParameter("page", int), OpenApiParameter("page_size", int)],
        responses=serializers.page_of(shapes.PrepaymentUseShape),
    )
    def get(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """List what was used on the invoice."""
        query = query_of(request.query_params, ())
        rows = PrepaymentUse.objects.filter(invoice_id=invoice_of(invoice_id).pk)
        currency = self.principal.currency
        return paged_query(
            request, query, rows.order_by("id"), lambda row: shapes.use_shape(row, currency)
        )

    @extend_schema(
        operation_id="invoices_prepayments_use",
        request=shapes.PrepaymentUseInput,
        responses={201: shapes.PrepaymentUseShape},
    )
    @idempotent("invoices.prepayments", keep=KEEP_MONEY)
    def post(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Use a paid prepayment; without `amount` as much as fits."""
        body = body_of(request.data, ("prepayment", "amount", "date"))
        invoice_of(invoice_id)
        note = Collected()
        prepayment = note.take(
            lambda: parse_uuid(body.get("prepayment"), field="prepayment"), uuid.UUID(int=0)
        )
        amount, date = note.take(lambda: _amount(body), None), note.take(lambda: _date(body), None)
        note.done()
        row = prepayment_apply(
            invoice_id=invoice_id,
            prepayment_id=prepayment,
            amount=amount,
            date=date,
            actor=self.principal,
        )
        shape = shapes.use_shape(row, self.principal.currency)
        return Response(shape, status=status.HTTP_201_CREATED)


class PrepaymentRelease(ApiView):
    """Undoing the use of a prepayment."""

    permissions = {"POST": "ar.prepayment.apply"}  # read only

    @extend_schema(
        operation_id="prepayments_release",
        request=shapes.ReliefUndoInput,
        responses=shapes.PrepaymentUseShape,
    )
    @idempotent("prepayments.release", keep=KEEP_MONEY)
    def post(self, request: Request, use_id: uuid.UUID) -> Response:
        """Release a used prepayment; the invoice is open again."""
        body = body_of(request.data, ("date",))
        row = prepayment_release(use_id=use_id, date=_date(body), actor=self.principal)
        return Response(shapes.use_shape(row, self.principal.currency))


class InvoiceWriteOff(ApiView):
    """Bad debts (S12)."""

    permissions = {"POST": "ar.write_off.create"}  # read only

    @extend_schema(
        operation_id="invoices_write_off",
        request=shapes.WriteOffInput,
        responses={201: shapes.WriteOffShape},
    )
    @idempotent("invoices.write_off", keep=KEEP_MONEY)
    def post(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Write off what is open, or `amount` of it; VAT comes back only with a `vat_reason`."""
        body = body_of(
            request.data, ("reason", "amount", "date", "against_allowance", "vat_reason")
        )
        invoice_of(invoice_id)
        note = Collected()

        def text(name: str, least: int) -> str:
            return note.take(
                lambda: clean_text(body.get(name), field=name, min_length=least, max_length=300), ""
            )

        typed = TypedWriteOff(
            invoice_id=invoice_id,
            reason=text("reason", 1),
            vat_reason=text("vat_reason", 0),
            amount=note.take(lambda: _amount(body), None),
            date=note.take(lambda: _date(body), None),
            against_allowance=note.take(
                lambda: parse_flag(body.get("against_allowance"), field="against_allowance"), False
            ),
        )
        note.done()
        row = write_off_create(typed=typed, actor=self.principal)
        shape = shapes.write_off_shape(row, self.principal.currency)
        return Response(shape, status=status.HTTP_201_CREATED)


class WriteOffList(ApiView):
    """All write-offs."""

    permissions = {"GET": "ar.write_off.view"}  # read only

    @extend_schema(
        operation_id="write_offs_list",
        parameters=[
            OpenApiParameter("invoice", str),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses=serializers.page_of(shapes.WriteOffShape),
    )
    def get(self, request: Request) -> Response:
        """List write-offs, newest first."""
        query = query_of(request.query_params, ("invoice",))
        rows = WriteOff.objects.order_by("-date", "-id")
        if "invoice" in query:
            rows = rows.filter(invoice_id=parse_uuid(query["invoice"], field="invoice"))
        currency = self.principal.currency
        return paged_query(request, query, rows, lambda row: shapes.write_off_shape(row, currency))


class WriteOffUndo(ApiView):
    """Taking a debt up again."""

    permissions = {"POST": "ar.write_off.create"}  # read only

    @extend_schema(
        operation_id="write_offs_undo",
        request=shapes.ReliefUndoInput,
        responses=shapes.WriteOffShape,
    )
    @idempotent("write_offs.undo", keep=KEEP_MONEY)
    def post(self, request: Request, write_off_id: uuid.UUID) -> Response:
        """Undo a write-off; the invoice is open again."""
        body = body_of(request.data, ("date",))
        row = write_off_undo(write_off_id=write_off_id, date=_date(body), actor=self.principal)
        return Response(shapes.write_off_shape(row, self.principal.currency))


class InvoiceHold(ApiView):
    """Disputes and holds."""

    permissions = {"POST": "ar.invoice.edit"}  # read only

    @extend_schema(
        operation_id="invoices_hold",
        request=shapes.HoldInput,
        responses=serializers.InvoiceDocument,
    )
    def post(self, request: Request, invoice_id: uuid.UUID) -> Response:
        """Hold an invoice back from settlement and reminders; an empty text lifts it."""
        require(self.principal, "ar.invoice.edit")
        body = body_of(request.data, ("hold",))
        hold = clean_text(body.get("hold"), field="hold", max_length=8)
        invoice = invoice_hold(invoice_id=invoice_id, hold=hold, actor=self.principal)
        return Response(document_shape(invoice) | {"settlement_hold": invoice.settlement_hold})
