"""The hub, the page of any report, and its files."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from audit.services.events import audit_event
from core.errors import ValidationErrors
from reports import registry
from reports.asking import ask_of, built, heading_of, query_of_values, report_for
from reports.filters import Filter, presets
from reports.renderers import delimited, paper, workbook
from reports.renderers.drawing import draw_rows
from reports.report import Ask, Report
from tenancy.permissions import page, principal_of, require
from web.htmx import HtmxHttpRequest, field_errors
from web.tables import ReportTable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

EXPORT = "reports.export.create"
#: Every report has its own permission besides; this one opens the door.
VIEW = "reports.dashboard.view"
FORMATS = {"csv": "file", "xlsx": "columns", "pdf": "pdf"}


@dataclass(frozen=True, slots=True)
class FormField:
    """A filter as its form shows it."""

    key: str
    label: StrOrPromise
    kind: str
    text: str
    choices: Any
    needed: bool
    errors: list[str]


@dataclass(frozen=True, slots=True)
class ExportLink:
    """A way to take the report away: file type, address, and whether a worker writes it."""

    label: str
    icon: str
    url: str
    job: bool


@dataclass(frozen=True, slots=True)
class PresetLink:
    """A period that is one click away."""

    label: StrOrPromise
    query: str


@require_GET
@page("reports.books.view")
def hub(request: HtmxHttpRequest) -> HttpResponse:
    """All reports this person may see."""
    principal = principal_of(request)
    return render(
        request,
        "reports/hub.html",
        {
            "groups": registry.visible(principal.permissions),
            "can_export": principal.has(EXPORT),
        },
    )


def _field(one: Filter, ask: Ask, typed: str | None, errors: Mapping[str, list[str]]) -> FormField:
    value = ask.values.get(one.key)
    text = "" if value is None else one.write(value)
    wrong = errors.get(one.key, [])
    if wrong and typed:
        text = typed[:200]
    return FormField(one.key, one.label, one.kind, text, one.choices(), one.needed, wrong)


def _presets(report: Report, ask: Ask) -> list[PresetLink]:
    keys = {one.key for one in report.filters}
    if not {"from", "to"} <= keys:
        return []
    return [
        PresetLink(
            one.label, query_of_values(report, {**ask.values, "from": one.first, "to": one.last})
        )
        for one in presets(ask.setting)
    ]


def _exports(report: Report, ask: Ask) -> list[ExportLink]:
    if report.is_long:
        query = query_of_values(report, ask.values, report=report.key)
        url = f"{reverse('reports:export-new')}?{query}"
        return [ExportLink(_("Export"), "download", url, job=True)]
    query = query_of_values(report, ask.values)
    return [
        ExportLink(
            name.upper(), icon, f"{reverse('reports:file', args=[report.key, name])}?{query}", False
        )
        for name, icon in FORMATS.items()
    ]


def page_of_report(report: Report) -> Callable[..., HttpResponse]:
    """Return the page of one report, which asks the report's own permission."""

    @require_GET
    @page(report.permission)
    def view(request: HtmxHttpRequest) -> HttpResponse:
        return _page(request, report)

    return view


@require_GET
@page(VIEW)
def report_page(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """The page of the report that the address names."""
    return _page(request, report_for(key, principal_of(request)))


def _page(request: HtmxHttpRequest, report: Report) -> HttpResponse:
    """One report with the filters of the address; a wrong filter is named at its field (422)."""
    principal = principal_of(request)
    query = request.GET.dict()
    ask, errors = ask_of(report, query, principal.company)
    # a report of one record shows its form first; only what was typed can be wrong
    fresh = not any(one.key in query for one in report.filters if one.needed)
    shown = [error for error in errors if error.code != "required"] if fresh else errors
    table = None if errors else report.build(ask)
    messages = field_errors(ValidationErrors(shown)) if shown else {}
    context = {
        "report": report,
        "fields": [_field(one, ask, query.get(one.key), messages) for one in report.filters],
        "presets": _presets(report, ask),
        "exports": _exports(report, ask),
        "can_export": principal.has(EXPORT),
        "banner": [text for field, texts in messages.items() if not field for text in texts],
        "table": table,
    }
    if table is not None:
        rows = list(table.rows)
        shown_rows = [*rows, *table.totals] if rows else []
        context |= {
            "rows": list(draw_rows(table, shown_rows)),
            "subtitle": table.subtitle,
            "next_url": f"?{query_of_values(report, ask.values, after=table.after)}"
            if table.after
            else "",
            "first_url": f"?{query_of_values(report, ask.values)}" if ask.after else "",
        }
    return render(request, "reports/report.html", context, status=422 if shown else 200)


@require_GET
@page(VIEW)
def report_file(request: HtmxHttpRequest, key: str, form: str) -> HttpResponse:
    """The report as a file (`form`: csv, xlsx or pdf); `mark=0` leaves out the byte order mark of a CSV."""
    principal = principal_of(request)
    report = report_for(key, principal)
    require(principal, EXPORT)
    if form not in FORMATS:
        raise Http404
    query = request.GET.dict()
    ask, table = built(report, query, principal.company, limit=None)
    if form == "pdf":
        table = replace(table, rows=list(table.rows))
        if len(table.rows) > paper.MOST_AT_ONCE:  # type: ignore[arg-type]  # made a list right above
            wanted = query_of_values(report, ask.values, report=report.key)
            return HttpResponseRedirect(f"{reverse('reports:export-new')}?{wanted}")
    heading = heading_of(report, table, ask, principal.company_name)
    content, content_type = file_content(
        table,
        form,
        heading=heading,
        company=principal.company,
        who=principal.full_name,
        with_mark=query.get("mark") != "0",
    )
    audit_event(
        "PRINT" if form == "pdf" else "EXPORT",
        "reports.report",
        report.key,
        {"format": form, "filters": query},
    )
    answer = HttpResponse(content, content_type=content_type)
    name = f"{report.key}-{ask.values.get('to') or ask.values.get('as_of') or ask.today}.{form}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def file_content(
    table: ReportTable,
    form: str,
    *,
    heading: list[str],
    company: Mapping[str, Any],
    who: str,
    with_mark: bool = True,
) -> tuple[bytes, str]:
    """Return a short report as a file, with its content type."""
    if form == "csv":
        return b"".join(delimited.csv_chunks(table, with_mark=with_mark)), delimited.CONTENT_TYPE
    if form == "xlsx":
        buffer = io.BytesIO()
        workbook.write_workbook(table, buffer, heading=heading)
        return buffer.getvalue(), workbook.CONTENT_TYPE
    content = paper.pdf_bytes(table, company=company, heading=heading, who=who)
    return content, paper.CONTENT_TYPE
