"""What a printed document says: plain frozen values, shared by the live preview and the PDF. Pure.

`DocumentFigures` is what a document knows (Decimals and dates); `format_document` turns it into a `PrintDocument`, in
which every figure is already the text that will be read. Templates do no arithmetic and no formatting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Literal

from documents.print_labels import TITLES
from web.formats import (
    currency_sign,
    format_amount,
    format_digits,
    format_percent,
    format_quantity,
    format_unit_price,
)

Language = Literal["both", "en", "ar"]

#: Characters of the longest figure that fits the ordinary columns: 99,999,999.99.
ORDINARY_FIGURE = 13


@dataclass(frozen=True, slots=True)
class PrintParty:
    """Seller or buyer as printed; on posted documents the snapshot, never today's master data."""

    name: str = ""
    name_arabic: str = ""
    vat_number: str = ""
    cr_number: str = ""
    other_id: str = ""
    address_lines: tuple[str, ...] = ()
    address_lines_arabic: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class LineFigures:
    """A line before formatting. None: not typed yet (live preview), printed as nothing."""

    position: int
    description: str
    quantity: Decimal | None
    unit_price: Decimal | None
    net: Decimal | None
    tax: Decimal | None
    gross: Decimal | None
    tax_rate: Decimal | None = None
    discount: Decimal | None = None
    description_arabic: str = ""
    code: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TaxFigures:
    """The document's VAT of one category and rate, with the reason a zero rate or an exemption needs."""

    category: str
    rate: Decimal
    taxable: Decimal
    tax: Decimal
    reason: str = ""
    reason_arabic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFigures:
    """A document before formatting; amounts in `currency`.

    `tax_in_base` is given when the currency is not the base currency: the law asks for the VAT in riyals as well.
    `amount_due` None: not shown (drafts, quotations).
    """

    kind: str
    seller: PrintParty
    buyer: PrintParty
    lines: Sequence[LineFigures]
    taxes: Sequence[TaxFigures]
    currency: str
    subtotal: Decimal
    tax_amount: Decimal
    total: Decimal
    issue_date: date | None
    number: str = ""
    status: str = "draft"
    due_date: date | None = None
    supply_date: date | None = None
    lines_total: Decimal | None = None
    document_discount: Decimal = Decimal(0)
    amount_due: Decimal | None = None
    tax_in_base: Decimal | None = None
    total_in_words: str = ""
    total_in_words_arabic: str = ""
    notes: str = ""
    notes_arabic: str = ""
    your_reference: str = ""
    original_number: str = ""
    original_date: date | None = None
    reason: str = ""
    reason_arabic: str = ""
    qr_data_uri: str = ""
    logo_data_uri: str = ""
    language: Language = "both"
    issued_at: datetime | None = None
    title: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PrintLine:
    """One line as text."""

    position: str
    code: str
    description: str
    description_arabic: str
    quantity: str
    unit: str
    unit_price: str
    discount: str
    tax_rate: str
    net: str
    tax: str
    gross: str


@dataclass(frozen=True, slots=True)
class PrintTaxRow:
    """One row of the VAT summary as text."""

    category: str
    rate: str
    taxable: str
    tax: str
    reason: str = ""
    reason_arabic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDocument:
    """Everything the sheet shows, as text. `discount` and `amount_due` are empty when there is nothing to say."""

    kind: str
    title_en: str
    title_ar: str
    number: str
    status: str
    is_draft: bool
    issue_date: str
    due_date: str
    supply_date: str
    currency: str
    seller: PrintParty
    buyer: PrintParty
    lines: tuple[PrintLine, ...]
    tax_rows: tuple[PrintTaxRow, ...]
    has_line_discounts: bool
    lines_total: str
    discount: str
    subtotal: str
    tax_amount: str
    tax_in_base: str
    total: str
    paid: str
    amount_due: str
    total_in_words: str
    total_in_words_arabic: str
    notes: str
    notes_arabic: str
    your_reference: str
    reference: str
    reference_date: str
    reason: str
    reason_arabic: str
    qr_data_uri: str
    logo_data_uri: str
    language: Language
    issued_at: datetime

    @property
    def is_void(self) -> bool:
        return self.status == "void"

    @property
    def is_purchase(self) -> bool:
        """Whether somebody else issued it: its reference is then the supplier's number."""
        return self.kind in {"bill", "supplier_credit"}

    @property
    def is_wide(self) -> bool:
        """Whether a figure is longer than the ordinary columns; the sheet then sets lines smaller."""
        figures = [self.total, *(line.gross for line in self.lines)]
        figures += [line.unit_price for line in self.lines]
        return max(map(len, figures)) > ORDINARY_FIGURE

    @property
    def currency_sign(self) -> str:
        """The currency beside the total, as the document's language writes it."""
        return currency_sign(self.currency, self.language)

    @property
    def direction(self) -> str:
        """Arabic documents run right to left; English and bilingual ones left to right, Arabic on the far side."""
        return "rtl" if self.language == "ar" else "ltr"

    @property
    def shows_english(self) -> bool:
        return self.language != "ar"

    @property
    def shows_arabic(self) -> bool:
        return self.language != "en"


