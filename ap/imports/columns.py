"""What the columns of a file of bills are called: labels for the page, and a guess from the headings. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.errors import N_

FIELD_LABELS = {
    "supplier": N_("Supplier code"),
    "date": N_("Date"),
    "number": N_("Supplier's number"),
    "amount": N_("Total with VAT"),
    "supplier_name": N_("Supplier name"),
    "due_date": N_("Due date"),
    "description": N_("Description"),
}
LAYOUT_LABELS = {"general": N_("Any table with headings"), "vendors": N_("List of vendors")}

# headings people use, folded; the first match wins
_HEADINGS: dict[str, tuple[str, ...]] = {
    "supplier": ("suppliercode", "supplier", "vendorno", "vendornum", "vendorcode", "رمزالمورد"),
    "date": ("invoicedate", "billdate", "date", "تاريخالفاتورة", "التاريخ"),
    "number": ("invoicenumber", "invoiceno", "billno", "number", "رقمالفاتورة"),
    "amount": ("amount", "total", "gross", "totalamount", "المبلغ", "الاجمالي", "الإجمالي"),
    "supplier_name": ("suppliername", "vendorname", "vendor", "اسمالمورد", "المورد"),
    "due_date": ("duedate", "due", "تاريخالاستحقاق"),
    "description": ("description", "details", "memo", "البيان", "الوصف"),
}


def guess_columns(headings: Sequence[str]) -> dict[str, str]:
    """Return field -> heading for headings that are understood; each heading once."""
    folded = {re.sub(r"[\W_]+", "", heading).casefold(): heading for heading in reversed(headings)}
    found: dict[str, str] = {}
    for field, names in _HEADINGS.items():
        for name in names:
            heading = folded.get(name)
            if heading is not None and heading not in found.values():
                found[field] = heading
                break
    return found
