"""Templates of journals, and the schedules that use them."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import not_found
from api.idempotency import idempotent
from api.inputs import body_of, parse_choice, query_of, rows_of
from api.pagination import paged_query
from api.serializers import page_of
from api.shapes import day, maybe_money, moment, money, plain
from api.views import ApiView
from core.dates import local_today
from core.inputs import optional, parse_date, parse_decimal, parse_flag, parse_integer, parse_uuid
from ledger.models import JournalTemplate, RecurringJournal
from ledger.services.recurring import (
    next_dates,
    recurring_create,
    recurring_run,
    recurring_update,
)
from ledger.services.templates import (
    TypedTemplate,
    parse_template,
    template_create,
    template_update,
)
from tenancy.principal import Principal

LINE_FIELDS = frozenset(
    {
        "account",
        "account_code",
        "side",
        "mode",
        "amount",
        "percent",
        "party_kind",
        "party",
        "tax_code",
        "description",
    }
)
FIELDS = frozenset({"name", "kind", "currency", "description", "is_active", "version", "lines"})
PAGES = [OpenApiParameter("page", int), OpenApiParameter("page_size", int)]
_PERMISSIONS = {"GET": "ledger.journal.view", "POST": "ledger.journal.post"}
NEXT = 3


class TemplateLineShape(serializers.Serializer[Any]):
    """A line of a template: its amount is `fixed`, a `percent` of one amount, or `empty`."""

    account = serializers.UUIDField(required=False)
    account_code = serializers.CharField(required=False)
    side = serializers.ChoiceField(["debit", "credit"])
    mode = serializers.ChoiceField(["fixed", "percent", "empty"])
    amount = serializers.CharField(required=False)
    percent = serializers.CharField(required=False)
    party_kind = serializers.CharField(required=False)
    party = serializers.UUIDField(required=False, allow_null=True)
    tax_code = serializers.CharField(required=False)
    description = serializers.CharField(required=False)


class TemplateInput(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.ChoiceField(["normal", "accrual"], required=False)
    currency = serializers.CharField(required=False)
    description = serializers.CharField(required=False)
    is_active = serializers.BooleanField(required=False)
    version = serializers.IntegerField(required=False)
    lines = TemplateLineShape(many=True)


class TemplateShape(TemplateInput):
    """A template of journals."""

    id = serializers.UUIDField()


class ScheduleInput(serializers.Serializer[Any]):
    template = serializers.UUIDField()
    frequency = serializers.ChoiceField(RecurringJournal.Frequency.values)
    start_date = serializers.DateField()
    end_date = serializers.DateField(required=False, allow_null=True)
    amount = serializers.CharField(required=False, allow_null=True)
    post = serializers.BooleanField(required=False)


class ScheduleChange(serializers.Serializer[Any]):
    end_date = serializers.DateField(required=False, allow_null=True)
    amount = serializers.CharField(required=False, allow_null=True)
    post = serializers.BooleanField(required=False)
    is_active = serializers.BooleanField(required=False)
    version = serializers.IntegerField(required=False)


class ScheduleShape(ScheduleInput):
    """A recurring journal with its next dates and what the last run did."""

    id = serializers.UUIDField()
    is_active = serializers.BooleanField()
    next_dates = serializers.ListField(child=serializers.DateField())
    runs = serializers.IntegerField()
    last_date = serializers.DateField(allow_null=True)
    last_result = serializers.CharField()
    last_message = serializers.CharField()
    last_run_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class RunAnswer(ScheduleShape):
    made = serializers.IntegerField()


def _template(template: JournalTemplate) -> dict[str, Any]:
    return {
        "id": str(template.pk),
        "name": template.name,
        "kind": template.kind,
        "currency": template.currency,
        "description": template.description,
        "is_active": template.is_active,
        "version": template.version,
        "lines": [
            {
                "account": str(line.account_id),
                "account_code": line.account.code,
                "side": line.side,
                "mode": line.mode,
                "amount": money(line.amount, template.currency),
                "percent": plain(line.percent),
                "party_kind": line.party_kind,
                "party": str(line.party_id) if line.party_id else None,
                "tax_code": line.tax_code,
                "description": line.description,
            }
            for line in template.lines.select_related("account").order_by("position")
        ],
    }


def _typed(data: Any, actor: Principal) -> TypedTemplate:
    body = body_of(data, FIELDS)
    rows_of(body, "lines", LINE_FIELDS)
    return parse_template(body, currency=actor.currency, today=local_today())


class TemplateList(ApiView):
    """Templates of journals."""

    permissions = _PERMISSIONS

    @extend_schema(
        operation_id="journal_templates_list", parameters=PAGES, responses=page_of(TemplateShape)
    )
    def get(self, request: Request) -> Response:
        """List templates by name."""
        query = query_of(request.query_params, ())
        return paged_query(
            request, query, JournalTemplate.objects.order_by("name", "id"), _template
        )

    @extend_schema(
        operation_id="journal_templates_create",
        request=TemplateInput,
        responses={201: TemplateShape},
    )
    @idempotent("journal_templates.create")
    def post(self, request: Request) -> Response:
        """Store a template."""
        template = template_create(typed=_typed(request.data, self.principal), actor=self.principal)
        return Response(_template(template), status=status.HTTP_201_CREATED)


class TemplateDetail(ApiView):
    """One template."""

    permissions = {"GET": "ledger.journal.view", "PUT": "ledger.journal.post"}  # read only

    @extend_schema(operation_id="journal_templates_retrieve", responses=TemplateShape)
    def get(self, request: Request, template_id: uuid.UUID) -> Response:
        """Return a template with its lines."""
        template = JournalTemplate.objects.filter(pk=template_id).first()
        if template is None:
            raise not_found()
        return Response(_template(template))

    @extend_schema(
        operation_id="journal_templates_replace", request=TemplateInput, responses=TemplateShape
    )
    def put(self, request: Request, template_id: uuid.UUID) -> Response:
        """Replace a template; journals made from it stay."""
        template = template_update(
            template_id=template_id,
            typed=_typed(request.data, self.principal),
            actor=self.principal,
        )
        return Response(_template(template))


def _schedule(schedule: RecurringJournal) -> dict[str, Any]:
    return {
        "id": str(schedule.pk),
        "template": str(schedule.template_id),
        "frequency": schedule.frequency,
        "start_date": day(schedule.start_date),
        "end_date": day(schedule.end_date),
        "amount": maybe_money(schedule.amount, schedule.template.currency),
        "post": schedule.post,
        "is_active": schedule.is_active,
        "next_dates": [day(one) for one in next_dates(schedule, NEXT)],
        "runs": schedule.runs,
        "last_date": day(schedule.last_date),
        "last_result": schedule.last_result,
        "last_message": schedule.last_message,
        "last_run_at": moment(schedule.last_run_at),
        "version": schedule.version,
    }


def _amount(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    return parse_decimal(value, field="amount", places=2, above=Decimal(0))


class RecurringList(ApiView):
    """Recurring journals."""

    permissions = _PERMISSIONS

    @extend_schema(
        operation_id="recurring_journals_list", parameters=PAGES, responses=page_of(ScheduleShape)
    )
    def get(self, request: Request) -> Response:
        """List schedules, the next due first."""
        query = query_of(request.query_params, ())
        rows = RecurringJournal.objects.select_related("template").order_by("next_date", "id")
        return paged_query(request, query, rows, _schedule)

    @extend_schema(
        operation_id="recurring_journals_create",
        request=ScheduleInput,
        responses={201: ScheduleShape},
    )
    @idempotent("recurring_journals.create")
    def post(self, request: Request) -> Response:
        """Schedule a template: monthly or quarterly, as drafts or posted."""
        body = body_of(
            request.data, ("template", "frequency", "start_date", "end_date", "amount", "post")
        )
        schedule = recurring_create(
            template_id=parse_uuid(body.get("template"), field="template"),
            frequency=parse_choice(
                body.get("frequency"), RecurringJournal.Frequency.values, field="frequency"
            ),
            start_date=parse_date(body.get("start_date"), field="start_date"),
            end_date=optional(parse_date, body.get("end_date"), field="end_date"),
            amount=_amount(body.get("amount")),
            post=parse_flag(body.get("post"), field="post"),
            actor=self.principal,
        )
        return Response(_schedule(schedule), status=status.HTTP_201_CREATED)


class RecurringDetail(ApiView):
    """One recurring journal."""

    permissions = {"GET": "ledger.journal.view", "PATCH": "ledger.journal.post"}  # read only

    @extend_schema(operation_id="recurring_journals_retrieve", responses=ScheduleShape)
    def get(self, request: Request, schedule_id: uuid.UUID) -> Response:
        """Return a schedule."""
        return Response(_schedule(_get(schedule_id)))

    @extend_schema(
        operation_id="recurring_journals_change", request=ScheduleChange, responses=ScheduleShape
    )
    def patch(self, request: Request, schedule_id: uuid.UUID) -> Response:
        """Change what is still to come."""
        body = body_of(request.data, ("end_date", "amount", "post", "is_active", "version"))
        stored = _get(schedule_id)
        version = body.get("version")
        end = body.get("end_date", stored.end_date)
        recurring_update(
            schedule_id=schedule_id,
            end_date=parse_date(end, field="end_date") if end else None,
            amount=_amount(body["amount"]) if "amount" in body else stored.amount,
            post=parse_flag(body.get("post"), field="post", default=stored.post),
            is_active=parse_flag(
                body.get("is_active"), field="is_active", default=stored.is_active
            ),
            version=None if version is None else parse_integer(version, field="version"),
            actor=self.principal,
        )
        return Response(_schedule(_get(schedule_id)))


class RecurringRun(ApiView):
    """Running a schedule now."""

    permissions = {"POST": "ledger.journal.post"}  # read only

    @extend_schema(operation_id="recurring_journals_run", request=None, responses=RunAnswer)
    @idempotent("recurring_journals.run")
    def post(self, request: Request, schedule_id: uuid.UUID) -> Response:
        """Make the journals that are due; each due date makes one, however often this is called."""
        body_of(request.data, ())
        made = recurring_run(schedule_id=schedule_id, today=local_today(), actor=self.principal)
        return Response(_schedule(_get(schedule_id)) | {"made": made})


def _get(schedule_id: uuid.UUID) -> RecurringJournal:
    schedule = RecurringJournal.objects.select_related("template").filter(pk=schedule_id).first()
    if schedule is None:
        raise not_found()
    return schedule
