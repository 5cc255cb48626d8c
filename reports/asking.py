"""From an address to a report's table, for page, API and export alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404

from core.errors import DomainError, ValidationErrors
from reports.filters import Filter, read_values, setting_of
from reports.registry import BY_KEY
from reports.report import PAGE_ROWS, Ask, Report
from tenancy.permissions import require
from tenancy.principal import Principal
from web.tables import ReportTable


def report_for(key: str, principal: Principal) -> Report:
    """Return a report the person may see. Raises Http404, PermissionRefused."""
    report = BY_KEY.get(key)
    if report is None:
        raise Http404
    require(principal, report.permission)
    return report


def ask_of(
    report: Report,
    query: Mapping[str, str],
    company: Mapping[str, Any],
    *,
    limit: int | None = PAGE_ROWS,
) -> tuple[Ask, list[DomainError]]:
    """Return what is asked, with what was wrong in it."""
    setting = setting_of(company)
    values, errors = read_values(report.filters, query, setting)
    after = query.get("after", "")[:200].replace("\0", "")
    return Ask(values, setting, after=after, limit=limit), errors


def built(
    report: Report,
    query: Mapping[str, str],
    company: Mapping[str, Any],
    *,
    limit: int | None = PAGE_ROWS,
) -> tuple[Ask, ReportTable]:
    """Return the table, or raise ValidationErrors naming every wrong filter."""
    ask, errors = ask_of(report, query, company, limit=limit)
    if errors:
        raise ValidationErrors(errors)
    return ask, report.build(ask)


def query_of_values(report: Report, values: Mapping[str, Any], /, **replaced: str) -> str:
    """Return the address part that asks the same again; empty filters are left out."""
    parts = {}
    for one in report.filters:
        value = values.get(one.key)
        if value not in (None, "", False):
            parts[one.key] = one.write(value)
    return urlencode({**parts, **{key: text for key, text in replaced.items() if text}})


def _said(one: Filter, values: Mapping[str, Any]) -> str:
    value = values.get(one.key)
    if value in (None, "", False):
        return ""
    shown = one.shown(value)
    return shown if one.kind == "flag" else f"{one.label}: {shown}"


def heading_of(report: Report, table: ReportTable, ask: Ask, company_name: str) -> list[str]:
    """Return the lines above a printed or exported report: title, company, what was asked."""
    said = [text for one in report.filters if (text := _said(one, ask.values))]
    return [str(table.title), company_name, str(table.subtitle), " · ".join(said)]
