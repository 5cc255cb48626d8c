"""Lists of documents: parameters, one page, and the PDF and history every kind answers with."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.cursors import continued, cursor_read
from api.errors import not_found
from api.inputs import ordering_of, parse_choice, query_of
from api.pagination import page_of, paged, size_of
from audit.api.shapes import entry_shapes
from audit.selectors.history import entity_history
from core.inputs import parse_date, parse_uuid
from documents.api.inputs import today_of
from documents.printing import Language
from documents.registry import DocumentType
from documents.selectors.paging import (
    CURSOR_ORDERINGS,
    NEWEST,
    ORDERINGS,
    STATUSES,
    DocumentQuery,
    Listing,
    page_and_count,
    page_behind,
)
from tenancy.principal import Principal

PDF_LANGUAGES: tuple[Language, ...] = ("both", "en", "ar")


def filters(party: str) -> tuple[str, ...]:
    """Return the names of the filters of a list."""
    return ("status", party, "number", "date_from", "date_to")


def list_parameters(party: str) -> list[OpenApiParameter]:
    """Return the parameters of a list for the OpenAPI description."""
    return [
        OpenApiParameter("status", enum=sorted(STATUSES)),
        OpenApiParameter(party, OpenApiTypes.UUID),
        OpenApiParameter("number", str, description="The exact number."),
        OpenApiParameter("date_from", OpenApiTypes.DATE),
        OpenApiParameter("date_to", OpenApiTypes.DATE),
        OpenApiParameter(
            "search",
            str,
            description=f"Part of a number, or of a {party}'s name, code or VAT number.",
        ),
        OpenApiParameter("ordering", enum=list(ORDERINGS)),
        OpenApiParameter("page", int),
        OpenApiParameter("page_size", int, description="20 by default, 100 at most."),
    ]


def read_query(query: dict[str, str], actor: Principal, party: str) -> DocumentQuery:
    """Read the filters of a list. Raises DomainError at the parameter."""
    state, chosen = query.get("status", ""), query.get(party)
    dates = {
        name: parse_date(query[name], field=name) if name in query else None
        for name in ("date_from", "date_to")
    }
    return DocumentQuery(
        status=parse_choice(state, STATUSES, field="status") if state else "",
        party_id=parse_uuid(chosen, field=party) if chosen else None,
        number=query.get("number", ""),
        search=query.get("search", "") or query.get("q", ""),
        today=today_of(actor),
        **dates,
    )


def list_answer(
    request: Request,
    listing: Listing,
    actor: Principal,
    *,
    row: Callable[[Any], dict[str, Any]],
    more: tuple[str, ...] = (),
) -> Response:
    """Return one page of the documents that match the query, or what follows its cursor."""
    query = query_of(request.query_params, (*filters(listing.party), *more))
    wanted = read_query(query, actor, listing.party)
    if "cursor" in query:
        return _continued(request, query, listing, wanted, row)
    order = ordering_of(query, ORDERINGS, NEWEST)
    page = page_of(query)
    found, count = page_and_count(listing, wanted, start=page.start, stop=page.stop, order=order)
    return paged(request, page, count, [row(one) for one in found])


def _continued(
    request: Request,
    query: dict[str, str],
    listing: Listing,
    wanted: DocumentQuery,
    row: Callable[[Any], dict[str, Any]],
) -> Response:
    order = ordering_of(query, CURSOR_ORDERINGS, NEWEST)
    names = [name.removeprefix("-") for name in order]
    size = size_of(query)
    after = [
        parse_date(value, field="cursor")
        if name == "issue_date"
        else parse_uuid(value, field="cursor")
        for name, value in zip(names, cursor_read(query["cursor"], len(names)), strict=False)
    ]
    found = page_behind(listing, wanted, after=after, size=size, order=order)
    last = None
    if len(found) > size:
        last = [getattr(found[size - 1], "pk" if name == "id" else name) for name in names]
    return continued(request, [row(one) for one in found[:size]], last)


def history_answer(
    request: Request, kind: DocumentType[Any, Any], document_id: uuid.UUID
) -> Response:
    """Return the audit entries of a document, newest first, in words and as stored."""
    query = query_of(request.query_params, ())
    if not kind.header.objects.filter(pk=document_id).exists():
        raise not_found()
    page = page_of(query)
    rows = entity_history(kind.kind, str(document_id))
    count = rows.count()
    return paged(request, page, count, entry_shapes(rows[page.start : page.stop]))


def language_of(request: Request) -> Language:
    """Return the language a PDF is asked for in."""
    query = query_of(request.query_params, ("language",), is_list=False)
    chosen = parse_choice(query.get("language", "both"), PDF_LANGUAGES, field="language")
    return next(one for one in PDF_LANGUAGES if one == chosen)


def pdf_answer(name: str, content: bytes) -> HttpResponse:
    """Return a PDF to be shown or saved."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return response
