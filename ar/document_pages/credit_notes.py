"""How credit notes are listed and shown; they are made from their invoice (documents.crediting)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ar.document_pages.shared import (
    CUSTOMER,
    LIST_CUSTOMER,
    LOOKUPS,
    invoice_payload,
    sale_choices,
)
from ar.document_types import CREDIT_NOTE
from ar.models import CreditNote
from ar.printing import print_document
from documents.page_parts import (
    LINE_COLUMNS,
    LIST_DATE,
    LIST_NUMBER,
    LIST_STATE,
    LIST_TOTAL,
    MORE_FIELDS,
    head_fields,
    sections,
)
from documents.pages import DocumentPages, ListColumn, Section, Words, address
from inventory.services.choices import vat_choices
from tenancy.principal import Principal


def _note_extras(note: CreditNote, actor: Principal) -> dict[str, Any]:
    if note.invoice is None:
        return {"related": [(_("Invoice"), note.reference, "")] if note.reference else []}
    place = address("ar:invoice-detail", note.invoice_id)
    return {"related": [(_("Invoice"), note.invoice.number, place)]}


CREDIT_NOTE_PAGES = DocumentPages(
    document_type=CREDIT_NOTE,
    prefix="ar:credit-note",
    icon="credit-note",
    party=CUSTOMER,
    words=Words(
        plural=_("Credit notes"),
        new=_("New credit note"),
        draft=_("Draft credit note"),
        empty_title=_("No credit notes yet"),
        empty_text=_("Open an invoice and choose what of it is taken back."),
        counted=lambda n: ngettext("%(n)s credit note", "%(n)s credit notes", n) % {"n": n},
        posted=_("Credit note %(number)s posted."),
    ),
    fields=(*head_fields(), *MORE_FIELDS),
    columns=LINE_COLUMNS,
    list_columns=(
        LIST_NUMBER,
        LIST_CUSTOMER,
        ListColumn(name="reference", label=_("Invoice"), kind="code"),
        LIST_DATE,
        LIST_TOTAL,
        LIST_STATE,
    ),
    sections=sections(
        Section(
            key="payments",
            title=_("Settled"),
            url_name="payments:credit-note-section",
            permission="payments.payment.view",
        ),
    ),
    steps=None,
    payload=invoice_payload,
    printed=print_document,
    vat_choices=lambda: vat_choices("sale"),
    choices=sale_choices,
    lookups=LOOKUPS,
    print_kind="credit_note",
    has_qr_place=True,
    extras=_note_extras,
    related=("invoice",),
    has_overdue=False,
)
