"""Rendered PDFs kept by content: rendered once, read many times (IF-8)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from core.ids import uuid7
from documents.models import RenderedPdf
from documents.printing import PrintDocument
from tenancy.context import current_company_id

#: Larger files lie in file storage instead of the database.
LARGEST_IN_DATABASE = 5 * 1024 * 1024
#: Raise it when templates or styles change, so that kept files are rendered again.
LAYOUT = "1"


def pdf_fingerprint(printed: PrintDocument) -> str:
    """Return one text for everything the sheet shows."""
    return hashlib.sha256(f"{LAYOUT}\n{printed!r}".encode("utf-8", "surrogatepass")).hexdigest()


def _read(kept: RenderedPdf) -> bytes | None:
    if kept.content is not None:
        return bytes(kept.content)
    try:
        with default_storage.open(kept.storage_name) as file:
            content: bytes = file.read()
            return content
    except FileNotFoundError:
        return None


def pdf_kept(
    *, kind: str, document_id: uuid.UUID, fingerprint: str, render: Callable[[], bytes]
) -> bytes:
    """Return the file kept for this content, or render and keep it. Call inside a transaction."""
    kept = RenderedPdf.objects.filter(
        kind=kind, document_id=document_id, content_hash=fingerprint
    ).first()
    found = _read(kept) if kept is not None else None
    if found is not None:
        return found
    content = render()
    storage_name = ""
    if len(content) > LARGEST_IN_DATABASE:
        name = f"pdf/{current_company_id()}/{document_id}-{fingerprint[:16]}.pdf"
        storage_name = default_storage.save(name, ContentFile(content))
    RenderedPdf.objects.bulk_create(
        [
            RenderedPdf(
                id=uuid7(),
                kind=kind,
                document_id=document_id,
                content_hash=fingerprint,
                size=len(content),
                content=None if storage_name else content,
                storage_name=storage_name,
                created_at=timezone.now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["company", "kind", "document_id"],
        update_fields=["content_hash", "size", "content", "storage_name"],
    )
    return content
