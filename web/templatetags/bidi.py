"""Mixed directions: isolate names, numbers and codes so that they cannot turn the text around them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from web.formats import format_name

register = template.Library()


@register.filter
def isolate(value: Any) -> SafeString:
    """Return the text in <bdi>: for names that may be in either language."""
    return format_html("<bdi>{}</bdi>", "" if value is None else value)


@register.filter
def code(value: Any) -> SafeString:
    """Return a number or code (INV-2026-00042, 3101...) that always reads left to right."""
    return format_html('<bdi class="code" dir="ltr">{}</bdi>', "" if value is None else value)


@register.simple_tag
def name_of(thing: Any) -> SafeString:
    """Return the name in the active language, isolated; the other language's when that one is empty.

    For everything with `name` and `name_arabic`.
    """
    return isolate(format_name(thing, get_language()))
