"""What the columns of an import file mean. Pure data and a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.errors import N_, DomainError

#: Fields a column can be mapped to, in the order shown; the required ones first.
REQUIRED_FIELDS = ("number", "date", "quantity", "unit_price")
FIELDS = (
    *REQUIRED_FIELDS,
    "customer_code",
    "customer_name",
    "item_code",
    "description",
    "tax_rate",
    "discount_percent",
    "country",
)

FIELD_LABELS = {
    "number": N_("Document number"),
    "date": N_("Date"),
    "quantity": N_("Quantity"),
    "unit_price": N_("Unit price"),
    "customer_code": N_("Customer code"),
    "customer_name": N_("Customer name"),
    "item_code": N_("Item code"),
    "description": N_("Description"),
    "tax_rate": N_("VAT rate"),
    "discount_percent": N_("Discount percent"),
    "country": N_("Country"),
}

# Headings people use, folded by _fold; the first match wins.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "number": (
        "invoiceno",
        "invoicenumber",
        "documentnumber",
        "docno",
        "invoice",
        "number",
        "رقمالفاتورة",
        "رقمالمستند",
    ),
    "date": ("invoicedate", "documentdate", "issuedate", "date", "تاريخالفاتورة", "التاريخ"),
    "quantity": ("quantity", "qty", "units", "الكمية"),
    "unit_price": ("unitprice", "price", "rate", "سعرالوحدة", "السعر"),
    "customer_code": (
        "customerid",
        "customercode",
        "customerno",
        "clientid",
        "رقمالعميل",
        "رمزالعميل",
    ),
    "customer_name": ("customername", "customer", "client", "buyer", "اسمالعميل", "العميل"),
    "item_code": (
        "stockcode",
        "itemcode",
        "sku",
        "productcode",
        "item",
        "code",
        "رمزالصنف",
        "الصنف",
    ),
    "description": (
        "description",
        "itemname",
        "productname",
        "product",
        "details",
        "الوصف",
        "البيان",
    ),
    "tax_rate": ("vatrate", "taxrate", "vat", "tax", "نسبةالضريبة", "الضريبة"),
    "discount_percent": ("discountpercent", "discount", "نسبةالخصم", "الخصم"),
    "country": ("country", "الدولة", "البلد"),
}


class MissingColumns(DomainError):
    """The file lacks columns an import cannot do without."""

    code = "missing_columns"


class UnknownLayout(DomainError):
    """There is no layout of this name."""

    code = "unknown_layout"


@dataclass(frozen=True, slots=True)
class Layout:
    """A known kind of file: `columns` maps fields to headings. `source` marks the ids of its documents."""

    name: str
    label: str
    source: str
    columns: Mapping[str, str] = field(default_factory=dict)


ONLINE_RETAIL = Layout(
    name="online-retail",
    label=N_("Online retail (UCI)"),
    source="online-retail",
    columns={
        "number": "InvoiceNo",
        "item_code": "StockCode",
        "description": "Description",
        "quantity": "Quantity",
        "date": "InvoiceDate",
        "unit_price": "UnitPrice",
        "customer_code": "CustomerID",
        "country": "Country",
    },
)
GENERAL = Layout(name="general", label=N_("Any table with headings"), source="file")
LAYOUTS = {layout.name: layout for layout in (GENERAL, ONLINE_RETAIL)}


def layout_named(name: str) -> Layout:
    """Return the layout; raises UnknownLayout."""
    if name not in LAYOUTS:
        raise UnknownLayout(N_("There is no such layout."), field="layout")
    return LAYOUTS[name]


def _fold(heading: str) -> str:
    return re.sub(r"[^\w]|_", "", heading).casefold()


def guess_mapping(headings: Sequence[str]) -> dict[str, str]:
    """Return the field -> heading that the headings suggest; each heading serves one field."""
    folded: dict[str, str] = {}
    for heading in headings:
        folded.setdefault(_fold(heading), heading)
    guess: dict[str, str] = {}
    for name in FIELDS:
        for candidate in _HEADINGS[name]:
            found = folded.get(candidate)
            if found is not None and found not in guess.values():
                guess[name] = found
                break
    return guess


def guess_layout(headings: Sequence[str]) -> Layout:
    """Return the layout whose headings are all there, else the general one."""
    if set(ONLINE_RETAIL.columns.values()) <= set(headings):
        return ONLINE_RETAIL
    return GENERAL


def column_positions(
    layout: Layout, headings: Sequence[str], mapping: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Return field -> position of its column, from the mapping given, the layout's own, or a guess.

    Raises MissingColumns naming the fields without a column, or the headings that are not in the file.
    """
    chosen = dict(mapping or layout.columns or guess_mapping(headings))
    chosen = {name: heading for name, heading in chosen.items() if heading}
    unknown = sorted(set(chosen) - set(FIELDS))
    absent = sorted({heading for heading in chosen.values() if heading not in headings})
    if unknown or absent:
        raise MissingColumns(
            N_("The file has no column %(columns)s."),
            field="mapping",
            params={"columns": ", ".join([*absent, *unknown])},
        )
    missing = [name for name in REQUIRED_FIELDS if name not in chosen]
    if not {"item_code", "description"} & set(chosen):
        missing.append("description")
    if missing:
        raise MissingColumns(
            N_("Choose a column for: %(columns)s."),
            field="mapping",
            params={"columns": ", ".join(missing)},
        )
    return {name: list(headings).index(heading) for name, heading in chosen.items()}
