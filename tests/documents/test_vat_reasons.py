"""What bears no VAT says why, in both languages, on the preview and on the PDF alike (zatca.md part 5)."""

from __future__ import annotations

import csv
from types import SimpleNamespace

import pytest
from django.conf import settings

from ar.models import Invoice
from ar.printing import print_document
from documents.previewing import preview_document
from documents.vat_reasons import REASONS, USUAL, reasons_of
from ledger.services.setup import DEFAULT_CODES
from tests.builders import draft_invoice, lines_of, post
from tests.cast import Cast


def sale_codes():
    with (settings.BASE_DIR / "ledger/data/tax_codes_sa.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["direction"] == "sale"]
    return {row["code"]: row for row in rows}


def test_every_code_of_a_sale_without_vat_has_its_reason():
    wanted = {code: row["reason_code"] for code, row in sale_codes().items() if row["reason_code"]}

    assert {code: one.code for code, one in REASONS.items()} == wanted
    assert all(one.english and one.arabic for one in REASONS.values())


def test_a_line_without_code_gets_the_reason_of_the_code_that_saving_gives_it():
    assert set(USUAL.values()) <= DEFAULT_CODES
    assert all(sale_codes()[code]["category"] == category for category, code in USUAL.items())


def test_each_reason_is_named_once_and_none_on_standard_lines():
    lines = [
        SimpleNamespace(tax_category=category, tax_code=code)
        for category, code in (("S", "S15"), ("Z", "SXG"), ("Z", "SZMED"), ("Z", "SXG"), ("E", ""))
    ]

    found = reasons_of(lines, is_sale=True)

    assert {key: [one.code for one in value] for key, value in found.items()} == {
        "Z": ["VATEX-SA-32", "VATEX-SA-35"],
        "E": ["VATEX-SA-29"],
    }
    assert reasons_of(lines, is_sale=False) == {}


def line(**fields):
    return {"description": "X", "quantity": "1", "unit_price": "100"} | fields


@pytest.mark.django_db
def test_preview_and_stored_document_name_the_same_reason(company_a: Cast):
    typed = [
        line(vat_rate="15"),
        line(vat_rate="0", tax_category="E"),
        line(tax_code="SXG", tax_category="Z", vat_rate="0"),
    ]
    with company_a.acting() as owner:
        invoice = draft_invoice(owner, company_a.customer, typed)
        post(owner, invoice)
        stored = print_document(
            Invoice.objects.get(pk=invoice.pk), lines_of(invoice), owner.company
        )
        shown = preview_document(
            {"lines": typed}, kind="invoice", company=owner.company, currency="SAR"
        ).document

    reasons = [(row.category, row.reason, row.reason_arabic) for row in stored.tax_rows]
    assert reasons == [(row.category, row.reason, row.reason_arabic) for row in shown.tax_rows]
    assert {category: reason for category, reason, _arabic in reasons} == {
        "S": "",
        "E": "VATEX-SA-29 Financial services mentioned in Article 29 of the VAT Regulations",
        "Z": "VATEX-SA-32 Export of goods",
    }
    assert {arabic for _c, _r, arabic in reasons} >= {"VATEX-SA-32 صادرات السلع من المملكة"}
