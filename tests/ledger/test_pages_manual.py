"""Pages of journals by hand, templates, schedules, imports and opening balances."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ledger.models import JournalEntry, JournalImport, JournalTemplate, ManualJournal
from ledger.services.manual import manual_create
from opening.models import OpeningFile
from tests.ar.signed_in import signed_in
from tests.ledger.hand import BANK, RENT, payload, row, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client(company_a):
    return signed_in(company_a, "accountant")


def save(client, body, **options):
    return client.post(
        reverse("ledger:manual-save"),
        json.dumps({"payload": body, **options}),
        content_type="application/json",
    )


def draft(cast):
    with cast.acting() as owner:
        return manual_create(typed=typed(), actor=owner)


def test_the_editor_posts_a_journal_and_shows_it(client):
    answer = save(client, payload(), post=True)
    page = client.get(answer.json()["url"]).content.decode()

    assert answer.status_code == 201
    assert "JV-" in page
    assert "1,000.00" in page


def test_the_editor_marks_cells_and_names_the_difference(client):
    wrong = save(client, payload([row("1210", debit="5"), row(BANK, credit="5")]), post=True)
    open_ = save(client, payload([row(RENT, debit="5"), row(BANK, credit="4")]), post=True)

    assert wrong.status_code == open_.status_code == 422
    assert [one["field"] for one in wrong.json()["errors"]] == ["lines.0.account"]
    assert "1.00 SAR" in open_.json()["errors"][0]["message"]


def test_pickers_find_accounts_in_both_languages(client):
    def found(text):
        answer = client.get(reverse("ledger:account-lookup"), {"q": text})
        return [one["code"] for one in answer.json()["results"]]

    assert found("rent")[0] == RENT
    assert found("ايجارات")[0] == RENT
    assert found("113") == ["1130"]
    assert found("ذمم العملاء") == []  # a control account is not offered


def test_pasted_accounts_are_found_by_code_and_name(client):
    answer = client.post(
        reverse("ledger:account-rows"),
        json.dumps({"names": ["6310", "Main cash", "nobody"]}),
        content_type="application/json",
    )

    assert {text: one["code"] for text, one in answer.json()["accounts"].items()} == {
        "6310": "6310",
        "Main cash": "1110",
    }


def test_a_draft_is_posted_reversed_and_kept_as_a_template(client, company_a):
    journal = draft(company_a)
    client.post(reverse("ledger:manual-post", args=[journal.pk]))
    silent = client.post(
        reverse("ledger:manual-reverse", args=[journal.pk]), {"date": journal.date, "reason": ""}
    )
    client.post(
        reverse("ledger:manual-reverse", args=[journal.pk]),
        {"date": journal.date.isoformat(), "reason": "Wrong account"},
    )
    client.post(
        reverse("ledger:manual-keep", args=[journal.pk]), {"name": "Rent", "mode": "percent"}
    )

    assert silent.status_code == 422
    assert "reverse-reason-error" in silent.content.decode()
    with company_a.acting():
        assert ManualJournal.objects.get().status == "reversed"
        assert JournalTemplate.objects.get().name == "Rent"
    with_amount = client.get(
        reverse("ledger:manual-new"), {"template": template_of(company_a), "amount": "500"}
    )
    assert "500.00" in with_amount.content.decode()


def template_of(cast):
    with cast.acting():
        return str(JournalTemplate.objects.get().pk)


def test_a_draft_is_deleted(client, company_a):
    journal = draft(company_a)
    client.post(reverse("ledger:manual-delete", args=[journal.pk]))

    assert client.get(reverse("ledger:manual", args=[journal.pk])).status_code == 404


def test_a_file_of_journals_is_checked_and_imported(client, company_a):
    text = b"txn,date,account,amount\n1,2026-11-02,6310,100\n1,2026-11-02,1130,-100\n"
    text += b"2,2026-11-02,6310,100\n2,2026-11-02,Nowhere,-100\n"
    upload = client.post(
        reverse("ledger:import-start"), {"file": SimpleUploadedFile("jv.csv", text)}
    )
    columns = {f"column_{name}": name for name in ("txn", "date", "account", "amount")}
    checked = client.post(f"{upload.url}run/", {**columns, "action": "check"}, follow=True)
    assert "Nowhere" in checked.content.decode()
    with company_a.acting():
        assert not JournalEntry.objects.exists()
    client.post(
        f"{upload.url}run/",
        {**columns, "action": "import", "account_name": "Nowhere", "account_code": "1110"},
    )
    again = client.post(f"{upload.url}run/", {**columns, "action": "import"})

    assert again.status_code == 422
    with company_a.acting():
        job = JournalImport.objects.get()
        assert (job.state, job.entries, job.rejected) == ("done", 2, 0)


def test_opening_balances_show_their_proof(client, company_a):
    text = b"account,debit,credit\n1130,500.00,\n3110,,500.00\n"
    upload = client.post(
        reverse("opening:start"),
        {"step": "accounts", "date": "2026-11-01", "file": SimpleUploadedFile("tb.csv", text)},
    )
    columns = {"column_account": "account", "column_debit": "debit", "column_credit": "credit"}
    client.post(f"{upload.url}run/", {**columns, "action": "check"})
    client.post(f"{upload.url}run/", {**columns, "action": "post"})
    page = client.get(reverse("opening:start")).content.decode()
    back = client.post(f"{upload.url}undo/", follow=True)

    assert "all four accounts are zero" in page
    assert "taken back" in back.content.decode()
    with company_a.acting():
        assert OpeningFile.objects.get().state == "undone"


def test_a_wrong_opening_file_names_its_rows_on_the_page(client):
    text = b"account,debit,credit\n1130,500.00,\n9999,,500.00\n"
    upload = client.post(
        reverse("opening:start"),
        {"step": "accounts", "date": "2026-11-01", "file": SimpleUploadedFile("tb.csv", text)},
    )
    columns = {"column_account": "account", "column_debit": "debit", "column_credit": "credit"}
    answer = client.post(f"{upload.url}run/", {**columns, "action": "post"})

    assert answer.status_code == 422
    assert "no such account" in answer.content.decode()


def test_a_refused_column_is_named_as_the_file_heads_it(client):
    text = b"Konto,Soll,Haben\n1130,500.00,\n9999,,500.00\n"
    upload = client.post(
        reverse("opening:start"),
        {"step": "accounts", "date": "2026-11-01", "file": SimpleUploadedFile("tb.csv", text)},
    )
    columns = {"column_account": "Konto", "column_debit": "Soll", "column_credit": "Haben"}
    page = client.post(f"{upload.url}run/", {**columns, "action": "check"}, follow=True)

    row = page.content.decode().split("Refused rows")[-1].split("<tbody>")[1]
    assert "Konto" in row.split("</tbody>")[0]


def test_stock_says_when_it_comes(client):
    answer = client.post(
        reverse("opening:start"),
        {"step": "stock", "date": "2026-11-01", "file": SimpleUploadedFile("s.csv", b"a,b\n1,2\n")},
    )

    assert answer.status_code == 422
    assert "once stock is kept here" in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "manual-list",
        "manual-new",
        "template-list",
        "template-new",
        "recurring-list",
        "import-start",
        "account-new",
        "roles",
    ],
)
def test_pages_open_in_arabic(company_a, name):
    client = signed_in(company_a, "accountant")
    client.cookies["django_language"] = "ar"
    answer = client.get(reverse(f"ledger:{name}"))

    assert answer.status_code == 200
