"""Steps of a document from its page: post, void, lock, unlock, delete, and what may still change on a posted one.

Each is a plain POST that ends on the document page; a refusal shows its reason there.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.inputs import clean_text, parse_date
from documents.errors import DocumentNotFound
from documents.pages import DocumentPages, Field
from documents.typed import Collected
from documents.typed_header import parse_integer
from documents.versions import Conflict
from documents.views.detail import fields_context, load
from tenancy.context import by_key
from tenancy.errors import PermissionRefused
from tenancy.permissions import View, page, principal_of
from web.htmx import field_errors, go_to, invalid


def _step(
    request: HttpRequest, here: str, work: Callable[[], str], *, after: str = ""
) -> HttpResponse:
    """Do one step; go to the document (or `after`) with the text it returns, or with the reason of its refusal."""
    try:
        with transaction.atomic():
            said = work()
    except (PermissionRefused, DocumentNotFound):
        raise
    except DomainError as error:
        messages.error(request, error.message)
        return go_to(request, here)
    messages.success(request, said)
    return go_to(request, after or here)


def _version(request: HttpRequest) -> int | None:
    return parse_integer(request.POST.get("version"), name="version")


def post_action(pages: DocumentPages, step: Callable[..., Any]) -> View:
    """Return the step that posts a draft."""

    @require_POST
    @page(pages.may("post"))
    def document_post(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Post a draft."""

        def work() -> str:
            document = step(document_id, actor=principal_of(request), version=_version(request))
            return str(pages.words.posted) % {"number": document.number}

        return _step(request, reverse(pages.names["detail"], args=[document_id]), work)

    return by_key(document_post)


def void_action(pages: DocumentPages, step: Callable[..., Any]) -> View:
    """Return the step that voids a posted document by another one."""

    @require_POST
    @page(pages.may("void"))
    def document_void(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Void a posted document; the reason is printed on the one that voids it."""

        def work() -> str:
            reason = clean_text(
                request.POST.get("reason", ""), field="reason", min_length=3, max_length=300
            )
            note = step(
                document_id, actor=principal_of(request), reason=reason, version=_version(request)
            )
            return str(pages.words.voided) % {"number": note.number}

        return _step(request, reverse(pages.names["detail"], args=[document_id]), work)

    return document_void


def lock_action(pages: DocumentPages, step: Callable[..., Any]) -> View:
    """Return the step that locks (RR-3)."""

    @require_POST
    @page(pages.may("lock"))
    def document_lock(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Lock a document."""

        def work() -> str:
            step(document_id, actor=principal_of(request))
            return _("Locked: nobody but an owner changes it now.")

        return _step(request, reverse(pages.names["detail"], args=[document_id]), work)

    return document_lock


def unlock_action(pages: DocumentPages, step: Callable[..., Any]) -> View:
    """Return the step that opens a locked document again (RR-3)."""

    @require_POST
    @page(pages.may("unlock"))
    def document_unlock(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Open a locked document."""

        def work() -> str:
            step(document_id, actor=principal_of(request))
            return _("Unlocked.")

        return _step(request, reverse(pages.names["detail"], args=[document_id]), work)

    return document_unlock


def delete_action(pages: DocumentPages, step: Callable[..., Any]) -> View:
    """Return the step that deletes a draft."""

    @require_POST
    @page(pages.may("delete"))
    def document_delete(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Delete a draft."""

        def work() -> str:
            step(document_id, actor=principal_of(request), version=_version(request))
            return _("Draft deleted.")

        here = reverse(pages.names["detail"], args=[document_id])
        return _step(request, here, work, after=reverse(pages.names["list"]))

    return document_delete


def _read(request: HttpRequest, one: Field) -> Any:
    value = request.POST[one.name]
    if one.kind == "date":
        return parse_date(value, field=one.name)
    if one.kind == "select":
        return parse_integer(value, name=one.name)
    return clean_text(
        value, field=one.name, max_length=one.maximum or 120, multiline=one.kind == "long"
    )


def _typed_changes(request: HttpRequest, pages: DocumentPages) -> dict[str, Any]:
    """Return the fields of the form that are there, checked; raises ValidationErrors."""
    note = Collected()
    changes: dict[str, Any] = {}
    for one in pages.posted_fields:
        if one.name in request.POST:
            name = f"{one.name}_id" if one.kind == "select" else one.name
            changes[name] = note.take(lambda one=one: _read(request, one), None)  # type: ignore[misc]
    note.done()
    return changes


def fields_action(pages: DocumentPages, step: Callable[..., Any]) -> View:
    """Return the step that changes what may still change on a posted document."""

    @require_POST
    @page(pages.may("edit"))
    def document_fields(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
        """Change notes, due date or reference of a posted document; nothing fiscal ever changes."""
        here = reverse(pages.names["detail"], args=[document_id])
        try:
            changes = _typed_changes(request, pages)
            with transaction.atomic():
                step(
                    document_id,
                    changes=changes,
                    version=_version(request),
                    actor=principal_of(request),
                )
        except (PermissionRefused, DocumentNotFound):
            raise
        except Conflict as error:
            messages.warning(request, error.message)
            return go_to(request, here)
        except DomainError as error:
            document, _lines = load(pages, document_id)
            context = fields_context(pages, document, principal_of(request))
            context["values"] = {
                name: request.POST.get(name, value) for name, value in context["values"].items()
            }
            context["errors"] = field_errors(error)
            return invalid(request, "documents/_fields.html", context)
        messages.success(request, _("Saved."))
        return go_to(request, here)

    return document_fields
