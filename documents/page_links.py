"""What the page of a posted document leads to: its payment and its credit (documents.pages)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from documents.lifecycle import OPEN, Status
from documents.models import DocumentHeader
from documents.pages import address
from tenancy.principal import Principal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def payment_url(
    document: DocumentHeader, actor: Principal, *, permission: str, **query: object
) -> str:
    """Return the page that settles an open document, filled in by `query`; "" when closed or not allowed."""
    if document.status not in OPEN or not actor.has(permission):
        return ""
    place = address("payments:payment-create")
    return f"{place}?{urlencode(query)}" if place else ""


def credit_actions(
    document: DocumentHeader,
    actor: Principal,
    *,
    permission: str,
    url_name: str,
    label: StrOrPromise,
    icon: str,
) -> list[dict[str, Any]]:
    """Return the step that credits a posted document, for those who may."""
    if document.status in (Status.DRAFT, Status.VOID) or not actor.has(permission):
        return []
    return [{"url": address(url_name, document.pk), "label": label, "icon": icon}]
