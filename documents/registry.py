"""All document types of the product: adding one is adding data (docs/adding-a-document.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.errors import N_
from documents.lifecycle import Lifecycle
from documents.models import DocumentHeader, DocumentLine

HeaderT = TypeVar("HeaderT", bound=DocumentHeader)
LineT = TypeVar("LineT", bound=DocumentLine)


@dataclass(frozen=True, slots=True)
class Sentences:
    """What the shared steps say about one kind of document."""

    missing: str = N_("There is no such document.")
    locked: str = N_("This document is locked by an owner.")
    frozen: str = N_("A posted document never changes; correct it by a credit note.")
    number_used: str = N_("This number is used by another document.")


@dataclass(frozen=True, slots=True)
class DocumentType(Generic[HeaderT, LineT]):
    """What distinguishes one kind of document from another.

    `line_fields`: columns of a line beyond those of every document; typed lines carry them in `extra`.
    `series_of`: the kind and the prefix a document is numbered in, where one table holds several series.
    `taken_prefixes`: prefixes of our own series that nobody types, besides `prefix`.
    """

    kind: str
    header: type[HeaderT]
    line: type[LineT]
    prefix: str
    title_english: str
    title_arabic: str
    lifecycle: Lifecycle
    sentences: Sentences = Sentences()
    line_fields: tuple[str, ...] = ()
    series_of: Callable[[Any], tuple[str, str]] | None = None
    taken_prefixes: tuple[str, ...] = ()

    def permission(self, action: str) -> str:
        """Return the code that tenancy.roles has for an action on this kind."""
        return f"{self.kind}.{action}"


_TYPES: dict[str, DocumentType[Any, Any]] = {}


def register(document_type: DocumentType[HeaderT, LineT]) -> DocumentType[HeaderT, LineT]:
    """Add a document type; its app registers it once, when Django starts."""
    if document_type.kind in _TYPES and _TYPES[document_type.kind] != document_type:
        raise ValueError(f"{document_type.kind} is registered twice")
    _TYPES[document_type.kind] = document_type
    return document_type


def all_types() -> list[DocumentType[Any, Any]]:
    """Return every registered type, by kind."""
    return [_TYPES[kind] for kind in sorted(_TYPES)]


def type_of(kind: str) -> DocumentType[Any, Any]:
    """Return the type of a kind; raises KeyError."""
    return _TYPES[kind]
