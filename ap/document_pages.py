"""How bills and supplier credits are typed, listed and shown (documents.pages)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ap.document_types import BILL, SUPPLIER_CREDIT
from ap.models import Bill, BillLine, Supplier, SupplierCredit, SupplierCreditLine
from ap.printing import print_purchase
from ap.selectors.editing import (
    account_text,
    bills_numbered,
    purchase_vat_choices,
    supplier_choices,
    supplier_search,
    suppliers_with,
)
from ap.services.bills import (
    bill_create,
    bill_delete,
    bill_lock,
    bill_unlock,
    bill_update,
    bill_update_posted,
)
from ap.services.credits import (
    bill_void,
    credit_create_posted,
    credit_delete,
    credit_draft_create,
    credit_draft_update,
    credit_lock,
    credit_post,
    credit_unlock,
    credit_update_posted,
)
from ap.services.posting import bill_create_posted, bill_post
from ap.typed import parse_bill, parse_purchase_line, parse_supplier_credit
from core.dates import local_today
from documents.editing import currency_choices, header_payload, line_payload, plain, typed_date
from documents.lifecycle import OPEN, Status
from documents.page_parts import (
    DATE,
    DUE_DATE,
    ITEM,
    LINE_DISCOUNT,
    MONEY_FIELDS,
    MORE_FIELDS,
    NOTES,
    NOTES_ARABIC,
    POSTED_FIELDS,
    PRICE,
    QUANTITY,
    REFERENCE,
    UNIT,
    sections,
)
from documents.pages import (
    Column,
    DocumentPages,
    Field,
    ListColumn,
    Party,
    Section,
    Steps,
    Words,
    address,
)
from tenancy.principal import Principal

SUPPLIER = Party(
    field="supplier",
    model=Supplier,
    block="seller",
    label=_("Supplier"),
    placeholder=_("Name, code, VAT number or phone"),
    missing=_("Choose a supplier."),
    new=_("New supplier"),
    search_placeholder=_("Number or supplier"),
    everybody=_("All suppliers"),
    view="ap.supplier.view",
    edit="ap.supplier.edit",
    search=supplier_search,
    choices=supplier_choices,
    found=suppliers_with,
    new_page="ap:supplier-create",
    then="supplier_number",
)

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
REASON = Field(name="reason", label=_("Reason"), width="w-6", maximum=300)

ACCOUNT = Column(
    name="account",
    label=_("Account"),
    kind="picker",
    lookup="accounts",
    below=(
        Column(
            name="prepaid_months",
            label=_("Months paid for"),
            placeholder=_("months"),
            kind="number",
        ),
        Column(name="prepaid_start", label=_("First month"), kind="date"),
    ),
)
VAT_CODE = Column(
    name="vat",
    label=_("VAT code"),
    heading=_("VAT"),
    kind="vat",
    required=True,
    below=(
        Column(
            name="customs_value",
            label=_("Value that customs taxed"),
            placeholder=_("value taxed"),
            kind="number",
        ),
    ),
)
PURCHASE_COLUMNS = (ITEM, ACCOUNT, QUANTITY, UNIT, PRICE, LINE_DISCOUNT, VAT_CODE)

_LOOKUPS = {
    "items": "ap:item-lookup",
    "parties": "ap:supplier-lookup",
    "rows": "ap:rows-lookup",
    "accounts": "ap:account-lookup",
    "duplicate": "ap:bill-duplicate",
}


def _line_payload(line: BillLine | SupplierCreditLine, currency: str) -> dict[str, Any]:
    return line_payload(line, currency) | {
        "account": str(line.account_id or ""),
        "account_name": account_text(line.account) if line.account_id else "",
        "prepaid_months": str(line.prepaid_months or ""),
        "prepaid_start": typed_date(line.prepaid_start),
        "customs_value": plain(line.customs_value),
    }


def bill_payload(bill: Bill, lines: Sequence[BillLine]) -> dict[str, Any]:
    """Return a stored draft as the editor types it; parse_bill reads it back unchanged."""
    return header_payload(bill) | {
        "supplier": str(bill.supplier_id),
        "supplier_number": bill.supplier_number,
        "duplicate_reason": bill.duplicate_reason,
        "lines": [_line_payload(line, bill.currency) for line in lines],
    }


def _save(
    document_id: uuid.UUID | None, payload: Mapping[str, Any], post: bool, actor: Principal
) -> Bill:
    typed = parse_bill(payload, currency=actor.currency, today=local_today())
    if document_id is not None:
        bill = bill_update(bill_id=document_id, typed=typed, actor=actor)
        return bill_post(bill_id=bill.pk, actor=actor) if post else bill
    if post:
        return bill_create_posted(typed=typed, actor=actor)
    return bill_create(typed=typed, actor=actor)


def _choices(actor: Principal) -> dict[str, list[tuple[str, str]]]:
    return {"currencies": currency_choices(actor.currency)}


def _payment_url(bill: Bill, actor: Principal) -> str:
    if bill.status not in OPEN or not actor.has("payments.payment.pay"):
        return ""
    place = address("payments:payment-create")
    return f"{place}?supplier={bill.supplier_id}&bill={bill.pk}" if place else ""


def _extras(bill: Bill, actor: Principal) -> dict[str, Any]:
    facts = [(_("Their number"), bill.supplier_number)] if bill.supplier_number else []
    if bill.duplicate_reason:
        facts.append((_("Number again because"), bill.duplicate_reason))
    actions = []
    if bill.status not in (Status.DRAFT, Status.VOID) and actor.has("ap.supplier_credit.create"):
        actions.append(
            {
                "url": address("ap:bill-credit", bill.pk),
                "label": _("Supplier credit"),
                "icon": "supplier-credit",
            }
        )
    credits = SupplierCredit.objects.filter(bill_id=bill.pk).only("number", "company_id")
    return {
        "facts": facts,
        "actions": actions,
        "payment_url": _payment_url(bill, actor),
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
        ListColumn(name="number", label=_("No."), kind="number"),
        ListColumn(name="supplier", label=_("Supplier"), kind="party"),
        ListColumn(name="supplier_number", label=_("Their number"), kind="code"),
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
    steps=Steps(
        save=_save,
        post=lambda key, **rest: bill_post(bill_id=key, **rest),
        delete=lambda key, **rest: bill_delete(bill_id=key, **rest),
        void=lambda key, **rest: bill_void(bill_id=key, **rest),
        lock=lambda key, **rest: bill_lock(bill_id=key, **rest),
        unlock=lambda key, **rest: bill_unlock(bill_id=key, **rest),
        change=lambda key, **rest: bill_update_posted(bill_id=key, **rest),
    ),
    payload=bill_payload,
    printed=print_purchase,
    vat_choices=purchase_vat_choices,
    choices=_choices,
    lookups=_LOOKUPS,
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


def credit_payload(credit: SupplierCredit, lines: Sequence[SupplierCreditLine]) -> dict[str, Any]:
    """Return a stored draft as the editor types it; parse_supplier_credit reads it back unchanged."""
    return header_payload(credit) | {
        "supplier": str(credit.supplier_id),
        "supplier_number": credit.supplier_number,
        "reason": credit.reason,
        "lines": [_line_payload(line, credit.currency) for line in lines],
    }


def _save_credit(
    document_id: uuid.UUID | None, payload: Mapping[str, Any], post: bool, actor: Principal
) -> SupplierCredit:
    typed = parse_supplier_credit(payload, currency=actor.currency, today=local_today())
    if document_id is not None:
        credit = credit_draft_update(credit_id=document_id, typed=typed, actor=actor)
        return credit_post(credit_id=credit.pk, actor=actor) if post else credit
    if post:
        return credit_create_posted(typed=typed, actor=actor)
    return credit_draft_create(typed=typed, actor=actor)


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
        ListColumn(name="number", label=_("No."), kind="number"),
        ListColumn(name="supplier", label=_("Supplier"), kind="party"),
        ListColumn(name="supplier_number", label=_("Their number"), kind="code"),
        ListColumn(name="issue_date", label=_("Date"), kind="date"),
        ListColumn(name="total", label=_("Total"), kind="total"),
        ListColumn(name="open_amount", label=_("Open"), kind="open"),
        ListColumn(name="status", label=_("State"), kind="state"),
    ),
    sections=sections(
        Section(
            key="payments",
            title=_("Settled"),
            url_name="payments:supplier-credit-section",
            permission="payments.payment.view",
        ),
    ),
    steps=Steps(
        save=_save_credit,
        post=lambda key, **rest: credit_post(credit_id=key, **rest),
        delete=lambda key, **rest: credit_delete(credit_id=key, **rest),
        lock=lambda key, **rest: credit_lock(credit_id=key, **rest),
        unlock=lambda key, **rest: credit_unlock(credit_id=key, **rest),
        change=lambda key, **rest: credit_update_posted(credit_id=key, **rest),
    ),
    payload=credit_payload,
    printed=print_purchase,
    vat_choices=purchase_vat_choices,
    choices=_choices,
    lookups={key: name for key, name in _LOOKUPS.items() if key != "duplicate"},
    print_kind="supplier_credit",
    read_line=parse_purchase_line,
    more_title=_("Notes, discount, supply date"),
    posted_fields=(REFERENCE, NOTES, NOTES_ARABIC),
    extras=_credit_extras,
    related=("bill",),
    line_related=("account",),
    has_overdue=False,
)
