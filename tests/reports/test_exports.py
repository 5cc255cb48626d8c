"""Files in the background: the filters of the page, progress, cancel, expiry, lost messages, rights (SP-7)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEntry
from core.dates import local_today
from core.errors import DomainError
from reports import lists
from reports.models import ExportJob
from reports.services import exports
from tenancy.errors import PermissionRefused
from tests.ar.signed_in import signed_in
from tests.builders import days_ago, draft_invoice, payment, posted_invoice
from tests.cast import ROLES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]
State = ExportJob.State


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """No queue: the test is the worker."""
    messages = []
    monkeypatch.setattr("core.queue._send", lambda name, args: messages.append((name, args)))
    return messages


@pytest.fixture
def sold(company_a):
    with company_a.acting() as actor:
        for age in (40, 20, 1):
            posted_invoice(actor, company_a.customer, issue_date=days_ago(age))
        draft_invoice(actor, company_a.other_customer)
        payment(actor, company_a.customer, "115")
    return company_a


def ask(cast, source, key, form="csv", role="owner", **query):
    with cast.acting(role) as actor:
        return exports.export_create(
            source=source, key=key, form=form, query=query, language="en", actor=actor
        )


def work(cast, job):
    """Be the worker, then return the job as it is."""
    with cast.scope(source="task"):
        exports.export_run(job_id=job.pk)
        return now(cast, job)


def now(cast, job):
    with cast.scope(), transaction.atomic():
        return ExportJob.objects.get(pk=job.pk)


def content(job):
    with default_storage.open(job.stored_file) as file:
        return file.read()


def rows_of(job):
    return list(csv.DictReader(io.StringIO(content(job).decode("utf-8-sig"))))


def test_a_list_is_exported_with_the_filters_of_its_page(sold):
    client = signed_in(sold)
    page = client.get(reverse("ar:invoice-list"), {"status": "posted", "from": days_ago(30)})
    shown = [one.number for one in page.context["listing"].page.object_list]

    job = work(sold, ask(sold, "list", "invoices", status="posted", **{"from": days_ago(30)}))

    assert job.state == State.DONE
    assert [row["No."] for row in rows_of(job)] == shown
    assert len(shown) == 2
    assert (job.rows_done, job.rows_expected) == (2, 2)


@pytest.mark.parametrize("key", [one.key for one in lists.LISTS])
def test_every_list_is_written_in_every_format(sold, key):
    for form in ("csv", "xlsx", "pdf"):
        job = work(sold, ask(sold, "list", key, form))
        assert (job.state, job.message) == (State.DONE, "")
        assert job.size == len(content(job)) > 0


def test_a_long_report_is_written_whole(sold):
    job = work(sold, ask(sold, "report", "journal", "xlsx"))

    book = openpyxl.load_workbook(io.BytesIO(content(job)))
    numbers = {str(row[1].value) for row in book.worksheets[0].iter_rows(min_row=5)}
    assert {"INV-2026-00001", "REC-2026-00001"} <= numbers or job.rows_done >= 8


def test_the_file_lies_under_its_company_and_is_downloaded_once_more_checked(sold, company_b):
    job = work(sold, ask(sold, "list", "invoices"))

    assert job.stored_file.startswith(f"exports/{sold.id}/")
    client = signed_in(sold)
    answer = client.get(reverse("reports:export-file", args=[job.pk]))
    assert b"".join(answer.streaming_content) == content(job)
    for other in (signed_in(company_b), signed_in(sold, "accountant")):
        assert other.get(reverse("reports:export-file", args=[job.pk])).status_code == 404
        assert other.get(f"/api/v1/export-jobs/{job.pk}").status_code == 404
    with sold.acting():
        events = AuditEntry.objects.filter(entity_type="reports.export_job", action="EXPORT")
        assert events.count() == 2  # asked, downloaded


def test_a_right_lost_meanwhile_stops_the_download(sold, monkeypatch):
    job = work(sold, ask(sold, "list", "suppliers", role="accountant"))
    client = signed_in(sold, "accountant")
    monkeypatch.setattr(
        exports, "require", lambda actor, permission: _refuse(permission, "ap.supplier.view")
    )

    assert client.get(reverse("reports:export-file", args=[job.pk])).status_code == 403


def _refuse(asked, refused):
    if asked == refused:
        raise PermissionRefused("no")


@pytest.mark.parametrize("role", ROLES)
def test_who_may_export(sold, role):
    client = signed_in(sold, role)
    allowed = role in ("owner", "accountant", "auditor")

    page = client.get(reverse("reports:export-new"), {"list": "invoices"})
    assert page.status_code == (200 if allowed else 403)
    answer = client.post(
        "/api/v1/export-jobs",
        {"list": "invoices", "format": "csv"},
        "application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    assert answer.status_code == (201 if allowed else 403)
    button = "/exports/new/" in client.get(reverse("ar:invoice-list")).content.decode()
    assert button == allowed


def test_cancelled_while_waiting_nothing_is_written(sold):
    job = ask(sold, "list", "invoices")
    with sold.acting() as actor:
        exports.export_cancel(job_id=job.pk, actor=actor)

    job = work(sold, job)

    assert (job.state, job.stored_file) == (State.CANCELLED, "")
    with sold.acting() as actor, pytest.raises(exports.ExportOver):
        exports.export_cancel(job_id=job.pk, actor=actor)


def test_cancelled_while_being_written_it_stops_at_the_next_chunk(sold, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 1)
    job = ask(sold, "list", "invoices")
    seen = []
    cells = lists.BY_KEY["invoices"].cells

    def cancelling(one):
        seen.append(one)
        if len(seen) == 2:
            ExportJob.objects.filter(pk=job.pk).update(state=State.CANCELLED)
        return cells(one)

    object.__setattr__(lists.BY_KEY["invoices"], "cells", cancelling)
    try:
        job = work(sold, job)
    finally:
        object.__setattr__(lists.BY_KEY["invoices"], "cells", cells)

    assert len(seen) == 2
    assert (job.state, job.stored_file) == (State.CANCELLED, "")


def test_delivered_twice_it_is_written_once(sold):
    job = work(sold, ask(sold, "list", "invoices"))
    again = work(sold, job)

    assert (again.attempts, again.stored_file) == (1, job.stored_file)


def test_a_lost_message_is_sent_again_and_a_dead_worker_replaced(sold, sent):
    lost, dead = ask(sold, "list", "invoices"), ask(sold, "list", "items")
    long_ago = timezone.now() - dt.timedelta(minutes=30)
    with sold.acting():
        ExportJob.objects.filter(pk=lost.pk).update(created_at=long_ago)
        ExportJob.objects.filter(pk=dead.pk).update(
            state=State.RUNNING, heartbeat_at=long_ago, attempts=1
        )
    sent.clear()
    with sold.scope(source="task"):
        exports.exports_care()

    assert {args[2] for _name, args in sent} == {str(lost.pk), str(dead.pk)}
    assert work(sold, lost).state == work(sold, dead).state == State.DONE


def test_what_fails_again_and_again_is_given_up(sold, sent):
    job = ask(sold, "list", "invoices")
    with sold.acting():
        ExportJob.objects.filter(pk=job.pk).update(
            state=State.RUNNING,
            heartbeat_at=timezone.now() - dt.timedelta(hours=1),
            attempts=exports.MOST_ATTEMPTS,
        )
    sent.clear()
    with sold.scope(source="task"):
        exports.exports_care()

    assert (now(sold, job).state, sent) == (State.FAILED, [])


def test_a_file_is_deleted_when_its_time_is_over(sold):
    job = work(sold, ask(sold, "list", "invoices"))
    assert dt.timedelta(days=6) < job.expires_at - timezone.now() <= exports.KEPT
    with sold.acting():
        ExportJob.objects.filter(pk=job.pk).update(expires_at=timezone.now() - dt.timedelta(1))
    with sold.scope(source="task"):
        exports.exports_care()

    assert now(sold, job).state == State.EXPIRED
    assert not default_storage.exists(job.stored_file)
    assert signed_in(sold).get(f"/api/v1/export-jobs/{job.pk}/file").status_code == 409


def test_a_pdf_of_too_many_rows_says_so(sold, monkeypatch):
    monkeypatch.setattr("reports.renderers.paper.MOST_ROWS", 1)

    job = work(sold, ask(sold, "list", "invoices", "pdf"))

    assert job.state == State.FAILED
    assert "CSV" in job.message


def test_nobody_keeps_more_than_a_few_in_the_works(sold):
    for _n in range(exports.MOST_WAITING):
        ask(sold, "list", "invoices")
    with pytest.raises(exports.TooManyExports):
        ask(sold, "list", "invoices")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"format": "csv"}, "report"),
        ({"report": "journal", "list": "invoices", "format": "csv"}, "report"),
        ({"list": "secrets", "format": "csv"}, "list"),
        ({"list": "invoices", "format": "docx"}, "format"),
        ({"list": "invoices", "format": "csv", "filters": {"colour": "red"}}, "filters.colour"),
        ({"report": "general-ledger", "format": "csv"}, "account"),
        ({"report": "journal", "format": "csv", "filters": {"from": "x"}}, "from"),
    ],
)
def test_what_cannot_be_exported_is_named(sold, body, field):
    answer = signed_in(sold).post(
        "/api/v1/export-jobs",
        body,
        "application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field
    with sold.acting():
        assert not ExportJob.objects.exists()


def test_the_page_shows_progress_and_then_the_file(sold):
    client = signed_in(sold)
    answer = client.post(reverse("reports:export-new"), {"list": "invoices", "format": "csv"})
    job_id = answer.headers["Location"].split("/")[-2]
    page = client.get(answer.headers["Location"]).content.decode()
    assert reverse("reports:export-progress", args=[job_id]) in page

    with sold.scope(source="task"):
        exports.export_run(job_id=uuid.UUID(job_id))
    polled = client.get(
        reverse("reports:export-progress", args=[job_id]), headers={"HX-Request": "true"}
    )

    assert polled.headers["HX-Redirect"] == reverse("reports:export", args=[job_id])
    assert (
        reverse("reports:export-file", args=[job_id])
        in client.get(answer.headers["Location"]).content.decode()
    )
    assert job_id in client.get(reverse("reports:export-list")).content.decode()


def test_the_api_follows_a_job_to_its_file(sold):
    client = signed_in(sold)
    made = client.post(
        "/api/v1/export-jobs",
        {"report": "journal", "format": "csv", "filters": {"to": local_today().isoformat()}},
        "application/json",
        headers={"Idempotency-Key": str(uuid.uuid4())},
    ).json()
    assert (made["state"], made["file"]) == ("queued", None)
    assert client.get(f"/api/v1/export-jobs/{made['id']}/file").status_code == 409

    with sold.scope(source="task"):
        exports.export_run(job_id=uuid.UUID(made["id"]))
    done = client.get(f"/api/v1/export-jobs/{made['id']}").json()

    assert done["state"] == "done"
    answer = client.get(done["file"])
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbfDate,")
    assert client.post(f"/api/v1/export-jobs/{made['id']}/cancel").status_code == 409


def test_the_person_who_left_gets_no_file(sold, monkeypatch):
    job = ask(sold, "list", "invoices")
    monkeypatch.setattr(exports, "resolve", lambda user, company: None)

    assert work(sold, job).state == State.FAILED


def test_a_bug_ends_in_a_state_a_person_understands(sold, monkeypatch):
    job = ask(sold, "list", "invoices")
    monkeypatch.setattr(exports, "_write", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work(sold, job)

    assert now(sold, job).state == State.FAILED


def test_unknown_source_is_an_error():
    with pytest.raises(DomainError):
        exports.source_of("list", "nothing")
