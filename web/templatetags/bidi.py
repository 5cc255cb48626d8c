"""Mixed directions: isolate names, numbers and codes so that they cannot turn the text around them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

_RIGHT_TO_LEFT = (
    (0x0590, 0x08FF),
    (0xFB1D, 0xFDFF),
    (0xFE70, 0xFEFC),
)


@register.filter
def isolate(value: Any) -> SafeString:
    """Return the text in <bdi>: for names that may be in either language."""
    return format_html("<bdi>{}</bdi>", "" if value is None else value)


@register.filter
def code(value: Any) -> SafeString:
    """Return a number or code (INV-2026-00042, 3101...) that always reads left to right."""
    return format_html('<bdi class="code" dir="ltr">{}</bdi>', "" if value is None else value)


@register.filter
def direction_of(text: str) -> str:
    """Return "rtl" or "ltr" by the first letter that has a direction; "auto" when none has."""
    for character in text:
        point = ord(character)
        if any(first <= point <= last for first, last in _RIGHT_TO_LEFT):
            return "rtl"
        if character.isalpha():
            return "ltr"
    return "auto"


@register.simple_tag
def name_of(thing: Any) -> SafeString:
    """Return the name in the active language, isolated; the other language's when that one is empty.

    For everything with `name` and `name_arabic`.
    """
    latin, arabic = getattr(thing, "name", ""), getattr(thing, "name_arabic", "")
    wanted = (get_language() or "").startswith("ar")
    return isolate((arabic or latin) if wanted else (latin or arabic))
