"""Reminders, recurring invoices, payment terms (issue 3, AR)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import KEEP_MONEY, idempotent
from api.inputs import body_of, parse_choice, query_of
from api.pagination import paged_query
from api.views import ApiView
from ar.api import receivable_shapes as shapes
from ar.api import serializers
from ar.api.inputs import today_of, version_of
from ar.models import RecurringInvoice, RecurringRun, Reminder
from ar.selectors.reminders import reminder_levels, reminders_due
from ar.services.recurring import (
    TypedRecurring,
    recurring_create,
    recurring_delete,
    recurring_run,
    recurring_update,
)
from ar.services.reminders import reminder_level_save, reminder_retry, reminders_send
from core.errors import N_, DomainError
from core.inputs import clean_text, parse_date, parse_decimal, parse_flag, parse_integer, parse_uuid
from documents.models import PaymentTerms
from documents.services.terms import FIELDS as TERMS_FIELDS
from documents.services.terms import terms_save
from documents.typed import Collected

_PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]
_LEVEL_TEXTS = {"subject": 200, "subject_arabic": 200, "body": 4000, "body_arabic": 4000}
_LEVEL_DAYS = ("days_overdue", "days_since_last")
_SCHEDULE = ("name", "frequency", "start_date", "end_date", "post")


class RemindersDue(ApiView):
    """Who is due a reminder."""

    permissions = {"GET": "ar.reminder.view"}  # read only

    @extend_schema(operation_id="reminders_due", responses=shapes.DueReminderShape(many=True))
    def get(self, request: Request) -> Response:
        """List who is due a reminder today, the latest level first; at most 500."""
        query_of(request.query_params, (), is_list=False)
        due = reminders_due(today_of(self.principal), levels=reminder_levels())
        return Response([shapes.due_shape(one, self.principal.currency) for one in due])


class ReminderList(ApiView):
    """Reminders that went out."""

    permissions = {"GET": "ar.reminder.view", "POST": "ar.reminder.send"}  # read only

    @extend_schema(
        operation_id="reminders_list",
        parameters=[OpenApiParameter("customer", str), *_PAGES],
        responses=serializers.page_of(shapes.ReminderShape),
    )
    def get(self, request: Request) -> Response:
        """List reminders, newest first."""
        query = query_of(request.query_params, ("customer",))
        rows = Reminder.objects.order_by("-created_at", "-id")
        if "customer" in query:
            rows = rows.filter(customer_id=parse_uuid(query["customer"], field="customer"))
        currency = self.principal.currency
        return paged_query(request, query, rows, lambda row: shapes.reminder_shape(row, currency))

    @extend_schema(
        operation_id="reminders_send",
        request=shapes.ReminderSendInput,
        responses={201: shapes.ReminderShape(many=True)},
    )
    @idempotent("reminders.send", keep=KEEP_MONEY)
    def post(self, request: Request) -> Response:
        """Send these customers the reminder that is due; who is due none is left out of the answer."""
        body = body_of(request.data, ("customers",))
        rows = body.get("customers")
        if not isinstance(rows, list) or not rows:
            raise DomainError(N_("Choose a customer."), code="required", field="customers")
        note = Collected()
        ids = [
            note.take(lambda i=i, text=text: parse_uuid(text, field=f"customers.{i}"), None)  # type: ignore[misc]
            for i, text in enumerate(rows)
        ]
        note.done()
        actor = self.principal
        sent = reminders_send(
            customer_ids=[key for key in ids if key], actor=actor, today=today_of(actor)
        )
        shape = [shapes.reminder_shape(row, actor.currency) for row in sent]
        return Response(shape, status=status.HTTP_201_CREATED)


class ReminderRetry(ApiView):
    """Sending again what was not delivered."""

    permissions = {"POST": "ar.reminder.send"}  # read only

    @extend_schema(operation_id="reminders_retry", request=None, responses=shapes.ReminderShape)
    @idempotent("reminders.retry", keep=KEEP_MONEY)
    def post(self, request: Request, reminder_id: uuid.UUID) -> Response:
        """Send a reminder that was not delivered again."""
        body_of(request.data, ())
        row = reminder_retry(reminder_id=reminder_id, actor=self.principal)
        return Response(shapes.reminder_shape(row, self.principal.currency))


class ReminderLevels(ApiView):
    """The company's words."""

    permissions = {"GET": "ar.reminder.view"}  # read only

    @extend_schema(
        operation_id="reminder_levels_list", responses=shapes.ReminderLevelShape(many=True)
    )
    def get(self, request: Request) -> Response:
        """Return the three levels."""
        query_of(request.query_params, (), is_list=False)
        return Response([shapes.level_shape(level) for level in reminder_levels()])


