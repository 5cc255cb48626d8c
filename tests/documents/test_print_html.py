import re
from dataclasses import replace

import pytest

from documents.printing import PrintParty, format_document
from documents.rendering import render_page_html, render_preview_html
from tests.documents.print_samples import invoice


def html_of(*args, **changes):
    return render_preview_html(format_document(invoice(*args, **changes)))


def test_bilingual_sheet_carries_both_languages():
    html = html_of(2)

    for text in ("TAX INVOICE", "فاتورة ضريبية", "Dallah Hospital", "مستشفى دله", "قفازات نتريل"):
        assert text in html
    assert 'dir="ltr"' in html


@pytest.mark.parametrize(
    ("language", "direction", "there", "absent"),
    [("en", "ltr", "TAX INVOICE", "فاتورة ضريبية"), ("ar", "rtl", "فاتورة ضريبية", "TAX INVOICE")],
)
def test_one_language_sheet_leaves_the_other_out(language, direction, there, absent):
    html = html_of(1, language=language)

    assert re.search(rf'class="sheet sheet--{language}"\s+dir="{direction}"', html)
    assert there in html
    assert absent not in html


def test_everything_the_law_asks_for_is_visible():
    html = html_of(5, qr_data_uri="data:image/png;base64,AAAA")

    for text in (
        "INV-2026-00042",
        "2026-01-15",
        "2026-01-14",
        "310122393500003",
        "300055184400003",
        "7421 King Fahd Road",
        "10,546.66",
        "1,250.80",
        "11,797.46",
        "Medicines and medical equipment",
        'src="data:image/png;base64,AAAA"',
    ):
        assert text in html


def test_note_names_the_original_invoice_and_the_reason():
    html = html_of(
        1,
        kind="credit_note",
        original_number="INV-2026-00007",
        reason="Returned goods",
        reason_arabic="بضاعة مرتجعة",
    )

    for text in ("CREDIT NOTE", "INV-2026-00007", "Returned goods", "بضاعة مرتجعة"):
        assert text in html


def test_draft_and_void_are_marked_and_posted_is_not():
    assert "مسودة" in html_of(1, status="draft", number="")
    assert "ملغاة" in html_of(1, status="void")
    assert "sheet-mark" not in html_of(1)


def test_text_of_users_cannot_become_markup():
    evil = '<img src=x onerror="alert(1)">'
    sample = invoice(1)
    figures = replace(
        sample,
        buyer=PrintParty(name=evil, name_arabic=evil, address_lines=(evil,)),
        lines=(
            replace(
                sample.lines[0], description=evil, description_arabic=evil, code=evil, unit=evil
            ),
        ),
        notes=evil,
        number=evil,
    )

    html = render_preview_html(format_document(figures))

    assert "<img src=x" not in html
    assert html.count("&lt;img src=x") >= 8


def test_preview_and_pdf_are_made_of_the_same_sheet():
    document = format_document(invoice(3))

    assert render_preview_html(document).strip() in render_page_html(document)


def test_each_row_names_its_line():
    assert re.findall(r'data-line="(\d+)"', html_of(3)) == ["1", "2", "3"]
