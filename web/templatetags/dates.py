"""Dates and moments on pages: `{{ invoice.issue_date|day }}`, `{{ entry.at|moment }}`."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from web.formats import format_date

register = template.Library()


@register.filter
def day(value: date | None) -> SafeString | str:
    """Return "5 Jan 2026" as a <time>; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return format_html(
        '<time datetime="{}" class="nowrap">{}</time>',
        value.isoformat(),
        format_date(value, get_language() or "en"),
    )


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Return "5 Jan 2026, 14:02" in the current time zone as a <time>; the title has the seconds and the zone."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    text = (
        f"{format_date(local.date(), get_language() or 'en')}\N{ARABIC COMMA}"
        if (get_language() or "").startswith("ar")
        else f"{format_date(local.date(), 'en')},"
    )
    return format_html(
        '<time datetime="{}" title="{}" class="nowrap">{} {}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M:%S %Z"),
        text,
        local.strftime("%H:%M"),
    )


@register.filter
def clock(value: datetime | None) -> str:
    """Return only hours, minutes and seconds in the current time zone."""
    return "" if value is None else timezone.localtime(value).strftime("%H:%M:%S")
