"""Every report of the registry as JSON: `GET reports/<key>` -> what was asked, columns, rows."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import query_of
from api.shapes import day
from api.views import ApiView
from core.errors import ValidationErrors
from reports import registry
from reports.asking import ask_of
from reports.filters import Filter
from reports.renderers.cells import row_for_program
from reports.report import Ask, Report
from web.tables import ReportTable


class ReportColumn(drf.Serializer[Any]):
    """A column of a report."""

    key = drf.CharField()
    label = drf.CharField()  # type: ignore[assignment]  # a field of that name, not the label of this one
    kind = drf.CharField()


class ReportShape(drf.Serializer[Any]):
    """A report. Besides, each filter that was asked is a field, and each row has the keys of `columns`."""

    report = drf.CharField()
    title = drf.CharField()
    currency = drf.CharField()
    columns = ReportColumn(many=True)
    rows = drf.ListField(child=drf.DictField())
    totals = drf.ListField(child=drf.DictField())
    remarks = drf.ListField(child=drf.CharField())
    after = drf.CharField(
        required=False,
        help_text="Send it as `after` to get the next rows; absent on the last page.",
    )


class ReportEntry(drf.Serializer[Any]):
    """A report this person may read."""

    key = drf.CharField()
    title = drf.CharField()
    group = drf.CharField()
    description = drf.CharField()
    filters = drf.ListField(child=drf.CharField())


class ReportEntries(drf.Serializer[Any]):
    """All of them."""

    rows = ReportEntry(many=True)


class ReportList(ApiView):
    """The reports there are."""

    permissions = {"GET": "reports.dashboard.view"}  # read only

    @extend_schema(operation_id="reports_list", responses=ReportEntries)
    def get(self, request: Request) -> Response:
        """List the reports this person may read, with the filters each takes."""
        query_of(request.query_params, (), is_list=False)
        rows = [
            {
                "key": report.key,
                "title": str(report.title),
                "group": report.group,
                "description": str(report.text),
                "filters": [one.key for one in report.filters],
            }
            for group in registry.visible(self.principal.permissions)
            for report in group.reports
        ]
        return Response({"rows": rows})


def _asked(one: Filter, ask: Ask) -> Any:
    value = ask.values.get(one.key)
    if value is None or isinstance(value, (bool, str)):
        return value
    if one.kind == "day":
        return day(value)
    return str(value.pk) if one.kind == "record" else one.write(value)


def answer_of(report: Report, ask: Ask, table: ReportTable) -> dict[str, Any]:
    """Return a report as the API sends it."""
    made: dict[str, Any] = {"report": report.key, "title": str(table.title)}
    made |= {one.key: _asked(one, ask) for one in report.filters}
    made |= {
        "currency": table.currency,
        "columns": [
            {"key": one.key, "label": str(one.label), "kind": one.kind} for one in table.columns
        ],
        "rows": [row_for_program(table, row) for row in table.rows],
        "totals": [row_for_program(table, row) for row in table.totals],
        "remarks": [str(one.text) for one in table.remarks],
    }
    if table.after:
        made["after"] = table.after
    return made | dict(table.facts)


def _parameter(one: Filter) -> OpenApiParameter:
    kind: Any = {"day": OpenApiTypes.DATE, "flag": OpenApiTypes.BOOL}.get(
        one.kind, OpenApiTypes.STR
    )
    described = "Its id or its code." if one.kind == "record" else str(one.label)
    return OpenApiParameter(
        one.key,
        kind,
        required=one.needed,
        enum=list(one.fixed) or None,
        description=described,
    )


def api_view(report: Report) -> type[ApiView]:
    """Return the endpoint of a report."""
    names = [one.key for one in report.filters] + (["after"] if report.is_long else [])
    cursor = [OpenApiParameter("after", str, description="Where the next rows begin.")]

    @extend_schema(
        operation_id=f"reports_{report.key.replace('-', '_')}",
        summary=str(report.text),
        parameters=[
            *(_parameter(one) for one in report.filters),
            *(cursor if report.is_long else ()),
        ],
        responses=ReportShape,
    )
    def get(self: ApiView, request: Request) -> Response:
        query = query_of(request.query_params, names, is_list=False)
        ask, errors = ask_of(report, query, self.principal.company, limit=report_limit(report))
        if errors:
            raise ValidationErrors(errors)
        return Response(answer_of(report, ask, report.build(ask)))

    return type(
        f"Report{report.key.title().replace('-', '')}",
        (ApiView,),
        {
            "__doc__": str(report.text),
            "permissions": {"GET": report.permission},
            "get": get,
        },
    )


def report_limit(report: Report) -> int | None:
    """Return how many rows an answer has at most; None: all of them."""
    return 500 if report.is_long else None
