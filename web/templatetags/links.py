"""`{% page_of entry.source_kind entry.source_id as url %}`: the page of a record of any kind."""

from __future__ import annotations

from django import template

from web import links

register = template.Library()
register.simple_tag(links.page_of, name="page_of")
