"""Tables and abstract tables shared by all documents with lines."""

from documents.models.abstract import DocumentHeader, DocumentLine
from documents.models.drafts import Draft
from documents.models.series import DocumentSummary, NumberSequence, RenderedPdf

__all__ = [
    "DocumentHeader",
    "DocumentLine",
    "DocumentSummary",
    "Draft",
    "NumberSequence",
    "RenderedPdf",
]
