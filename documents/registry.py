"""All document types of the product: adding one is adding data (docs/adding-a-document.md)."""

from __future__ import annotations

from dataclasses import dataclass

from documents.lifecycle import Lifecycle
from documents.models import DocumentHeader, DocumentLine


@dataclass(frozen=True, slots=True)
class DocumentType:
    """What distinguishes one kind of document from another."""

    kind: str
    header: type[DocumentHeader]
    line: type[DocumentLine]
    prefix: str
    title_english: str
    title_arabic: str
    lifecycle: Lifecycle


_TYPES: dict[str, DocumentType] = {}


def register(document_type: DocumentType) -> DocumentType:
    """Add a document type; its app registers it once, when Django starts."""
    if document_type.kind in _TYPES and _TYPES[document_type.kind] != document_type:
        raise ValueError(f"{document_type.kind} is registered twice")
    _TYPES[document_type.kind] = document_type
    return document_type


def all_types() -> list[DocumentType]:
    """Return every registered type, by kind."""
    return [_TYPES[kind] for kind in sorted(_TYPES)]


def type_of(kind: str) -> DocumentType:
    """Return the type of a kind; raises KeyError."""
    return _TYPES[kind]
