from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from documents.printing import LineFigures, PrintParty, format_document
from tests.documents.print_samples import BUYER, invoice


def test_every_figure_becomes_text_once():
    line = format_document(invoice(2)).lines[1]

    assert (line.quantity, line.unit_price, line.tax_rate) == ("9", "182.50", "15%")
    assert (line.net, line.tax, line.gross) == ("1,642.50", "246.38", "1,888.88")


def test_a_line_not_typed_yet_prints_as_nothing():
    line = LineFigures(1, "", None, None, None, None, None)

    text = format_document(replace(invoice(1), lines=(line,))).lines[0]

    assert {text.quantity, text.unit_price, text.net, text.gross, text.tax_rate} == {""}


def test_buyer_without_vat_number_gets_a_simplified_invoice():
    consumer = PrintParty(name="Cash customer")

    assert format_document(invoice(1)).title_en == "TAX INVOICE"
    assert format_document(invoice(1, buyer=consumer)).title_en == "SIMPLIFIED TAX INVOICE"
    assert format_document(invoice(1, buyer=consumer)).title_ar == "فاتورة ضريبية مبسطة"
    assert format_document(invoice(1, kind="credit_note", buyer=BUYER)).title_ar == "إشعار دائن"


def test_discount_column_appears_only_when_a_line_has_one():
    without = invoice(2)
    with_one = replace(
        without, lines=(replace(without.lines[0], discount=Decimal("5")), without.lines[1])
    )

    assert not format_document(without).has_line_discounts
    assert format_document(with_one).has_line_discounts


def test_paid_and_due_appear_only_when_something_was_paid():
    total = invoice(1).total

    untouched = format_document(invoice(1, amount_due=total))
    partly = format_document(invoice(1, amount_due=total - 3))

    assert (untouched.paid, untouched.amount_due) == ("", "")
    assert (partly.paid, partly.amount_due) == ("3.00", "100.50")


def test_document_discount_is_shown_negative_with_the_lines_total():
    printed = format_document(
        invoice(1, lines_total=Decimal("140"), document_discount=Decimal("50"))
    )

    assert (printed.lines_total, printed.discount) == ("140.00", "−50.00")


def test_three_digit_currencies_print_three_digits():
    assert format_document(invoice(1, currency="KWD")).subtotal == "90.000"


def test_a_draft_is_dated_by_its_issue_date():
    draft = format_document(invoice(1, status="draft", number="", issued_at=None))

    assert draft.is_draft
    assert draft.issued_at == datetime(2026, 1, 15, tzinfo=UTC)
    assert (
        format_document(invoice(1, issued_at=None, issue_date=date(2026, 2, 1))).issue_date
        == "2026-02-01"
    )


def test_very_long_figures_set_the_sheet_smaller():
    ordinary = invoice(1)
    line = replace(ordinary.lines[0], gross=Decimal("12345678901.23"))

    assert not format_document(ordinary).is_wide
    assert format_document(replace(ordinary, lines=(line,))).is_wide
    assert not format_document(replace(ordinary, lines=())).is_wide
