"""What clients may send for documents of any kind, and how a partial change becomes a whole one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from rest_framework.request import Request

from api.inputs import body_of, query_of, refuse_unknown, rows_of
from core.dates import local_today
from core.inputs import clean_text, optional, parse_date, parse_uuid
from documents.models import DocumentHeader, DocumentLine
from documents.services.drafts import draft_discard
from documents.typed_header import parse_integer
from tenancy.principal import Principal

LINE_FIELDS = frozenset(
    {
        "id",
        "item",
        "item_id",
        "item_code",
        "description",
        "description_arabic",
        "quantity",
        "unit",
        "unit_price",
        "discount_percent",
        "vat_rate",
        "tax_rate",
        "tax_category",
        "vat_category",
        "tax_code",
    }
)
HEADER_FIELDS = frozenset(
    {
        "issue_date",
        "due_date",
        "supply_date",
        "currency",
        "exchange_rate",
        "rate_reason",
        "number",
        "reference",
        "notes",
        "notes_arabic",
        "external_id",
        "document_discount",
        "prices_include_tax",
    }
)


def today_of(actor: Principal) -> dt.date:
    """Return today in the company's time zone."""
    return local_today(str(actor.company.get("timezone") or "Asia/Riyadh"))


def document_body(
    data: Any, fields: Collection[str], line_fields: Collection[str]
) -> dict[str, Any]:
    """Return the body of a document with `lines`; refuses unknown fields, in lines too."""
    body = body_of(data, {*fields, "lines", "line_items", "draft"})
    rows_of(body, "lines", line_fields)
    if "line_items" in body:
        rows_of(body, "line_items", line_fields)
        body.setdefault("lines", body.pop("line_items"))
    return body


def with_version(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body with the version of the `If-Match` header where it names none itself."""
    tag = request.headers.get("If-Match", "").strip().strip('"')
    if tag and tag != "*":
        body.setdefault("version", tag)
    return body


def query_version(request: Request) -> dict[str, Any]:
    """Return the version of a deletion, from the query or `If-Match`."""
    return with_version(request, dict(query_of(request.query_params, ("version",), is_list=False)))


def line_body(data: Any, fields: Collection[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a typed line, and apart from it `merge` and `version`."""
    body = body_of(data, {*fields, "merge", "version"})
    rest: dict[str, Any] = {name: body.pop(name) for name in ("merge", "version") if name in body}
    return body, rest


def stored_line(line: DocumentLine) -> dict[str, Any]:
    """Return a stored line as parse_line reads it."""
    return {
        "id": line.pk,
        "item": line.item_id,
        "item_code": line.item_code,
        "description": line.description,
        "description_arabic": line.description_arabic,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "discount_percent": line.discount_percent,
        "vat_rate": line.tax_rate,
        "tax_category": line.tax_category,
        "tax_code": line.tax_code,
    }


def changed_line_body(stored: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored line with a partial change; what depends on a changed field is chosen anew."""
    body = dict(stored)
    if "item" in changes or "item_id" in changes or "item_code" in changes:
        for name in ("item", "item_code", "description", "description_arabic", "unit", "tax_code"):
            body.pop(name, None)
    if "vat_rate" in changes or "tax_rate" in changes:
        for name in ("vat_rate", "tax_category", "tax_code"):
            body.pop(name, None)
    if "tax_category" in changes or "vat_category" in changes:
        body.pop("tax_category", None)
        body.pop("tax_code", None)
    if "tax_code" in changes:
        # the code says category and rate
        body.pop("vat_rate", None)
        body.pop("tax_category", None)
    return {**body, **changes}


def stored_header(document: DocumentHeader) -> dict[str, Any]:
    """Return the header of a stored draft as typed, party and own fields apart."""
    return {
        "issue_date": document.issue_date,
        "due_date": document.due_date,
        "supply_date": document.supply_date,
        "currency": document.currency,
        "exchange_rate": document.exchange_rate,
        "rate_reason": document.rate_reason,
        "number": document.number,
        "reference": document.reference,
        "notes": document.notes,
        "notes_arabic": document.notes_arabic,
        "external_id": document.external_id,
        "document_discount": document.document_discount,
        "prices_include_tax": document.prices_include_tax,
        "version": document.version,
    }


def changed_body(
    stored: dict[str, Any], changes: Mapping[str, Any], *, party: str
) -> dict[str, Any]:
    """Return a stored draft with a partial change. Without a version of its own it holds for the one just read."""
    body = dict(stored)
    if ("currency" in changes or "issue_date" in changes) and "exchange_rate" not in changes:
        body.pop("exchange_rate")
        body.pop("rate_reason")
    if party in changes or "issue_date" in changes:
        body.pop("due_date")
    return {**body, **changes}


def posted_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Read what may change on a posted document, by column; other known fields are passed on to be refused."""
    read: dict[str, Any] = {}
    for name, value in changes.items():
        if name in ("notes", "notes_arabic"):
            read[name] = clean_text(value, field=name, max_length=2000, multiline=True)
        elif name == "reference":
            read[name] = clean_text(value, field=name, max_length=120)
        elif name == "due_date":
            read[name] = parse_date(value, field=name)
        else:
            read[name] = value
    return read


def version_of(body: Mapping[str, Any]) -> int | None:
    """Return the version an edit was made on. Raises DomainError for no number."""
    return parse_integer(body.get("version"), name="version")


def action_body(data: Any, *fields: str) -> dict[str, Any]:
    """Return the body of an action: `version` and what the action takes."""
    body = body_of(data, {"version", *fields})
    refuse_unknown(body, {"version", *fields})
    return body


def forget_draft(body: Mapping[str, Any], actor: Principal) -> None:
    """Discard the auto-saved draft that became this document, in the same transaction (IF-2)."""
    draft_id = optional(parse_uuid, body.get("draft"), field="draft")
    if draft_id is not None:
        draft_discard(draft_id=draft_id, actor=actor, missing_ok=True)
