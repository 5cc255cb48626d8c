"""Steps of an invoice from its page: post, void, lock, unlock, delete, and what may still change on a posted one.

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

from ar.selectors.editing import salespeople
from ar.services.invoices import (
    invoice_delete,
    invoice_lock,
    invoice_unlock,
    invoice_update_posted,
)
from ar.services.posting import invoice_post, invoice_void
from ar.typed import parse_integer
from ar.views.answers import principal_of
from ar.views.invoices import field_values, load
from core.errors import DomainError
from core.inputs import clean_text, parse_date
from documents.errors import DocumentNotFound
from documents.lifecycle import Status
from documents.typed import Collected
from documents.versions import Conflict
from tenancy.errors import PermissionRefused
from tenancy.permissions import page
from web.htmx import field_errors, go_to, invalid

TEXTS = {"notes": 2000, "notes_arabic": 2000, "reference": 120}


def _step(
    request: HttpRequest, invoice_id: uuid.UUID, work: Callable[[], str], *, after: str = ""
) -> HttpResponse:
    """Do one step; go to the invoice (or `after`) with the text it returns, or with the reason of its refusal."""
    here = reverse("ar:invoice-detail", args=[invoice_id])
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


@require_POST
@page("ar.invoice.post")
def invoice_post_action(request: HttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Post a draft."""

    def work() -> str:
        invoice = invoice_post(
            invoice_id=invoice_id, actor=principal_of(request), version=_version(request)
        )
        return _("Invoice %(number)s posted.") % {"number": invoice.number}

    return _step(request, invoice_id, work)


@require_POST
@page("ar.invoice.void")
def invoice_void_action(request: HttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Void a posted invoice by a credit note over all of it; the reason is printed on the note."""

    def work() -> str:
        reason = clean_text(
            request.POST.get("reason", ""), field="reason", min_length=3, max_length=300
        )
        note = invoice_void(
            invoice_id=invoice_id,
            actor=principal_of(request),
            reason=reason,
            version=_version(request),
        )
        return _("Voided by credit note %(number)s.") % {"number": note.number}

    return _step(request, invoice_id, work)


@require_POST
@page("ar.invoice.lock")
def invoice_lock_action(request: HttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Lock an invoice (RR-3)."""

    def work() -> str:
        invoice_lock(invoice_id=invoice_id, actor=principal_of(request))
        return _("Locked: nobody but an owner changes it now.")

    return _step(request, invoice_id, work)


@require_POST
@page("ar.invoice.unlock")
def invoice_unlock_action(request: HttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Open a locked invoice again (RR-3)."""

    def work() -> str:
        invoice_unlock(invoice_id=invoice_id, actor=principal_of(request))
        return _("Unlocked.")

    return _step(request, invoice_id, work)


@require_POST
@page("ar.invoice.delete")
def invoice_delete_action(request: HttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Delete a draft."""

    def work() -> str:
        invoice_delete(
            invoice_id=invoice_id, actor=principal_of(request), version=_version(request)
        )
        return _("Draft deleted.")

    return _step(request, invoice_id, work, after=reverse("ar:invoice-list"))


def _typed_changes(request: HttpRequest) -> dict[str, Any]:
    """Return the fields of the form that are there, checked; raises ValidationErrors."""
    note = Collected()
    changes: dict[str, Any] = {}
    for name, longest in TEXTS.items():
        if name in request.POST:
            changes[name] = note.take(
                lambda name=name, longest=longest: clean_text(  # type: ignore[misc]
                    request.POST[name],
                    field=name,
                    max_length=longest,
                    multiline=longest > 120,
                ),
                "",
            )
    if "due_date" in request.POST:
        changes["due_date"] = note.take(
            lambda: parse_date(request.POST["due_date"], field="due_date"), None
        )
    if "salesperson" in request.POST:
        changes["salesperson_id"] = note.take(
            lambda: parse_integer(request.POST["salesperson"], name="salesperson"), None
        )
    note.done()
    return changes


@require_POST
@page("ar.invoice.edit")
def invoice_fields(request: HttpRequest, invoice_id: uuid.UUID) -> HttpResponse:
    """Change notes, due date, reference or salesperson of a posted invoice; nothing fiscal ever changes."""
    here = reverse("ar:invoice-detail", args=[invoice_id])
    try:
        changes = _typed_changes(request)
        with transaction.atomic():
            invoice_update_posted(
                invoice_id=invoice_id,
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
        invoice, _lines = load(invoice_id)
        typed = {
            name: request.POST.get(name, value) for name, value in field_values(invoice).items()
        }
        context = {
            "invoice": invoice,
            "values": typed,
            "errors": field_errors(error),
            "salespeople": salespeople(),
            "may_change_salesperson": invoice.status != Status.PAID,
        }
        return invalid(request, "ar/invoice/_fields.html", context)
    messages.success(request, _("Saved."))
    return go_to(request, here)
