"""Drafts as the editor offers them."""

from __future__ import annotations

import uuid

from documents.models import Draft
from tenancy.principal import Principal

NAMED_SHOWN = 20


def draft_autosaved(*, kind: str, document_id: uuid.UUID | None, actor: Principal) -> Draft | None:
    """Return what the user was typing on this document, or on a new one, when the editor was left; else None."""
    return (
        Draft.objects.filter(user_id=actor.user_id, kind=kind, document_id=document_id, name="")
        .order_by("-updated_at")
        .first()
    )


def drafts_named(*, kind: str, actor: Principal) -> list[Draft]:
    """Return the drafts the user keeps by hand, newest first, without their content."""
    drafts = Draft.objects.filter(user_id=actor.user_id, kind=kind).exclude(name="")
    return list(drafts.defer("payload").order_by("-updated_at")[:NAMED_SHOWN])