class ReminderLevelDetail(ApiView):
    """One level."""

    permissions = {"PUT": "ar.reminder.settings"}  # read only

    @extend_schema(
        operation_id="reminder_levels_replace",
        request=shapes.ReminderLevelShape,
        responses=shapes.ReminderLevelShape,
    )
    def put(self, request: Request, level: int) -> Response:
        """Replace words and waiting times of a level."""
        body = body_of(request.data, (*_LEVEL_TEXTS, *_LEVEL_DAYS, "is_active"))
        note = Collected()
        values: dict[str, Any] = {}
        for name, most in _LEVEL_TEXTS.items():
            values[name] = note.take(
                lambda name=name, most=most: clean_text(  # type: ignore[misc]
                    body.get(name),
                    field=name,
                    min_length=1,
                    max_length=most,
                    multiline=name.startswith("body"),
                ),
                "",
            )
        for name in _LEVEL_DAYS:
            values[name] = note.take(
                lambda name=name: parse_integer(body.get(name), field=name, maximum=365),  # type: ignore[misc]
                0,
            )
        values["is_active"] = note.take(
            lambda: parse_flag(body.get("is_active"), field="is_active", default=True), True
        )
        note.done()
        reminder_level_save(level=level, values=values, actor=self.principal)
        found = next(one for one in reminder_levels() if one.level == level)
        return Response(shapes.level_shape(found))


