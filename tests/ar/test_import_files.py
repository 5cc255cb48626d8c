"""Files are read within limits, mapped by their headings, and every row ends in a document or on the list."""

from __future__ import annotations

import datetime as dt
import gzip
import zipfile

import pytest
from openpyxl import Workbook

from ar.imports.columns import Columns, ImportRules
from ar.imports.documents import RefusedDocument, read_documents, scan
from ar.imports.layouts import (
    GENERAL,
    ONLINE_RETAIL,
    MissingColumns,
    column_positions,
    guess_layout,
    guess_mapping,
)
from documents import readers
from documents.readers import UnreadableFile, headings_of, opened_table

HEAD = "Invoice No,Date,Customer,Item code,Description,Qty,Unit price,VAT rate\n"


def table(tmp_path, text, name="rows.csv"):
    path = tmp_path / name
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def documents(path, rules=None):
    with opened_table(path) as plain:
        positions = column_positions(GENERAL, headings_of(plain))
        columns = Columns(positions, rules or ImportRules("SAR"))
        index = scan(plain, columns)
        return list(read_documents(plain, columns, index)), index


def refusals(found):
    return [
        (problem.row, problem.error.code)
        for document in found
        if isinstance(document, RefusedDocument)
        for problem in document.problems
    ]


def test_headings_in_either_language_find_their_fields():
    assert guess_mapping(["رقم الفاتورة", "التاريخ", "الكمية", "السعر", "الوصف"]) == {
        "number": "رقم الفاتورة",
        "date": "التاريخ",
        "quantity": "الكمية",
        "unit_price": "السعر",
        "description": "الوصف",
    }
    assert guess_layout(list(ONLINE_RETAIL.columns.values())) is ONLINE_RETAIL


def test_a_file_without_a_needed_column_is_refused_naming_it():
    with pytest.raises(MissingColumns, match="quantity"):
        column_positions(GENERAL, ["Invoice No", "Date", "Price", "Description"])


def test_rows_of_a_document_that_lie_apart_still_make_one(tmp_path):
    path = table(
        tmp_path,
        "A1,2024-01-01,Amal,X,One,1,10,15\nB1,2024-01-01,Amal,X,One,1,10,15\nA1,2024-01-01,Amal,Y,Two,2,5,5\n",
    )
    found, index = documents(path)
    assert [(d.number, len(d.lines)) for d in found] == [("B1", 1), ("A1", 2)]
    assert (index.rows, index.chosen_rows, list(index.items)) == (3, 3, ["X", "Y"])


def test_one_bad_row_refuses_its_document_and_lists_every_row_of_it(tmp_path):
    path = table(
        tmp_path,
        "A1,2024-01-01,Amal,X,One,1,10,15\nA1,2024-01-01,Amal,X,One,NaN,10,15\nB1,2024-01-01,,X,One,1,10,7\n"
        "C1,1446-05-01,,X,One,1,10,15\nD1,2024-01-01,,X,One,1,10,15\nE1,2024-01-01,Amal,,,1,10,15\n",
    )
    found, _ = documents(path)
    assert refusals(found) == [
        (2, "document_refused"),
        (3, "wrong_number"),
        (4, "unknown_tax_rate"),
        (5, "wrong_date"),
        (7, "required"),
    ]
    assert [d.number for d in found if not isinstance(d, RefusedDocument)] == ["D1"]


def test_a_document_that_sells_and_takes_back_is_refused(tmp_path):
    found, _ = documents(
        table(tmp_path, "A1,2024-01-01,,X,One,1,10,15\nA1,2024-01-01,,X,One,-1,5,15\n")
    )
    assert {code for _, code in refusals(found)} == {"mixed_signs"}


def test_negative_and_free_returned_documents_become_credit_notes(tmp_path):
    found, _ = documents(
        table(
            tmp_path,
            "A1,2024-01-01,,X,One,-1,10,15\nB1,2024-01-01,,X,One,-4,0,15\nC1,2024-01-01,,X,One,4,0,15\n"
            "D1,2024-01-01,,X,One,1,-9,15\n",
        )
    )
    assert [(d.number, d.is_credit) for d in found] == [
        ("A1", True),
        ("B1", True),
        ("C1", False),
        ("D1", True),
    ]


def test_a_document_is_chosen_by_the_date_of_its_first_row(tmp_path):

    rules = ImportRules("SAR", 15, dt.date(2024, 1, 2), dt.date(2024, 1, 2))
    found, _ = documents(
        table(
            tmp_path,
            "A1,2024-01-01,,X,One,1,1,15\nB1,2024-01-02 23:59,,X,One,1,1,15\nB1,2024-01-03 00:00,,X,One,1,1,15\n"
            "C1,2024-01-03,,X,One,1,1,15\n",
        ),
        rules,
    )
    assert [(d.number, len(d.lines)) for d in found] == [("B1", 2)]


def test_a_byte_order_mark_semicolons_and_mixed_line_ends_are_read(tmp_path):
    path = tmp_path / "x.csv"
    text = (
        HEAD.replace(",", ";").replace("\n", "\r\n")
        + "A1;2024-01-01;;X;One;1;2.50;15\rA2;2024-01-01;;X;One;1;3;15\n"
    )
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    found, _ = documents(path)
    assert [d.number for d in found] == ["A1", "A2"]


@pytest.mark.parametrize(
    "content",
    [b"", HEAD.encode("utf-16"), b"\x1f\x8b broken", b"PK\x03\x04 broken", b"one column\n1\n"],
)
def test_what_is_no_table_is_refused(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile), opened_table(path) as plain:
        headings_of(plain)


def test_a_gzip_bomb_is_refused_before_it_fills_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_UNPACKED_BYTES", 2_000_000)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 5_000_000))
    with pytest.raises(UnreadableFile), opened_table(path):
        pass


def test_a_workbook_reads_like_a_csv_and_its_formulas_are_refused(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(HEAD.strip().split(","))
    sheet.append(["A1", "2024-01-01", "", "X", "One", 2, 2.55, 15])
    sheet.append(["B1", "2024-01-01", "", "X", "One", "=1+1", 1, 15])
    path = tmp_path / "x.xlsx"
    book.save(path)
    found, _ = documents(path)
    assert found[0].lines[0][2].net == 510
    assert refusals(found) == [(3, "formula")]


def test_a_workbook_with_macros_is_refused(tmp_path):
    path = tmp_path / "x.xlsm"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<x/>")
        archive.writestr("xl/vbaProject.bin", "x")
    with pytest.raises(UnreadableFile), opened_table(path):
        pass
