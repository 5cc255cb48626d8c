"""How invoices, debit notes and prepayment invoices are typed, listed and shown (documents.pages)."""

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
from ar.document_types import INVOICE
from ar.models import CreditNote, Invoice
from ar.printing import print_document
from ar.selectors.editing import invoices_numbered
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
from documents.lifecycle import Status
from documents.page_links import credit_actions, payment_url
from documents.page_parts import (
    LINE_COLUMNS,
    LIST_DATE,
    LIST_DUE,
    LIST_NUMBER,
    LIST_OPEN,
    LIST_STATE,
    LIST_TOTAL,
    MORE_FIELDS,
    NUMBER,
    POSTED_FIELDS,
    head_fields,
    sections,
)
from documents.page_steps import steps_of
from documents.pages import DocumentPages, Field, Section, Words, address
from inventory.services.choices import vat_choices
from tenancy.principal import Principal

_SALESPERSON = Field(
    name="salesperson", label=_("Salesperson"), kind="select", options="salespeople"
)


def _changeable(invoice: Any) -> tuple[str, ...]:
    """The salesperson of a paid invoice has its commission already."""
    names = tuple(one.name for one in INVOICE_PAGES.posted_fields)
    return tuple(one for one in names if invoice.status != Status.PAID or one != "salesperson")


def _extras(invoice: Invoice, actor: Principal) -> dict[str, Any]:
    facts = []
    if invoice.salesperson is not None:
        name = invoice.salesperson.full_name or invoice.salesperson.email
        facts.append((_("Salesperson"), name))
    note = None
    if invoice.status == Status.VOID:
        note = CreditNote.objects.filter(invoice_id=invoice.pk).only("number", "company_id").first()
    return {
        "facts": facts,
        "actions": credit_actions(
            invoice,
            actor,
            permission="ar.credit_note.create",
            url_name="ar:invoice-credit",
            label=_("Credit note"),
            icon="credit-note",
        ),
        "payment_url": payment_url(
            invoice,
            actor,
            permission="payments.payment.create",
            customer=invoice.customer_id,
            invoice=invoice.pk,
        ),
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
        LIST_NUMBER,
        LIST_CUSTOMER,
        LIST_DATE,
        LIST_DUE,
        LIST_TOTAL,
        LIST_OPEN,
        LIST_STATE,
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
    steps=steps_of(
        "invoice_id",
        parse=parse_invoice,
        create=invoice_create,
        update=invoice_update,
        post=invoice_post,
        create_posted=invoice_create_posted,
        delete=invoice_delete,
        void=invoice_void,
        lock=invoice_lock,
        unlock=invoice_unlock,
        change=invoice_update_posted,
    ),
    payload=invoice_payload,
    printed=print_document,
    vat_choices=lambda: vat_choices("sale"),
    choices=sale_choices,
    lookups=LOOKUPS,
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
