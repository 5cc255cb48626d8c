"""Any kind of document as PDF/A-3 (IF-3, IF-6)."""

from __future__ import annotations

from core.timing import phase
from documents.lifecycle import Status
from documents.models import DocumentHeader
from documents.printing import PrintDocument
from documents.rendering import render_pdf
from documents.services.pdfs import pdf_fingerprint, pdf_kept


def sheet_pdf(document: DocumentHeader, printed: PrintDocument, *, kind: str) -> tuple[str, bytes]:
    """Return (file name, PDF) of a document that the actor may see; a draft says so on the sheet."""

    def render() -> bytes:
        with phase("pdf"):
            return render_pdf(printed)

    name = f"draft-{kind.partition('.')[2].replace('_', '-')}"
    if document.status == Status.DRAFT:
        # a draft changes with every key stroke: nothing to keep
        return f"{name}.pdf", render()
    content = pdf_kept(
        kind=f"{kind}.{printed.language}",
        document_id=document.pk,
        fingerprint=pdf_fingerprint(printed),
        render=render,
    )
    return f"{document.number or name}.pdf", content