def _amount(value: Decimal | None, currency: str) -> str:
    return "" if value is None else format_amount(value, currency)


def _date(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def _line(line: LineFigures, currency: str) -> PrintLine:
    return PrintLine(
        position=str(line.position),
        code=line.code,
        description=line.description,
        description_arabic=line.description_arabic,
        quantity="" if line.quantity is None else format_quantity(line.quantity),
        unit=line.unit,
        unit_price="" if line.unit_price is None else format_unit_price(line.unit_price, currency),
        discount=format_amount(line.discount, currency) if line.discount else "",
        tax_rate="" if line.tax_rate is None else format_percent(line.tax_rate),
        net=_amount(line.net, currency),
        tax=_amount(line.tax, currency),
        gross=_amount(line.gross, currency),
    )


def _tax_row(row: TaxFigures, currency: str) -> PrintTaxRow:
    return PrintTaxRow(
        category=row.category,
        rate=format_percent(row.rate),
        taxable=format_amount(row.taxable, currency),
        tax=format_amount(row.tax, currency),
        reason=row.reason,
        reason_arabic=row.reason_arabic,
    )


def title_of(kind: str, buyer: PrintParty) -> tuple[str, str]:
    """Return the title in both languages: an invoice or note to a buyer without VAT number is a simplified one."""
    if kind in {"invoice", "credit_note", "debit_note"} and not buyer.vat_number:
        kind = f"simplified_{kind}"
    return TITLES[kind]


def format_document(figures: DocumentFigures) -> PrintDocument:
    """Return the document with every figure and date as the text that is printed."""
    currency = figures.currency
    title = figures.title or title_of(figures.kind, figures.buyer)
    due = figures.amount_due
    partly_paid = due is not None and due != figures.total
    stamp = figures.issued_at or datetime.combine(
        figures.issue_date or date(2000, 1, 1), time(), tzinfo=UTC
    )
    return PrintDocument(
        kind=figures.kind,
        title_en=title[0],
        title_ar=title[1],
        number=figures.number,
        status=figures.status,
        is_draft=figures.status == "draft",
        issue_date=_date(figures.issue_date),
        due_date=_date(figures.due_date),
        supply_date=_date(figures.supply_date),
        currency=currency,
        seller=figures.seller,
        buyer=figures.buyer,
        lines=tuple(_line(line, currency) for line in figures.lines),
        tax_rows=tuple(_tax_row(row, currency) for row in figures.taxes),
        has_line_discounts=any(line.discount for line in figures.lines),
        lines_total=_amount(figures.lines_total, currency) if figures.document_discount else "",
        discount=format_amount(-figures.document_discount, currency)
        if figures.document_discount
        else "",
        subtotal=format_amount(figures.subtotal, currency),
        tax_amount=format_amount(figures.tax_amount, currency),
        # the law's currency, so its two digits, whatever the document's currency has
        tax_in_base="" if figures.tax_in_base is None else format_digits(figures.tax_in_base, 2),
        total=format_amount(figures.total, currency),
        paid=format_amount(figures.total - due, currency)
        if due is not None and partly_paid
        else "",
        amount_due=_amount(due, currency) if partly_paid else "",
        total_in_words=figures.total_in_words,
        total_in_words_arabic=figures.total_in_words_arabic,
        notes=figures.notes,
        notes_arabic=figures.notes_arabic,
        your_reference=figures.your_reference,
        reference=figures.original_number,
        reference_date=_date(figures.original_date),
        reason=figures.reason,
        reason_arabic=figures.reason_arabic,
        qr_data_uri=figures.qr_data_uri,
        logo_data_uri=figures.logo_data_uri,
        language=figures.language,
        issued_at=stamp,
    )
