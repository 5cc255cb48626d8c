"""What the editors, lists and pages of bills and supplier credits share (documents.pages)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ap.models import BillLine, Supplier, SupplierCreditLine
from ap.selectors.editing import account_text, supplier_choices, supplier_search, suppliers_with
from documents.editing import currency_choices, line_payload, plain, typed_date
from documents.page_parts import ITEM, LINE_DISCOUNT, PRICE, QUANTITY, UNIT
from documents.pages import Column, ListColumn, Party
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

LIST_SUPPLIER = ListColumn(name="supplier", label=_("Supplier"), kind="party")
LIST_SUPPLIER_NUMBER = ListColumn(name="supplier_number", label=_("Their number"), kind="code")

LOOKUPS = {
    "items": "ap:item-lookup",
    "parties": "ap:supplier-lookup",
    "rows": "ap:rows-lookup",
    "accounts": "ap:account-lookup",
}


def purchase_line_payload(line: BillLine | SupplierCreditLine, currency: str) -> dict[str, Any]:
    """Return a stored line as the editor types it; parse_purchase_line reads it back unchanged."""
    return line_payload(line, currency) | {
        "account": str(line.account_id or ""),
        "account_name": account_text(line.account) if line.account_id else "",
        "prepaid_months": str(line.prepaid_months or ""),
        "prepaid_start": typed_date(line.prepaid_start),
        "customs_value": plain(line.customs_value),
    }


def purchase_choices(actor: Principal) -> dict[str, list[tuple[str, str]]]:
    """Return the choices of the head's lists."""
    return {"currencies": currency_choices(actor.currency)}
