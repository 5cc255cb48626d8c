"""How a kind of document is typed, listed and shown, as data (design 9): one editor, one list, one page for all kinds.

An app describes its document once with `DocumentPages`; documents.page_urls makes its addresses. What only the app
knows (its services, its searches) is handed in as functions.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from django.urls import NoReverseMatch, reverse

from documents.models import DocumentHeader, DocumentLine
from documents.printing import Language, PrintDocument
from documents.registry import DocumentType
from documents.typed import TypedLine
from tenancy.principal import Principal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: save(document_id, payload, post, actor)
Save = Callable[[uuid.UUID | None, Mapping[str, Any], bool, Principal], DocumentHeader]
FieldKind = Literal["text", "date", "number", "select", "long", "check"]
ColumnKind = Literal["item", "text", "number", "date", "picker", "vat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the editor's head.

    `options` names a list in the editor's choices. `shown`: always, only with a `foreign` currency, or when `asked`
    for (a message or a value). `check` names an address that is asked after each change and may answer with a warning.
    `more`: stands in the folded part below the grid.
    """

    name: str
    label: StrOrPromise
    kind: FieldKind = "text"
    width: str = "w-3"
    maximum: int = 0
    placeholder: StrOrPromise = ""
    direction: str = "auto"
    language: str = ""
    options: str = ""
    shown: Literal["always", "foreign", "asked"] = "always"
    check: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the line grid.

    `required`: from leaving the row on, what is missing is said. `sums`: accepts 12*10. `lookup` names the address a
    picker searches. `below`: small fields under the first, shown while the row is typed or when they hold something.
    """

    name: str
    label: StrOrPromise
    heading: StrOrPromise = ""
    kind: ColumnKind = "text"
    maximum: int = 0
    placeholder: StrOrPromise = ""
    direction: str = "auto"
    language: str = ""
    required: bool = False
    sums: bool = False
    lookup: str = ""
    below: tuple[Column, ...] = ()

    @property
    def title(self) -> StrOrPromise:
        """The words over the column."""
        return self.heading or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class VatChoice:
    """A choice of the VAT column: what the paper charges, and the VAT code where the person chooses it.

    `asks` names a small field of the row that only this choice needs.
    """

    value: str
    label: StrOrPromise
    category: str
    rate: str
    code: str = ""
    title: StrOrPromise = ""
    asks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The other party of the document: its field, its picker, and where it stands on the sheet."""

    field: str
    model: type[Any]
    block: Literal["buyer", "seller"]
    label: StrOrPromise
    placeholder: StrOrPromise
    missing: StrOrPromise
    new: StrOrPromise
    search_placeholder: StrOrPromise
    everybody: StrOrPromise
    view: str
    edit: str
    search: Callable[[str, str], list[dict[str, Any]]]
    choices: Callable[[Sequence[Any], str], list[dict[str, Any]]]
    found: Callable[[str, int], list[uuid.UUID]]
    new_page: str
    then: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumn:
    """A column of the list: `kind` says how its cell is drawn."""

    name: str
    label: StrOrPromise
    kind: Literal["number", "party", "date", "due", "code", "text", "total", "open", "state"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the document page that another app provides and that loads by itself.

    Without a `permission` everybody who sees the page sees it.
    """

    key: str
    title: StrOrPromise
    url_name: str
    permission: str
    side: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of a kind of document. `counted` gives "12 invoices"."""

    plural: StrOrPromise
    new: StrOrPromise
    draft: StrOrPromise
    empty_title: StrOrPromise
    empty_text: StrOrPromise
    counted: Callable[[int], str]
    posted: StrOrPromise
    void_title: StrOrPromise = ""
    void_text: StrOrPromise = ""
    void_reason: StrOrPromise = ""
    voided: StrOrPromise = ""
    none: StrOrPromise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The services behind the buttons; None: the kind has no such step.

    `save(document_id, payload, post, actor)` creates or changes, and posts when asked. The others take the document's
    id first and `actor` and `version` by name; `void` returns the document that voids.
    """

    save: Save
    post: Callable[..., DocumentHeader]
    delete: Callable[..., None] | None = None
    void: Callable[..., DocumentHeader] | None = None
    lock: Callable[..., object] | None = None
    unlock: Callable[..., object] | None = None
    change: Callable[..., object] | None = None


@dataclass(frozen=True, kw_only=True)
class DocumentPages:
    """Everything the shared pages need to know of one kind of document.

    `prefix` begins the names of its addresses ("ar:invoice" for ar:invoice-list ...). `payload(document, lines)` is the
    stored document as the editor types it. `extras(document, principal)` adds to the context of its page: `facts`
    [(label, text)], `payment_url`, `voided_by`, `related`. `prefill(request, principal)` starts a new document.
    """

    document_type: DocumentType[Any, Any]
    prefix: str
    party: Party
    words: Words
    fields: tuple[Field, ...]
    columns: tuple[Column, ...]
    list_columns: tuple[ListColumn, ...]
    sections: tuple[Section, ...]
    steps: Steps | None
    payload: Callable[[Any, Sequence[Any]], dict[str, Any]]
    printed: Callable[..., PrintDocument]
    vat_choices: Callable[[], Sequence[VatChoice]]
    choices: Callable[[Principal], dict[str, list[tuple[str, str]]]]
    lookups: Mapping[str, str]
    icon: str = "invoice"
    print_kind: str = "invoice"
    #: What the same editor also types, by `kind` of the payload: the sheet is titled so.
    print_kinds: tuple[str, ...] = ()
    has_qr_place: bool = False
    more_title: StrOrPromise = ""
    posted_fields: tuple[Field, ...] = ()
    change_fields: Callable[[DocumentHeader], tuple[str, ...]] | None = None
    read_line: Callable[[Mapping[str, Any], str], TypedLine] | None = None
    extras: Callable[[Any, Principal], dict[str, Any]] | None = None
    prefill: Callable[[Any, Principal], dict[str, Any]] | None = None
    new_item_page: str = ""
    new_item_permission: str = ""
    import_page: str = ""
    related: tuple[str, ...] = ()
    line_related: tuple[str, ...] = ()
    has_overdue: bool = True
    search_numbers: Callable[[str, int], list[uuid.UUID]] | None = None
    text: Mapping[str, StrOrPromise] = field(default_factory=dict)
    permissions: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.document_type.kind

    @property
    def header(self) -> type[DocumentHeader]:
        return self.document_type.header

    @property
    def line(self) -> type[DocumentLine]:
        return self.document_type.line

    def may(self, action: str) -> str:
        """Return the permission of an action: `ar.invoice.post`, or what `permissions` puts in its place."""
        return self.permissions.get(action, f"{self.kind}.{action}")

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of the addresses, for templates: `{% url pages.names.detail document.pk %}`."""
        return {
            action: f"{self.prefix}-{action}"
            for action in (
                "list",
                "create",
                "save",
                "preview",
                "draft",
                "edit",
                "detail",
                "pdf",
                "post",
                "void",
                "lock",
                "unlock",
                "delete",
                "fields",
            )
        }

    @cached_property
    def all_columns(self) -> tuple[Column, ...]:
        """Every field of a line, the small ones under another included."""
        return tuple(one for column in self.columns for one in (column, *column.below))

    @property
    def head_fields(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if not one.more)

    @property
    def more_fields(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.more)

    def find(self, document_id: uuid.UUID) -> tuple[Any, list[Any]] | None:
        """Return a document with its party and lines in two statements, or None."""
        rows: Any = self.header._default_manager
        document = (
            rows.select_related(self.party.field, *self.related).filter(pk=document_id).first()
        )
        if document is None:
            return None
        lines: Any = self.line._default_manager
        rows = lines.filter(document_id=document_id).order_by("position")
        if self.line_related:
            rows = rows.select_related(*self.line_related)
        return document, list(rows)

    def party_of(self, document: Any) -> Any:
        """Return the party of a loaded document."""
        return getattr(document, self.party.field)

    def print(
        self,
        document: Any,
        lines: Sequence[Any],
        company: Mapping[str, Any],
        *,
        language: Language = "both",
    ) -> PrintDocument:
        """Return the sheet of a stored document."""
        return self.printed(document, lines, company, language=language)


def address(name: str, *args: Any) -> str:
    """Return the address of a page, or "" while nobody serves it."""
    if not name:
        return ""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
