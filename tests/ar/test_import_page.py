"""Import by page: upload, columns, dry run, refused rows, import; small files as a whole or not at all."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ar.models import CreditNote, ImportJob, Invoice
from ar.services.import_jobs import INVOICE_IMPORT
from core.text import spreadsheet_safe
from documents.services.import_jobs import job_run, jobs_care

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "InvoiceNo,Date,Customer,StockCode,Description,Quantity,UnitPrice\n"
GOOD = (
    HEAD
    + "A1,2026-03-01,Amal,X1,Gauze,2,10.00\nA1,2026-03-01,Amal,X2,Mask,1,5.00\nC1,2026-03-02,Amal,X1,Gauze,-1,10.00\n"
)
BAD = GOOD + "A2,2026-03-03,Amal,X1,=cmd(),abc,1\n"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def signed_in(company_a, client):
    client.force_login(company_a.users["accountant"], "django.contrib.auth.backends.ModelBackend")
    return client


def upload(client, text):
    file = SimpleUploadedFile("March.csv", text.encode(), content_type="text/csv")
    answer = client.post(reverse("ar:invoice-import"), {"file": file})
    assert answer.status_code == 303, answer.content[:500]
    return answer.headers["Location"]


def run(client, page, action, **fields):
    form = {
        "layout": "general",
        "tax_rate": "15",
        "action": action,
        "column_number": "InvoiceNo",
        "column_date": "Date",
        "column_quantity": "Quantity",
        "column_unit_price": "UnitPrice",
        "column_customer_name": "Customer",
        "column_item_code": "StockCode",
        "column_description": "Description",
    }
    return client.post(f"{page}run/", form | fields)


def test_a_file_is_guessed_checked_and_imported(company_a, signed_in):
    page = upload(signed_in, GOOD)
    shown = signed_in.get(page).content.decode()
    assert re.search(r'value="StockCode"\s+selected', shown)
    assert run(signed_in, page, "check").status_code == 303
    with company_a.scope(), transaction.atomic():
        job = ImportJob.objects.get()
        assert (job.state, job.documents, job.lines, job.rejected) == ("checked", 2, 3, 0)
        assert not Invoice.objects.exists()
    run(signed_in, page, "import", post="on")
    with company_a.scope(), transaction.atomic():
        invoice, note = Invoice.objects.get(), CreditNote.objects.get()
        assert (invoice.number, invoice.subtotal, invoice.status) == ("A1", 25, "posted")
        assert (note.number, note.subtotal) == ("C1", 10)
        assert invoice.customer.name == "Amal"
        assert ImportJob.objects.get().state == "done"
    assert "The file was imported" in signed_in.get(page).content.decode()


def test_a_small_file_with_a_bad_row_writes_nothing_and_names_the_row(company_a, signed_in):
    page = upload(signed_in, BAD)
    run(signed_in, page, "import")
    with company_a.scope(), transaction.atomic():
        job = ImportJob.objects.get()
        assert (job.state, job.rejected) == ("failed", 1)
        assert job.problems[0]["row"] == 5
        assert not Invoice.objects.exists()
    assert "Enter a number" in signed_in.get(page).content.decode()
    rows = b"".join(signed_in.get(f"{page}refused/").streaming_content).decode("utf-8-sig")
    assert rows.splitlines()[1].startswith("5,A2,quantity,abc,")


def test_without_post_they_become_drafts(company_a, signed_in):
    page = upload(signed_in, GOOD)
    run(signed_in, page, "import")
    with company_a.scope(), transaction.atomic():
        assert Invoice.objects.get().status == "draft"


def test_a_missing_column_shows_the_form_again(signed_in):
    page = upload(signed_in, GOOD)
    answer = run(signed_in, page, "check", column_quantity="")
    assert answer.status_code == 422
    assert "quantity" in answer.content.decode()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe broken", b"just one\n"])
def test_what_is_no_table_is_refused_at_the_upload(signed_in, content):
    file = SimpleUploadedFile("x.csv", content)
    answer = signed_in.post(reverse("ar:invoice-import"), {"file": file})
    assert answer.status_code == 422
    assert b"file_error" in answer.content


def test_sales_may_not_import_and_others_jobs_are_not_there(
    company_a, company_b, signed_in, client
):
    page = upload(signed_in, GOOD)
    client.force_login(company_b.users["owner"], "django.contrib.auth.backends.ModelBackend")
    assert client.get(page).status_code == 404
    client.force_login(company_a.users["sales"], "django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("ar:invoice-import")).status_code == 403


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "＝1"])
def test_exported_values_are_no_formulas(text):
    assert spreadsheet_safe(text) == f"'{text}"


def _one_job(cast, **changes):
    with cast.acting():
        job = ImportJob.objects.get()
        for name, value in changes.items():
            setattr(job, name, value)
        job.save()
    return job


def _care(cast, sent):
    sent.clear()
    with cast.scope(source="task"):
        jobs_care(kind=INVOICE_IMPORT)
    return [args[2] for _name, args in sent]


@pytest.fixture
def sent(monkeypatch):
    """No queue: what is sent stays here."""
    messages = []
    monkeypatch.setattr("core.queue._send", lambda name, args: messages.append((name, args)))
    return messages


def test_an_import_whose_message_was_lost_is_handed_out_again(company_a, signed_in, sent):
    page = upload(signed_in, GOOD)
    run(signed_in, page, "import")
    job = _one_job(company_a)

    assert _care(company_a, sent) == [str(job.pk)]
    with company_a.scope(source="task"):
        job_run(INVOICE_IMPORT, job_id=job.pk, actor_id=None)
        job_run(INVOICE_IMPORT, job_id=job.pk, actor_id=None)
    job = _one_job(company_a)
    assert (job.state, job.attempts) == ("done", 1)
    assert _care(company_a, sent) == []


def test_an_import_whose_worker_died_is_taken_over_and_at_last_given_up(company_a, signed_in, sent):
    page = upload(signed_in, GOOD)
    run(signed_in, page, "import")
    now = timezone.now()
    job = _one_job(company_a, heartbeat_at=now, attempts=1)
    assert _care(company_a, sent) == []  # somebody is at it

    _one_job(company_a, heartbeat_at=now - dt.timedelta(hours=1))
    assert _care(company_a, sent) == [str(job.pk)]

    _one_job(company_a, attempts=3)
    assert _care(company_a, sent) == []
    assert _one_job(company_a).state == "failed"


def test_a_refused_column_is_named_as_the_file_heads_it(company_a, signed_in):
    page = upload(signed_in, BAD.replace("Quantity", "Pieces"))
    run(signed_in, page, "check", column_quantity="Pieces")

    shown = signed_in.get(page).content.decode()

    assert "<td><bdi>Pieces</bdi></td>" in shown
    assert "<td><bdi>quantity</bdi></td>" not in shown


def test_the_audit_log_tells_of_an_import(company_a, signed_in):
    run(signed_in, upload(signed_in, GOOD), "check")

    assert signed_in.get(reverse("audit:log")).status_code == 200
