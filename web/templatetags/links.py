"""Links only to what the reader may open.

`{% page_of entry.source_kind entry.source_id as url %}`: the page of a record of any kind, or "".
`{% page_open "ledger:manual-new" as url %}`: a page without arguments, or "".
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import template

from web import links

register = template.Library()


def _permissions(context: dict[str, Any]) -> Collection[str]:
    principal = context.get("principal")
    return principal.permissions if principal else ()


@register.simple_tag(takes_context=True)
def page_of(context: dict[str, Any], kind: str, key: object) -> str:
    """Return the address of a record's page when the reader may open it."""
    return links.record_open_to(kind, key, _permissions(context))


@register.simple_tag(takes_context=True)
def page_open(context: dict[str, Any], url_name: str) -> str:
    """Return the address of a page when the reader may open it."""
    return links.page_open_to(url_name, _permissions(context))
