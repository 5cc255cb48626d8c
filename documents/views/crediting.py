"""Taking back part or all of a posted document: lines with what is left of them, the credit's sheet beside the typing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from core.dates import local_today
from core.errors import DomainError
from documents.errors import DocumentNotFound
from documents.pages import DocumentPages, Field
from documents.rendering import render_preview_html
from documents.selectors.crediting import CreditableLine
from documents.views.detail import load
from tenancy.errors import PermissionRefused
from tenancy.permissions import View, page, principal_of
from tenancy.principal import Principal
from web.htmx import field_errors, go_to

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class CreditForm:
    """How documents of one kind are credited: `source` is taken back, `target` is what takes it back.

    `rows(document)` lists what is left of each line. `build(document, payload, actor)` returns the unsaved credit and its lines
    for the preview, `create` posts it. The payload is what parse_credit reads.
    """

    source: DocumentPages
    target: DocumentPages
    name: str
    title: StrOrPromise
    fields: tuple[Field, ...]
    rows: Callable[[Any], list[CreditableLine[Any]]]
    build: Callable[[Any, Mapping[str, Any], Principal], tuple[Any, Sequence[Any]]]
    create: Callable[[uuid.UUID, Mapping[str, Any], Principal], Any]
    settles: StrOrPromise = ""


def typed_payload(posted: QueryDict, form: CreditForm) -> dict[str, Any]:
    """Return the form as parse_credit reads it: rows in the order shown, empty ones ask for nothing."""
    lines = [
        {"line": line, "quantity": quantity, "amount": amount}
        for line, quantity, amount in zip(
            posted.getlist("line"),
            posted.getlist("quantity"),
            posted.getlist("amount"),
            strict=False,
        )
    ]
    payload: dict[str, Any] = {one.name: posted.get(one.name, "") for one in form.fields}
    return payload | {
        "lines": lines,
        "whole": "whole" in posted,
        "settle": not form.settles or "settle" in posted,
    }


def _context(
    form: CreditForm,
    document: Any,
    *,
    payload: Mapping[str, Any],
    errors: Mapping[str, list[str]],
) -> dict[str, Any]:
    typed = payload.get("lines") or []
    rows = [
        {
            "row": row,
            "typed": typed[at] if at < len(typed) else {},
            "wrong": [
                message
                for field, found in errors.items()
                if field == f"lines.{at}" or field.startswith(f"lines.{at}.")
                for message in found
            ],
        }
        for at, row in enumerate(form.rows(document))
    ]
    return {
        "form": form,
        "pages": form.source,
        "document": document,
        "party": form.source.party_of(document),
        "rows": rows,
        "values": payload,
        "errors": errors,
        "action": reverse(form.name, args=[document.pk]),
        "preview_url": reverse(f"{form.name}-preview", args=[document.pk]),
    }


def credit_page(form: CreditForm) -> View:
    """Return the page that chooses what is credited."""

    @page(form.target.may("create"))
    def document_credit(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Choose lines with quantities or amounts; posting them makes the credit."""
        document, _lines = load(form.source, document_id)
        payload: dict[str, Any] = {"date": local_today().isoformat(), "settle": True}
        errors: Mapping[str, list[str]] = {}
        if request.method == "POST":
            payload = typed_payload(request.POST, form)
            try:
                with transaction.atomic():
                    credit = form.create(document_id, payload, principal_of(request))
            except (PermissionRefused, DocumentNotFound):
                raise
            except DomainError as error:
                errors = field_errors(error)
            else:
                said = str(form.target.words.posted) % {"number": credit.number}
                messages.success(request, said)
                return go_to(request, reverse(form.target.names["detail"], args=[credit.pk]))
        context = _context(form, document, payload=payload, errors=errors)
        return render(request, "documents/credit.html", context, status=422 if errors else 200)

    return document_credit


def credit_preview(form: CreditForm) -> View:
    """Return the sheet of the credit as typed."""

    @require_POST
    @page(form.target.may("create"))
    def document_credit_preview(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Return the credit's sheet and totals for what is typed, or what is wrong with it."""
        payload = typed_payload(request.POST, form)
        payload["reason"] = payload.get("reason") or "…"
        principal = principal_of(request)
        context: dict[str, Any] = {"credit": None, "wrong": []}
        try:
            document, _lines = load(form.source, document_id)
            credit, lines = form.build(document, payload, principal)
        except DomainError as error:
            context["wrong"] = [one for found in field_errors(error).values() for one in found]
        else:
            printed = form.target.print(credit, lines, principal.company)
            context |= {
                "credit": credit,
                # rendered by our own templates, every value escaped there
                "sheet": mark_safe(render_preview_html(printed)),  # noqa: S308
            }
        return render(request, "documents/_credit_preview.html", context)

    return document_credit_preview


def credit_urls(form: CreditForm, folder: str) -> list[URLPattern]:
    """Return the addresses of crediting one document under `folder`."""
    name = form.name.partition(":")[2]
    return [
        path(f"{folder}<uuid:document_id>/credit/", credit_page(form), name=name),
        path(
            f"{folder}<uuid:document_id>/credit/preview/",
            credit_preview(form),
            name=f"{name}-preview",
        ),
    ]
