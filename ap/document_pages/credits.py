"""How supplier credits are typed, listed and shown (documents.pages)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ap.document_pages.shared import (
    LIST_SUPPLIER,
    LIST_SUPPLIER_NUMBER,
    LOOKUPS,
    PURCHASE_COLUMNS,
    SUPPLIER,
    purchase_choices,
    purchase_line_payload,
)
from ap.document_types import SUPPLIER_CREDIT
from ap.models import SupplierCredit, SupplierCreditLine
from ap.printing import print_purchase
from ap.selectors.editing import purchase_vat_choices
from ap.services.credits import (
    credit_create_posted,
    credit_delete,
    credit_draft_create,
    credit_draft_update,
    credit_lock,
    credit_post,
    credit_unlock,
    credit_update_posted,
)
from ap.typed import parse_purchase_line, parse_supplier_credit
from documents.editing import header_payload
from documents.page_parts import (
    DATE,
    LIST_DATE,
    LIST_NUMBER,
    LIST_OPEN,
    LIST_STATE,
    LIST_TOTAL,
    MONEY_FIELDS,
    MORE_FIELDS,
    NOTES,
    NOTES_ARABIC,
    REFERENCE,
    sections,
)
from documents.page_steps import steps_of
from documents.pages import DocumentPages, Field, Section, Words, address
from tenancy.principal import Principal

REASON = Field(name="reason", label=_("Reason"), width="w-6", maximum=300)


def credit_payload(credit: SupplierCredit, lines: Sequence[SupplierCreditLine]) -> dict[str, Any]:
    """Return a stored draft as the editor types it; parse_supplier_credit reads it back unchanged."""
    return header_payload(credit) | {
        "supplier": str(credit.supplier_id),
        "supplier_number": credit.supplier_number,
        "reason": credit.reason,
        "lines": [purchase_line_payload(line, credit.currency) for line in lines],
    }


def _credit_extras(credit: SupplierCredit, actor: Principal) -> dict[str, Any]:
    facts = []
    if credit.supplier_number:
        facts.append((_("Their number"), credit.supplier_number))
    if credit.reason:
        facts.append((_("Reason"), credit.reason))
    related = []
    if credit.bill is not None:
        related.append((_("Bill"), credit.bill.number, address("ap:bill-detail", credit.bill_id)))
    return {"facts": facts, "related": related}


SUPPLIER_CREDIT_PAGES = DocumentPages(
    document_type=SUPPLIER_CREDIT,
    prefix="ap:supplier-credit",
    icon="supplier-credit",
    party=SUPPLIER,
    words=Words(
        plural=_("Supplier credits"),
        new=_("New supplier credit"),
        draft=_("Draft supplier credit"),
        empty_title=_("No supplier credits yet"),
        empty_text=_("Open a bill and choose what the supplier takes back or credits."),
        counted=lambda n: ngettext("%(n)s supplier credit", "%(n)s supplier credits", n) % {"n": n},
        posted=_("Supplier credit %(number)s posted."),
    ),
    fields=(
        DATE,
        Field(name="supplier_number", label=_("Supplier's number"), maximum=60, direction="ltr"),
        REFERENCE,
        *MONEY_FIELDS,
        REASON,
        *MORE_FIELDS,
    ),
    columns=PURCHASE_COLUMNS,
    list_columns=(
        LIST_NUMBER,
        LIST_SUPPLIER,
        LIST_SUPPLIER_NUMBER,
        LIST_DATE,
        LIST_TOTAL,
        LIST_OPEN,
        LIST_STATE,
    ),
    sections=sections(
        Section(
            key="payments",
            title=_("Settled"),
            url_name="payments:supplier-credit-section",
            permission="payments.payment.view",
        ),
    ),
    steps=steps_of(
        "credit_id",
        parse=parse_supplier_credit,
        create=credit_draft_create,
        update=credit_draft_update,
        post=credit_post,
        create_posted=credit_create_posted,
        delete=credit_delete,
        lock=credit_lock,
        unlock=credit_unlock,
        change=credit_update_posted,
    ),
    payload=credit_payload,
    printed=print_purchase,
    vat_choices=purchase_vat_choices,
    choices=purchase_choices,
    lookups=LOOKUPS,
    print_kind="supplier_credit",
    read_line=parse_purchase_line,
    more_title=_("Notes, discount, supply date"),
    posted_fields=(REFERENCE, NOTES, NOTES_ARABIC),
    extras=_credit_extras,
    related=("bill",),
    line_related=("account",),
    has_overdue=False,
)