def _schedule(body: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of a schedule that are there. Raises ValidationErrors."""
    note = Collected()
    values: dict[str, Any] = {}
    choices = RecurringInvoice.Frequency.values
    readers = {
        "name": lambda v: clean_text(v, field="name", min_length=1, max_length=120),
        "frequency": lambda v: parse_choice(v, choices, field="frequency"),
        "start_date": lambda v: parse_date(v, field="start_date"),
        "end_date": lambda v: parse_date(v, field="end_date") if v else None,
        "post": lambda v: parse_flag(v, field="post"),
        "is_active": lambda v: parse_flag(v, field="is_active", default=True),
    }
    for name, read in readers.items():
        if name in body:
            values[name] = note.take(lambda name=name, read=read: read(body[name]), None)  # type: ignore[misc]
    note.done()
    return values


class RecurringList(ApiView):
    """Recurring invoices."""

    permissions = {"GET": "ar.recurring.view", "POST": "ar.recurring.edit"}  # read only

    @extend_schema(
        operation_id="recurring_invoices_list",
        parameters=_PAGES,
        responses=serializers.page_of(shapes.RecurringShape),
    )
    def get(self, request: Request) -> Response:
        """List recurring invoices by name."""
        query = query_of(request.query_params, ())
        rows = RecurringInvoice.objects.order_by("name", "id")
        return paged_query(request, query, rows, shapes.recurring_shape)

    @extend_schema(
        operation_id="recurring_invoices_create",
        request=shapes.RecurringCreate,
        responses={201: shapes.RecurringShape},
    )
    @idempotent("recurring_invoices.create")
    def post(self, request: Request) -> Response:
        """Repeat an invoice on a schedule, with its lines and prices of now."""
        body = body_of(request.data, ("invoice", *_SCHEDULE))
        body = {"name": "", "frequency": None, "start_date": None} | body
        invoice_id = parse_uuid(body.get("invoice"), field="invoice")
        row = recurring_create(
            invoice_id=invoice_id, typed=TypedRecurring(**_schedule(body)), actor=self.principal
        )
        return Response(shapes.recurring_shape(row), status=status.HTTP_201_CREATED)


class RecurringDetail(ApiView):
    """One recurring invoice."""

    permissions = {  # read only
        "GET": "ar.recurring.view",
        "PATCH": "ar.recurring.edit",
        "DELETE": "ar.recurring.edit",
    }

    @extend_schema(operation_id="recurring_invoices_retrieve", responses=shapes.RecurringShape)
    def get(self, request: Request, recurring_id: uuid.UUID) -> Response:
        """Return a recurring invoice."""
        row = RecurringInvoice.objects.filter(pk=recurring_id).first()
        if row is None:
            raise not_found()
        return Response(shapes.recurring_shape(row))

    @extend_schema(
        operation_id="recurring_invoices_change",
        request=shapes.RecurringChange,
        responses=shapes.RecurringShape,
    )
    def patch(self, request: Request, recurring_id: uuid.UUID) -> Response:
        """Change name, schedule or whether it runs; 409 when it was changed since `version`."""
        body = body_of(request.data, (*_SCHEDULE, "is_active", "version"))
        row = recurring_update(
            recurring_id=recurring_id,
            changes=_schedule(body),
            version=version_of(body),
            actor=self.principal,
        )
        return Response(shapes.recurring_shape(row))

    @extend_schema(operation_id="recurring_invoices_delete", responses={204: None})
    def delete(self, request: Request, recurring_id: uuid.UUID) -> Response:
        """Remove one that never ran."""
        recurring_delete(recurring_id=recurring_id, actor=self.principal)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RecurringRuns(ApiView):
    """What came of the dates of a recurring invoice."""

    permissions = {"GET": "ar.recurring.view", "POST": "ar.recurring.edit"}  # read only

    @extend_schema(
        operation_id="recurring_invoices_runs_list",
        parameters=_PAGES,
        responses=serializers.page_of(shapes.RecurringRunShape),
    )
    def get(self, request: Request, recurring_id: uuid.UUID) -> Response:
        """List the dates that ran, newest first."""
        query = query_of(request.query_params, ())
        rows = RecurringRun.objects.filter(recurring_id=recurring_id).order_by("-date")
        return paged_query(request, query, rows, shapes.run_shape)

    @extend_schema(
        operation_id="recurring_invoices_run",
        request=None,
        responses=shapes.RecurringRunShape(many=True),
    )
    @idempotent("recurring_invoices.run", keep=KEEP_MONEY)
    def post(self, request: Request, recurring_id: uuid.UUID) -> Response:
        """Make what is due now; each date is made once."""
        body_of(request.data, ())
        actor = self.principal
        runs = recurring_run(recurring_id=recurring_id, actor=actor, today=today_of(actor))
        return Response([shapes.run_shape(run) for run in runs])


def _terms(body: Mapping[str, Any]) -> dict[str, Any]:
    note = Collected()
    values: dict[str, Any] = {}
    texts = {"code": (1, 20), "name": (1, 120), "name_arabic": (0, 120)}
    for name, (least, most) in texts.items():
        if name in body:
            values[name] = note.take(
                lambda name=name, least=least, most=most: clean_text(  # type: ignore[misc]
                    body[name], field=name, min_length=least, max_length=most
                ),
                "",
            )
    if "rule" in body:
        rules = PaymentTerms.Rule.values
        values["rule"] = note.take(lambda: parse_choice(body["rule"], rules, field="rule"), "net")
    for name in ("days", "discount_days"):
        if name in body:
            values[name] = note.take(
                lambda name=name: parse_integer(body[name], field=name, maximum=365),  # type: ignore[misc]
                0,
            )
    if "discount_percent" in body:
        values["discount_percent"] = note.take(
            lambda: parse_decimal(
                body["discount_percent"] or "0",
                field="discount_percent",
                places=4,
                minimum=Decimal(0),
                maximum=Decimal("99.9999"),
            ),
            Decimal(0),
        )
    if "is_active" in body:
        values["is_active"] = note.take(
            lambda: parse_flag(body["is_active"], field="is_active", default=True), True
        )
    note.done()
    return values


class TermsList(ApiView):
    """Payment terms."""

    permissions = {"GET": "documents.terms.view", "POST": "documents.terms.edit"}  # read only

    @extend_schema(
        operation_id="payment_terms_list",
        parameters=_PAGES,
        responses=serializers.page_of(shapes.TermsShape),
    )
    def get(self, request: Request) -> Response:
        """List payment terms by code."""
        query = query_of(request.query_params, ())
        rows = PaymentTerms.objects.order_by("code")
        return paged_query(request, query, rows, shapes.terms_shape)

    @extend_schema(
        operation_id="payment_terms_create",
        request=shapes.TermsInput,
        responses={201: shapes.TermsShape},
    )
    @idempotent("payment_terms.create")
    def post(self, request: Request) -> Response:
        """Add payment terms."""
        body = {"code": "", "name": "", "rule": "net"} | body_of(request.data, TERMS_FIELDS)
        row = terms_save(values=_terms(body), actor=self.principal)
        return Response(shapes.terms_shape(row), status=status.HTTP_201_CREATED)


class TermsDetail(ApiView):
    """Payment terms of one name."""

    permissions = {"PATCH": "documents.terms.edit"}  # read only

    @extend_schema(
        operation_id="payment_terms_change",
        request=shapes.TermsInput,
        responses=shapes.TermsShape,
    )
    def patch(self, request: Request, terms_id: uuid.UUID) -> Response:
        """Change payment terms; documents keep the due date they have."""
        body = body_of(request.data, TERMS_FIELDS)
        row = terms_save(values=_terms(body), terms_id=terms_id, actor=self.principal)
        return Response(shapes.terms_shape(row))
