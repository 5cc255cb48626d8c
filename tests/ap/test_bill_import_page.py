"""Import of bills by page: upload, columns, dry run, refused and repeated rows, import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from ap.models import Bill, BillImportJob, SupplierCredit
from tests.ar.signed_in import signed_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "Vendor no,Vendor name,Invoice no,Invoice date,Total\n"
GOOD = (
    HEAD
    + "V1,Old Wall,A-1,2026-03-01,115.00\nV1,Old Wall,A-1,2026-03-01,115.00\nV2,Reed Pen,C-9,2026-03-02,-23.00\n"
)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(client: Client, text: str) -> str:
    file = SimpleUploadedFile("March.csv", text.encode(), content_type="text/csv")
    answer = client.post(reverse("ap:bill-import"), {"file": file})
    assert answer.status_code == 303, answer.content[:500]
    return answer.headers["Location"]


def run(client: Client, page: str, action: str, **fields: Any) -> Any:
    form = {
        "layout": "general",
        "tax_code": "P15",
        "account": "6310",
        "action": action,
        "column_supplier": "Vendor no",
        "column_supplier_name": "Vendor name",
        "column_number": "Invoice no",
        "column_date": "Invoice date",
        "column_amount": "Total",
    }
    return client.post(f"{page}run/", form | fields)


def test_a_file_of_bills_is_guessed_checked_and_imported(company_a: Cast) -> None:
    client = signed_in(company_a, "accountant")
    page = upload(client, GOOD)
    assert '<option value="Invoice no"' in client.get(page).content.decode()
    assert run(client, page, "check").status_code == 303
    with company_a.scope(), transaction.atomic():
        job = BillImportJob.objects.get()
        assert (job.state, job.documents, job.rejected) == ("checked", 3, 0)
        assert job.mapping["number"] == "Invoice no"
        assert not Bill.objects.exists()
    run(client, page, "import", post="on")
    with company_a.scope(), transaction.atomic():
        bills = list(Bill.objects.order_by("number"))
        assert [(one.supplier_number, str(one.total)) for one in bills] == [
            ("A-1", "115.0000"),
            ("A-1", "115.0000"),
        ]
        assert {one.status for one in bills} == {"posted"}
        assert [bool(one.duplicate_reason) for one in bills] == [False, True]
        assert str(SupplierCredit.objects.get().total) == "23.0000"
        job = BillImportJob.objects.get()
        assert (job.state, job.warned) == ("done", 1)
    shown = client.get(page).content.decode()
    assert "imported all the same" in shown
    refused = client.get(f"{page}refused/")
    assert b"A-1" in b"".join(refused.streaming_content)  # type: ignore[attr-defined]
    refused.close()


def test_wrong_rows_are_named_and_wrong_settings_refused(company_a: Cast) -> None:
    client = signed_in(company_a, "accountant")
    page = upload(client, GOOD + "V3,,B-1,31.02.2026,abc\n")
    missing = run(client, page, "check", column_amount="")
    assert missing.status_code == 422
    assert "amount" in missing.content.decode()
    assert run(client, page, "check", layout="none").status_code == 422
    run(client, page, "check")
    with company_a.scope(), transaction.atomic():
        job = BillImportJob.objects.get()
        assert (job.state, job.rejected) == ("checked", 1)
        assert {one["row"] for one in job.problems if not one["warning"]} == {5}
    run(client, page, "check", account="9999")
    with company_a.scope(), transaction.atomic():
        job = BillImportJob.objects.get()
        assert (job.state, job.message) == ("failed", "There is no such open account.")
        assert not Bill.objects.exists()


def test_only_those_who_may_import_do(company_a: Cast, company_b: Cast) -> None:
    page = upload(signed_in(company_a), GOOD)
    assert signed_in(company_a, "sales").get(reverse("ap:bill-import")).status_code == 403
    assert signed_in(company_b).get(page).status_code == 404
