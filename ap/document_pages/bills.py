"""How bills are typed, listed and shown (documents.pages)."""

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
from ap.document_types import BILL
from ap.models import Bill, BillLine, SupplierCredit
from ap.printing import print_purchase
from ap.selectors.editing import bills_numbered, purchase_vat_choices
from ap.services.bills import (
    bill_create,
    bill_delete,
    bill_lock,
    bill_unlock,
    bill_update,
    bill_update_posted,
)
from ap.services.credits import bill_void
from ap.services.posting import bill_create_posted, bill_post
from ap.typed import parse_bill, parse_purchase_line
from documents.editing import header_payload
from documents.page_links import credit_actions, payment_url
from documents.page_parts import (
    DATE,
    DUE_DATE,
    LIST_DATE,
    LIST_DUE,
    LIST_NUMBER,
    LIST_OPEN,
    LIST_STATE,
    LIST_TOTAL,
    MONEY_FIELDS,
    MORE_FIELDS,
    POSTED_FIELDS,
    REFERENCE,
    sections,
)
from documents.page_steps import steps_of
from documents.pages import DocumentPages, Field, Section, Words, address
from tenancy.principal import Principal

SUPPLIER_NUMBER = Field(
    name="supplier_number",
    label=_("Supplier's number"),
    maximum=60,
    placeholder=_("as printed on the bill"),
    direction="ltr",
    check="duplicate",
)
DUPLICATE_REASON = Field(
    name="duplicate_reason",
    label=_("Why the number comes again"),
    width="w-6",
    maximum=300,
    shown="asked",
)


def bill_payload(bill: Bill, lines: Sequence[BillLine]) -> dict[str, Any]:
    """Return a stored draft as the editor types it; parse_bill reads it back unchanged."""
    return header_payload(bill) | {
        "supplier": str(bill.supplier_id),
        "supplier_number": bill.supplier_number,
        "duplicate_reason": bill.duplicate_reason,
        "lines": [purchase_line_payload(line, bill.currency) for line in lines],
    }


def _extras(bill: Bill, actor: Principal) -> dict[str, Any]:
    facts = [(_("Their number"), bill.supplier_number)] if bill.supplier_number else []
    if bill.duplicate_reason:
        facts.append((_("Number again because"), bill.duplicate_reason))
    credits = SupplierCredit.objects.filter(bill_id=bill.pk).only("number", "company_id")
    return {
        "facts": facts,
        "actions": credit_actions(
            bill,
            actor,
            permission="ap.supplier_credit.create",
            url_name="ap:bill-credit",
            label=_("Supplier credit"),
            icon="supplier-credit",
        ),
        "payment_url": payment_url(
            bill, actor, permission="payments.payment.pay", supplier=bill.supplier_id, bill=bill.pk
        ),
        "payment_label": _("Pay"),
        "related": [
            (_("Credit"), one.number, address("ap:supplier-credit-detail", one.pk))
            for one in credits.order_by("issue_date", "id")
            if one.number
        ],
    }


BILL_PAGES = DocumentPages(
    document_type=BILL,
    prefix="ap:bill",
    icon="bill",
    party=SUPPLIER,
    words=Words(
        plural=_("Bills"),
        new=_("New bill"),
        draft=_("Draft bill"),
        empty_title=_("No bills yet"),
        empty_text=_("Type the first one from the supplier's paper, or import a file of them."),
        counted=lambda n: ngettext("%(n)s bill", "%(n)s bills", n) % {"n": n},
        posted=_("Bill %(number)s posted."),
        void_title=_("Void this bill"),
        void_text=_(
            "A supplier credit over the whole amount is posted. The bill stays in the books as void."
        ),
        void_reason=_("Reason"),
        voided=_("Voided by supplier credit %(number)s."),
    ),
    fields=(
        DATE,
        DUE_DATE,
        SUPPLIER_NUMBER,
        REFERENCE,
        *MONEY_FIELDS,
        DUPLICATE_REASON,
        *MORE_FIELDS,
    ),
    columns=PURCHASE_COLUMNS,
    list_columns=(
        LIST_NUMBER,
        LIST_SUPPLIER,
        LIST_SUPPLIER_NUMBER,
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
            url_name="payments:bill-section",
            permission="payments.payment.view",
        ),
        Section(
            key="prepaid",
            title=_("Months paid for"),
            url_name="ap:bill-prepaid",
            permission="ap.bill.view",
            side=False,
        ),
    ),
    steps=steps_of(
        "bill_id",
        parse=parse_bill,
        create=bill_create,
        update=bill_update,
        post=bill_post,
        create_posted=bill_create_posted,
        delete=bill_delete,
        void=bill_void,
        lock=bill_lock,
        unlock=bill_unlock,
        change=bill_update_posted,
    ),
    payload=bill_payload,
    printed=print_purchase,
    vat_choices=purchase_vat_choices,
    choices=purchase_choices,
    lookups=LOOKUPS | {"duplicate": "ap:bill-duplicate"},
    print_kind="bill",
    read_line=parse_purchase_line,
    more_title=_("Notes, discount, supply date"),
    posted_fields=POSTED_FIELDS,
    extras=_extras,
    new_item_page="inventory:item-create",
    new_item_permission="inventory.item.edit",
    import_page="ap:bill-import",
    line_related=("account",),
    search_numbers=bills_numbered,
)
