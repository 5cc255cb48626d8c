"""Small pieces of the design system: `{% icon "plus" %}`, `{% status invoice.status %}`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()

#: Icons that point somewhere turn around in Arabic; clocks and checks do not.
MIRRORED = frozenset(
    {
        "arrow-next",
        "arrow-previous",
        "chevron-next",
        "chevron-previous",
        "send",
        "undo",
        "credit-note",
        "supplier-credit",
        "suppliers",
        "sign-out",
        "enter",
        "external",
    }
)

#: status -> (word, icon). Overdue and locked are derived, but shown the same way.
STATUSES = {
    "draft": (_("Draft"), "draft"),
    "posted": (_("Posted"), "posted"),
    "open": (_("Open"), "posted"),
    "partially_paid": (_("Partially paid"), "partial"),
    "paid": (_("Paid"), "paid"),
    "overdue": (_("Overdue"), "clock"),
    "void": (_("Void"), "void"),
    "locked": (_("Locked"), "lock"),
}


@lru_cache(maxsize=1024)
def _icon(name: str, size: str, label: str) -> SafeString:
    css = (
        "icon" + (f" icon--{size}" if size else "") + (" icon--mirror" if name in MIRRORED else "")
    )
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


@lru_cache(maxsize=256)
def _status(value: str, symbol: str, word: str) -> SafeString:
    return format_html(
        '<span class="status status--{}">{}<span>{}</span></span>',
        value,
        _icon(symbol, "small", ""),
        word,
    )


@register.simple_tag
def icon(name: str, *, size: str = "", label: str = "") -> SafeString:
    """Return an icon of static/icons.svg; `size` small or large. Without `label` it is decoration for the eye."""
    return _icon(name, size, str(label))


@register.simple_tag
def status(value: str, *, label: str = "") -> SafeString:
    """Return a state as icon and word; never by colour alone. `label` replaces the word."""
    word, symbol = STATUSES.get(value, (value, "posted"))
    return _status(value, symbol, str(label or word))


@register.simple_tag
def status_word(value: str) -> str:
    """Return only the word of a state, for tabs and sentences."""
    return str(STATUSES.get(value, (value, ""))[0])


@register.inclusion_tag("components/_status_ribbon.html")
def status_ribbon(value: str, *, overdue: bool = False, locked: bool = False) -> dict[str, Any]:
    """Draw draft, posted, partially paid, paid with the present one marked; void and overdue stand beside it."""
    order = ["draft", "posted", "partially_paid", "paid"]
    place = order.index(value) if value in order else -1
    steps = [
        {
            "word": STATUSES[name][0],
            "icon": STATUSES[name][1],
            "done": index < place,
            "now": index == place,
        }
        for index, name in enumerate(order)
        if name != "partially_paid" or value == "partially_paid"
    ]
    return {"steps": steps, "void": value == "void", "overdue": overdue, "locked": locked}


@register.filter
def is_checkbox(field: Any) -> bool:
    """Return whether the bound field is one check box."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not hasattr(
        field.field.widget, "choices"
    )


@register.filter
def message_for(errors: Any, field: str) -> list[str]:
    """Return the messages at a field, of what web.htmx.field_errors returned; none for no errors."""
    return list(errors.get(field, ())) if errors else []


@register.filter
def item(mapping: Any, key: str) -> Any:
    """Return the value at a key, for tables that are described as data; "" where there is none."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def get(thing: Any, name: str) -> Any:
    """Return an attribute by name, for tables that are described as data; "" where there is none."""
    return getattr(thing, name, "")
