"""Journals by hand, templates, schedules, files, accounts and opening balances through the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ledger.models import JournalEntry, ManualJournal
from tests.api.conftest import api_of, codes
from tests.ledger.hand import BANK, RENT, payload, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def made(api, **fields):
    answer = api.post("manual-journals", payload(**fields))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_journal_is_drafted_changed_posted_and_reversed(api):
    draft = made(api, description="Rent")
    changed = api.put(
        f"manual-journals/{draft['id']}", payload(description="Rent of May", version=1)
    ).json()
    posted = api.post(f"manual-journals/{draft['id']}/post", {"version": changed["version"]}).json()
    back = api.post(f"manual-journals/{draft['id']}/reverse", {"reason": "Wrong month"}).json()

    assert (draft["status"], draft["number"]) == ("draft", "")
    assert (posted["status"], posted["total"]) == ("posted", "1000.00")
    assert [line["account_code"] for line in posted["lines"]] == [RENT, BANK]
    assert (back["status"], back["reverse_reason"]) == ("reversed", "Wrong month")
    assert back["reversed_by"]
    assert api.get(f"journals/{back['reversed_by']}").json()["reverses"] == posted["entry"]
    assert api.get("manual-journals?status=reversed").json()["count"] == 1


def test_the_error_names_the_difference_and_nothing_is_stored(api, company_a):
    lines = [row(RENT, debit="1000"), row(BANK, credit="999.99")]
    answer = api.post("manual-journals", payload(lines) | {"post": True})

    assert answer.status_code == 400
    assert codes(answer) == {"lines": "journal_unbalanced"}
    assert b"0.01" in answer.content
    with company_a.acting():
        assert not ManualJournal.objects.exists()
        assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"date": "2026-02-30"}, "date"),
        ({"kind": "closing"}, "kind"),
        ({"currency": "riyal"}, "currency"),
        ({"exchange_rate": "0", "currency": "USD"}, "exchange_rate"),
        ({"lines": [row("9999", debit="1")]}, "lines.0.account"),
        ({"lines": [row("1210", debit="1")]}, "lines.0.account"),
        ({"lines": [row(RENT, debit="1", credit="1")]}, "lines.0.credit"),
        ({"lines": [row(RENT, debit="-1")]}, "lines.0.debit"),
        ({"lines": [row(RENT, debit="0.001")]}, "lines.0.debit"),
        ({"lines": [row(RENT, debit="NaN")]}, "lines.0.debit"),
        ({"lines": [row(RENT, debit="1", tax_code="P99")]}, "lines.0.tax_code"),
        ({"lines": [row(RENT, debit="1", colour="red")]}, "lines.0.colour"),
        ({"lines": "none"}, "lines"),
        ({"number": "JV-1"}, "number"),
    ],
)
def test_wrong_input_is_refused_at_its_field(api, change, field):
    answer = api.post("manual-journals", payload() | change)

    assert 400 <= answer.status_code < 500
    assert field in codes(answer)


def test_a_key_posts_once(api):
    body = payload() | {"post": True}
    first = api.post("manual-journals", body, Idempotency_Key="k-1").json()
    again = api.post("manual-journals", body, Idempotency_Key="k-1").json()

    assert first["number"] == again["number"]
    assert api.get("manual-journals").json()["count"] == 1


def test_a_template_is_stored_and_scheduled(api):
    template = api.post(
        "journal-templates",
        {
            "name": "Rent",
            "lines": [
                {"account_code": RENT, "side": "debit", "mode": "percent", "percent": "100"},
                {"account_code": BANK, "side": "credit", "mode": "percent", "percent": "100"},
            ],
        },
    ).json()
    body = {"template": template["id"], "frequency": "monthly", "start_date": "2026-09-01"}
    missing = api.post("recurring-journals", body)
    schedule = api.post("recurring-journals", body | {"amount": "1000", "post": True}).json()
    ran = api.post(f"recurring-journals/{schedule['id']}/run").json()
    again = api.post(f"recurring-journals/{schedule['id']}/run").json()

    assert codes(missing) == {"amount": "required"}
    assert ran["made"] >= 1
    assert (again["made"], again["last_result"]) == (0, "posted")
    assert api.get("manual-journals?status=posted").json()["count"] == ran["made"]
    stopped = api.patch(f"recurring-journals/{schedule['id']}", {"is_active": False}).json()
    assert stopped["next_dates"] == []


def test_an_account_is_added_closed_and_deleted(api):
    account = api.post(
        "accounts",
        {"code": "6491", "name": "Parking", "name_arabic": "مواقف", "kind": "expense"},
    ).json()
    closed = api.patch(f"accounts/{account['id']}", {"is_active": False}).json()
    gone = api.delete(f"accounts/{account['id']}")
    kept = api.delete(f"accounts/{account_of(api, BANK)}")

    assert closed["is_active"] is False
    assert (gone.status_code, kept.status_code) == (204, 409)
    assert api.post("accounts", {"code": BANK}).status_code == 400


def account_of(api, code):
    return api.get(f"accounts?search={code}").json()["results"][0]["id"]


def upload(api, path, **fields):
    return api.client.post(
        f"/api/v1/{path}", fields, headers={"Authorization": f"Bearer {api.token}"}
    )


def test_a_file_is_attached_listed_downloaded_and_removed(api):
    draft = made(api)
    record = {"entity_kind": "ledger.manual_journal", "entity_id": draft["id"]}
    kept = upload(
        api, "attachments", file=SimpleUploadedFile("a.pdf", b"%PDF-1.7 x"), **record
    ).json()
    listed = api.get(f"attachments?entity_kind=ledger.manual_journal&entity_id={draft['id']}")
    content = api.get(f"attachments/{kept['id']}")

    assert [one["file_name"] for one in listed.json()] == ["a.pdf"]
    assert b"".join(content.streaming_content) == b"%PDF-1.7 x"
    assert "attachment" in content.headers["Content-Disposition"]
    refused = upload(api, "attachments", file=SimpleUploadedFile("a.svg", b"<svg/>"), **record)
    assert codes(refused) == {"file": "file_refused"}
    assert api.delete(f"attachments/{kept['id']}").status_code == 204


def test_opening_balances_are_checked_posted_proved_and_undone(api):
    text = b"account,debit,credit\n1130,500.00,\n3110,,500.00\n"
    stored = upload(
        api,
        "opening-balances",
        step="accounts",
        date="2026-11-01",
        file=SimpleUploadedFile("tb.csv", text),
    ).json()
    checked = api.post(f"opening-balances/{stored['id']}/check").json()
    posted = api.post(f"opening-balances/{stored['id']}/post").json()
    proof = api.get("opening-balances/proof").json()
    undone = api.post(f"opening-balances/{stored['id']}/undo").json()

    assert (checked["state"], checked["rejected"], checked["total"]) == ("checked", 0, "500.00")
    assert (posted["state"], undone["state"]) == ("posted", "undone")
    assert proof["is_proved"] is True
    stock = upload(
        api,
        "opening-balances",
        step="stock",
        date="2026-11-01",
        file=SimpleUploadedFile("s.csv", b"item,quantity\nA,1\n"),
    )
    assert codes(stock) == {"step": "stock_not_kept"}


@pytest.mark.parametrize(
    "path", ["manual-journals", "journal-templates", "recurring-journals", "accounts"]
)
def test_readers_write_nothing(company_a, path):
    auditor = api_of(company_a, "auditor")

    assert auditor.get(path).status_code == 200
    assert auditor.post(path, {}).status_code == 403


def test_another_companys_journal_is_not_found(api, company_b):
    draft = made(api)
    other = api_of(company_b)

    assert other.get(f"manual-journals/{draft['id']}").status_code == 404
    assert other.post(f"manual-journals/{draft['id']}/post").status_code == 404
    assert other.delete(f"manual-journals/{draft['id']}").status_code == 404
