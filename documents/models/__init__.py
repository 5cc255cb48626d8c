"""Tables and abstract tables shared by all documents with lines."""

from documents.models.abstract import DocumentHeader, DocumentLine
from documents.models.attachments import Attachment
from documents.models.drafts import Draft
from documents.models.series import DocumentSummary, NumberSequence, RenderedPdf
from documents.models.terms import PaymentTerms

__all__ = [
    "Attachment",
    "DocumentHeader",
    "DocumentLine",
    "DocumentSummary",
    "Draft",
    "NumberSequence",
    "PaymentTerms",
    "RenderedPdf",
]
