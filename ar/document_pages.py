"""How invoices and credit notes are typed, listed and shown (documents.pages)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ar.document_types import CREDIT_NOTE, INVOICE
from ar.models import CreditNote, Customer, Invoice, InvoiceKind, InvoiceLine
from ar.printing import print_document
from ar.selectors.editing import (
    customer_choices,
    customer_search,
    customers_with,
    invoices_numbered,
    salespeople,
)
from ar.services.invoices import (
    invoice_create,
    invoice_delete,
    invoice_lock,
    invoice_unlock,
    invoice_update,
    invoice_update_posted,
)
from ar.services.posting import invoice_create_posted, invoice_post, invoice_void
from ar.typed import parse_invoice
from core.dates import local_today
from documents.editing import currency_choices, header_payload, line_payload
from documents.lifecycle import OPEN, Status
from documents.page_parts import (
    LINE_COLUMNS,
    MORE_FIELDS,
    NUMBER,
    POSTED_FIELDS,
    head_fields,
    sections,
)
from documents.pages import (
    DocumentPages,
    Field,
    ListColumn,
    Party,
    Section,
    Steps,
    Words,
    address,
)
from inventory.services.choices import vat_choices
from tenancy.principal import Principal

CUSTOMER = Party(
    field="customer",
    model=Customer,
    block="buyer",
    label=_("Customer"),
    placeholder=_("Name, code, VAT number or phone"),
    missing=_("Choose a customer."),
    new=_("New customer"),
    search_placeholder=_("Number or customer"),
    everybody=_("All customers"),
    view="ar.customer.view",
    edit="ar.customer.edit",
    search=customer_search,
    choices=customer_choices,
    found=customers_with,
    new_page="ar:customer-create",
)

_SALESPERSON = Field(
    name="salesperson", label=_("Salesperson"), kind="select", options="salespeople"
)


def _fixed(document: Any) -> dict[str, str]:
    """Return what makes a draft a debit note or a prepayment invoice; nothing for the other kinds."""
    if getattr(document, "kind", InvoiceKind.INVOICE) == InvoiceKind.INVOICE:
        return {}
    return {
        "kind": document.kind,
        "corrects": str(document.corrects_id or ""),
        "reason": document.reason,
    }


def invoice_payload(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    """Return a stored draft as the editor types it; parse_invoice reads it back unchanged."""
    return header_payload(invoice) | {
        "customer": str(invoice.customer_id),
        "salesperson": str(invoice.salesperson_id or ""),
        "fixed": _fixed(invoice),
        "lines": [line_payload(line, invoice.currency) for line in lines],
    }


def _save(
    document_id: uuid.UUID | None, payload: Mapping[str, Any], post: bool, actor: Principal
) -> Invoice:
    typed = parse_invoice(payload, currency=actor.currency, today=local_today())
    if document_id is not None:
        invoice = invoice_update(invoice_id=document_id, typed=typed, actor=actor)
        return invoice_post(invoice_id=invoice.pk, actor=actor) if post else invoice
    if post:
        return invoice_create_posted(typed=typed, actor=actor)
    return invoice_create(typed=typed, actor=actor)


def _choices(actor: Principal) -> dict[str, list[tuple[str, str]]]:
    return {
        "currencies": currency_choices(actor.currency),
        "salespeople": [("", "–"), *salespeople()],
    }


def _changeable(invoice: Any) -> tuple[str, ...]:
    """The salesperson of a paid invoice has its commission already."""
    names = tuple(one.name for one in INVOICE_PAGES.posted_fields)
    return tuple(one for one in names if invoice.status != Status.PAID or one != "salesperson")


def _extras(invoice: Invoice, actor: Principal) -> dict[str, Any]:
    facts = []
    if invoice.salesperson is not None:
        name = invoice.salesperson.full_name or invoice.salesperson.email
        facts.append((_("Salesperson"), name))
    payment_url = ""
    if invoice.status in OPEN and actor.has("payments.payment.create"):
        place = address("payments:payment-create")
        if place:
            payment_url = f"{place}?customer={invoice.customer_id}&invoice={invoice.pk}"
    note = None
    if invoice.status == Status.VOID:
        note = CreditNote.objects.filter(invoice_id=invoice.pk).only("number", "company_id").first()
    actions = []
    if invoice.status not in (Status.DRAFT, Status.VOID) and actor.has("ar.credit_note.create"):
        actions.append(
            {
                "url": address("ar:invoice-credit", invoice.pk),
                "label": _("Credit note"),
                "icon": "credit-note",
            }
        )
    return {
        "facts": facts,
        "actions": actions,
        "payment_url": payment_url,
        "payment_label": _("Take payment"),
        "voided_by": note and (note.number, address("ar:credit-note-detail", note.pk)),
    }


INVOICE_PAGES = DocumentPages(
    document_type=INVOICE,
    prefix="ar:invoice",
    icon="invoice",
    party=CUSTOMER,
    words=Words(
        plural=_("Invoices"),
        new=_("New invoice"),
        draft=_("Draft invoice"),
        empty_title=_("No invoices yet"),
        empty_text=_(
            "The first one takes a minute: type it and watch the finished document beside it."
        ),
        counted=lambda n: ngettext("%(n)s invoice", "%(n)s invoices", n) % {"n": n},
        posted=_("Invoice %(number)s posted."),
        void_title=_("Void this invoice"),
        void_text=_(
            "A credit note over the whole amount is posted. The invoice stays in the books as void."
        ),
        void_reason=_("Reason, as printed on the credit note"),
        voided=_("Voided by credit note %(number)s."),
    ),
    fields=(*head_fields(_SALESPERSON), NUMBER, *MORE_FIELDS),
    columns=LINE_COLUMNS,
    list_columns=(
        ListColumn(name="number", label=_("No."), kind="number"),
        ListColumn(name="customer", label=_("Customer"), kind="party"),
        ListColumn(name="issue_date", label=_("Date"), kind="date"),
        ListColumn(name="due_date", label=_("Due"), kind="due"),
        ListColumn(name="total", label=_("Total"), kind="total"),
        ListColumn(name="open_amount", label=_("Open"), kind="open"),
        ListColumn(name="status", label=_("State"), kind="state"),
    ),
    sections=sections(
        Section(
            key="payments",
            title=_("Payments"),
            url_name="payments:invoice-section",
            permission="payments.payment.view",
        ),
        Section(
            key="receivable",
            title=_("Corrections and agreements"),
            url_name="ar:invoice-receivable",
            permission="ar.invoice.view",
        ),
        Section(
            key="commission",
            title=_("Commission"),
            url_name="commissions:invoice-section",
            permission="commissions.snapshot.view_own",
        ),
    ),
    steps=Steps(
        save=_save,
        post=lambda key, **rest: invoice_post(invoice_id=key, **rest),
        delete=lambda key, **rest: invoice_delete(invoice_id=key, **rest),
        void=lambda key, **rest: invoice_void(invoice_id=key, **rest),
        lock=lambda key, **rest: invoice_lock(invoice_id=key, **rest),
        unlock=lambda key, **rest: invoice_unlock(invoice_id=key, **rest),
        change=lambda key, **rest: invoice_update_posted(invoice_id=key, **rest),
    ),
    payload=invoice_payload,
    printed=print_document,
    vat_choices=lambda: vat_choices("sale"),
    choices=_choices,
    lookups={"items": "ar:item-lookup", "parties": "ar:customer-lookup", "rows": "ar:rows-lookup"},
    has_qr_place=True,
    more_title=_("Notes, discount, supply date"),
    posted_fields=(POSTED_FIELDS[0], POSTED_FIELDS[1], _SALESPERSON, *POSTED_FIELDS[2:]),
    change_fields=_changeable,
    extras=_extras,
    new_item_page="inventory:item-create",
    new_item_permission="inventory.item.edit",
    import_page="ar:invoice-import",
    print_kinds=("debit_note", "prepayment"),
    related=("salesperson",),
    search_numbers=invoices_numbered,
)


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
        ListColumn(name="number", label=_("No."), kind="number"),
        ListColumn(name="customer", label=_("Customer"), kind="party"),
        ListColumn(name="reference", label=_("Invoice"), kind="code"),
        ListColumn(name="issue_date", label=_("Date"), kind="date"),
        ListColumn(name="total", label=_("Total"), kind="total"),
        ListColumn(name="status", label=_("State"), kind="state"),
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
    choices=_choices,
    lookups={"items": "ar:item-lookup", "parties": "ar:customer-lookup", "rows": "ar:rows-lookup"},
    print_kind="credit_note",
    has_qr_place=True,
    extras=_note_extras,
    related=("invoice",),
    has_overdue=False,
)
