"""Every report of the registry as page, file and API: right for every role, named errors, safe files."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import openpyxl
import pikepdf
import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from ar.models import Customer
from audit.models import AuditEntry
from core.dates import local_today
from core.text import spreadsheet_safe
from reports import registry
from reports.renderers import delimited, workbook
from tenancy.models import User
from tests.ar.signed_in import signed_in
from tests.builders import line, payment, posted_invoice
from web.tables import Column, ReportTable, Row, Words

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

KEYS = [report.key for report in registry.REPORTS]


def address_of(report, cast):
    """Return the address of a report with what it cannot do without."""
    query = {
        "general-ledger": "?account=1210",
        "customer-statement": f"?party={cast.customer.code}",
    }.get(report.key, "")
    return reverse("reports:report", args=[report.key]) + query


@pytest.fixture
def sold(company_a):
    with company_a.acting() as actor:
        posted_invoice(actor, company_a.customer)
        payment(actor, company_a.customer, "50")
    return company_a


def needs_more(report, cast):
    """Whether a report asks for a record that this company has none of."""
    return any(one.needed for one in report.filters) and "?" not in address_of(report, cast)


def reading_arabic(cast):
    """Return a client of an owner who reads Arabic."""
    with cast.acting():
        User.objects.filter(pk=cast.users["owner"].pk).update(language="ar")
    cache.clear()
    return signed_in(cast)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_report_opens_and_is_listed(sold, language):
    client = signed_in(sold) if language == "en" else reading_arabic(sold)
    hub = client.get(reverse("reports:hub")).content.decode()

    for report in registry.REPORTS:
        assert f'href="{reverse("reports:report", args=[report.key])}"' in hub
        answer = client.get(address_of(report, sold))
        assert answer.status_code == 200, report.key


def test_every_short_report_is_a_file_of_each_kind(sold):
    client = signed_in(sold)
    for report in registry.REPORTS:
        if report.is_long or needs_more(report, sold):
            continue
        query = address_of(report, sold).partition("?")[2]
        for form, beginning in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
            address = reverse("reports:file", args=[report.key, form])
            answer = client.get(f"{address}?{query}")
            assert answer.status_code == 200, (report.key, form)
            assert answer.content.startswith(beginning)
            assert "attachment" in answer.headers["Content-Disposition"]


def test_every_export_leaves_a_trace(sold):
    signed_in(sold).get(reverse("reports:file", args=["trial-balance", "csv"]))

    with sold.acting():
        (entry,) = AuditEntry.objects.filter(entity_type="reports.report")
    assert (entry.action, entry.entity_id) == ("EXPORT", "trial-balance")


def test_every_report_is_an_answer_of_the_api(sold):
    client = signed_in(sold)
    listed = client.get("/api/v1/reports").json()["rows"]
    assert {row["key"] for row in listed} == set(KEYS)
    for report in registry.REPORTS:
        if needs_more(report, sold):
            continue
        query = address_of(report, sold).partition("?")[2]
        answer = client.get(f"/api/v1/reports/{report.key}?{query}")
        assert answer.status_code == 200, (report.key, answer.content)
        body = answer.json()
        assert {"report", "currency", "rows", "columns"} <= body.keys()


def test_trial_balance_keeps_its_fixed_shape(sold):
    body = signed_in(sold).get(f"/api/v1/reports/trial-balance?as_of={local_today()}").json()

    assert (body["as_of"], body["currency"]) == (local_today().isoformat(), "SAR")
    rows = {row["code"]: row for row in body["rows"]}
    assert rows["1210"] == {
        "code": "1210",
        "name": "Trade receivables",
        "name_arabic": "ذمم العملاء التجارية",
        "debit": "65.00",
        "credit": "0.00",
    }
    assert rows["4110"]["credit"] == "100.00"
    assert body["total_debit"] == body["total_credit"] == "115.00"


def test_who_may_not_see_the_books_sees_no_report(sold):
    for role in ("sales", "cashier"):
        client = signed_in(sold, role)
        for report in registry.REPORTS:
            assert client.get(address_of(report, sold)).status_code == 403
            assert client.get(f"/api/v1/reports/{report.key}").status_code == 403
        assert client.get(reverse("reports:file", args=["trial-balance", "csv"])).status_code == 403


def test_another_company_sees_nothing_of_it(sold, company_b):
    client = signed_in(company_b)

    assert client.get("/api/v1/reports/trial-balance").json()["rows"] == []
    assert client.get("/api/v1/reports/aged-receivables").json()["rows"] == []
    answer = client.get(f"/api/v1/reports/customer-statement?party={sold.customer.pk}")
    assert answer.json()["errors"][0]["pointer"] == "/party"


@pytest.mark.parametrize(
    ("key", "query", "field"),
    [
        ("trial-balance", "as_of=2026-02-30", "as_of"),
        ("trial-balance", "from=yesterday", "from"),
        ("trial-balance", "currency_of=riyal", "currency_of"),
        ("profit-and-loss", "from=2026-02-01&to=2026-01-01", "from"),
        ("profit-and-loss", "compare=never", "compare"),
        ("profit-and-loss", "months=maybe", "months"),
        ("aged-receivables", "days=60,30", "days"),
        ("aged-receivables", "days=x", "days"),
        ("aged-receivables", "days=1,2,3,4,5,6,7", "days"),
        ("general-ledger", "account=0000", "account"),
        ("general-ledger", "from=2026-01-01", "account"),
        ("customer-statement", "party=nobody", "party"),
        ("sales", "by=colour", "by"),
        ("sales-documents", "salesperson=999999", "salesperson"),
    ],
)
def test_a_wrong_filter_is_named_at_its_field(sold, key, query, field):
    client = signed_in(sold)
    body = client.get(f"/api/v1/reports/{key}?{query}")
    page = client.get(f"{reverse('reports:report', args=[key])}?{query}")

    assert body.status_code == 400
    assert field in [error["field"] for error in body.json()["errors"]]
    if field == "account" and "account" not in query:
        assert page.status_code == 200  # the form, not filled in yet
    else:
        assert page.status_code == 422
        assert f'id="e-{field}"' in page.content.decode()


def test_an_unknown_filter_is_refused_by_the_api(sold):
    answer = signed_in(sold).get("/api/v1/reports/trial-balance?colour=red")

    assert answer.json()["errors"][0]["code"] == "unknown_parameter"


def test_filters_stay_in_the_address_of_every_link(sold):
    client = signed_in(sold)
    page = client.get(
        reverse("reports:report", args=["trial-balance"]) + "?from=2026-01-01&as_of=2026-12-31"
    ).content.decode()

    assert "/reports/trial-balance/file/pdf/?from=2026-01-01&amp;as_of=2026-12-31" in page
    assert "/reports/general-ledger/?account=1210&amp;from=2026-01-01&amp;to=2026-12-31" in page


def test_long_reports_go_on_where_the_page_ended(company_a):
    with company_a.acting() as actor:
        for _n in range(260):
            posted_invoice(actor, company_a.customer)
    client = signed_in(company_a)
    address = "/api/v1/reports/general-ledger?account=1210"
    whole = client.get(address).json()
    page = client.get(reverse("reports:report", args=["general-ledger"]) + "?account=1210")
    after = page.context["table"].after

    assert len([row for row in whole["rows"] if "kind" not in row]) == 260
    following = client.get(
        reverse("reports:report", args=["general-ledger"]) + f"?account=1210&after={after}"
    )
    shown = [
        [cell.text for cell in row.cells] for row in following.context["rows"] if row.kind == "row"
    ]
    assert len(shown) == 60
    assert shown[-1][-1] == "29,900.00"
    assert (
        client.get(
            reverse("reports:report", args=["general-ledger"]) + "?account=1210&after=forged"
        )
        .context["rows"][0]
        .kind
        == "subtotal"
    )


HARMFUL = ("=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1")


@pytest.mark.parametrize("text", HARMFUL)
def test_no_text_becomes_a_formula(text):
    table = ReportTable(
        "t",
        (Column("a", "A"), Column("n", "N", "money")),
        [Row({"a": text, "n": Decimal("-5")}), Row({"a": Words(text, text), "n": None})],
        "SAR",
    )
    rows = list(csv.reader(io.StringIO(b"".join(delimited.csv_chunks(table)).decode("utf-8-sig"))))
    assert rows[1] == [f"'{text}", "-5.00"]
    assert spreadsheet_safe("Acme = 1") == "Acme = 1"

    made = io.BytesIO()
    workbook.write_workbook(table, made, heading=["t"])
    cells = list(openpyxl.load_workbook(made)["t"].iter_rows(min_row=3))
    assert cells[0][0].data_type == "s"
    assert cells[0][0].quotePrefix
    assert (cells[0][1].data_type, cells[0][1].value) == ("n", -5)


def test_a_workbook_has_numbers_days_both_languages_and_a_frozen_head(sold):
    client = signed_in(sold)
    with sold.acting():
        Customer.objects.filter(pk=sold.customer.pk).update(name="=HYPERLINK()")
    address = reverse("reports:file", args=["open-receivables", "xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))
    (sheet,) = book.worksheets
    rows = list(sheet.iter_rows())
    heads = [[cell.value for cell in row] for row in rows[:8]]

    assert ["No.", "Document", "Date", "Due", "Days overdue", "Amount", "Open"] in heads
    assert any("تاريخ" in str(cell) or "التاريخ" in str(cell) for row in heads for cell in row)
    assert sheet.freeze_panes is not None
    amounts = [row[6] for row in rows if row[6].data_type == "n" and row[6].value is not None]
    assert amounts
    assert all(cell.number_format == "#,##0.00" for cell in amounts)
    assert not sheet.sheet_view.rightToLeft


def test_an_arabic_workbook_reads_from_the_right(sold):
    client = reading_arabic(sold)
    answer = client.get(reverse("reports:file", args=["trial-balance", "xlsx"]))
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets

    assert sheet.sheet_view.rightToLeft


def test_a_wide_report_is_printed_across_with_page_numbers(sold):
    client = signed_in(sold)
    narrow = client.get(reverse("reports:file", args=["trial-balance", "pdf"]))
    wide = client.get(reverse("reports:file", args=["aged-receivables", "pdf"]))
    boxes = []
    for answer in (narrow, wide):
        with pikepdf.open(io.BytesIO(answer.content)) as pdf:
            box = pdf.pages[0].mediabox
            boxes.append(float(box[2]) > float(box[3]))

    assert boxes == [False, True]


def test_labels_are_in_the_language_of_the_reader(sold):
    with sold.acting(), transaction.atomic(), translation.override("ar"):
        title = str(registry.BY_KEY["trial-balance"].title)

    assert title == "ميزان المراجعة"


def test_the_palette_finds_reports(sold):
    page = signed_in(sold).get(reverse("reports:dashboard")).content.decode()
    data = page.split('id="palette-data" type="application/json">')[1].split("</script>")[0]

    assert "/reports/cash-flow/" in [entry["url"] for entry in json.loads(data)]


def test_statements_do_not_grow_with_what_was_booked(sold, django_assert_max_num_queries):
    client = signed_in(sold)
    with sold.acting() as actor:
        for _n in range(15):
            posted_invoice(actor, sold.other_customer, [line("1", "10")])
    for report in registry.REPORTS:
        address = address_of(report, sold)
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
