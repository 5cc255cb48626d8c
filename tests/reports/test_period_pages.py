"""Pages of periods, year ends, locks, rates, revaluation and VAT returns: they show, they act, they refuse at the field."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.dates import local_today
from ledger.models import ExchangeRate, LockDate, Period
from ledger.services.rates import rate_set
from reports.models import VatReturn
from tests.ar.signed_in import signed_in
from tests.builders import line, posted_invoice

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = local_today()
LAST_YEAR = TODAY.year - 1
ECB = b"Date,USD,JPY\n2026-01-05,1.1000,160.5\n"


@pytest.fixture
def client(company_a):
    return signed_in(company_a)


def period_of(cast, day):
    with cast.acting():
        return Period.objects.get(start_date__lte=day, end_date__gte=day)


def test_periods_show_locks_and_years(company_a, client):
    page = client.get("/periods/").content.decode()

    assert f"/periods/year/{LAST_YEAR}/" in page
    assert "not locked" in page


def test_lock_date_is_set_and_refused_at_its_field(company_a, client):
    done = client.post("/periods/lock/", {"area": "sales", "until": TODAY.isoformat()})
    assert done.status_code == 302
    refused = client.post("/periods/lock/", {"area": "sales", "until": ""})
    assert refused.status_code == 422
    assert "State why the lock is lifted." in refused.content.decode()
    wrong = client.post("/periods/lock/", {"area": "sales", "until": "soon"})
    assert wrong.status_code == 422
    with company_a.acting():
        assert LockDate.objects.get().until == TODAY


def test_period_is_closed_from_its_checklist_and_reopened_with_a_reason(company_a, client):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)
    period = period_of(company_a, TODAY)
    page = client.get(f"/periods/{period.pk}/").content.decode()
    assert "VAT return not prepared" in page

    client.post(f"/periods/{period.pk}/state/", {"state": "closed"})
    assert period_of(company_a, TODAY).state == "closed"
    refused = client.post(f"/periods/{period.pk}/state/", {"state": "open"})
    assert refused.status_code == 422
    assert "State why the period is reopened." in refused.content.decode()
    client.post(f"/periods/{period.pk}/state/", {"state": "open", "reason": "Late bill"})
    assert period_of(company_a, TODAY).state == "open"
    assert "Late bill" in client.get(f"/periods/{period.pk}/").content.decode()


def test_books_are_checked_on_the_checklist(company_a, client):
    period = period_of(company_a, TODAY)

    assert "nothing broken" in client.get(f"/periods/{period.pk}/verify/").content.decode()


def test_year_is_closed_and_reopened_by_its_page(company_a, client):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer, issue_date=f"{LAST_YEAR}-05-01")
    address = f"/periods/year/{LAST_YEAR}/"
    assert "100.00" in client.get(address).content.decode()

    assert client.post(f"{address}close/").status_code == 302
    assert "Reopen the year" in client.get(address).content.decode()
    assert client.post(f"{address}reopen/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}reopen/", {"reason": "Late"}).status_code == 302
    assert "Close the year" in client.get(address).content.decode()
    assert client.get("/periods/year/1990/").status_code == 404


def test_next_year_is_added(company_a, client):
    assert client.post("/periods/add-year/").status_code == 302
    with company_a.acting():
        assert Period.objects.filter(fiscal_year=TODAY.year + 2).count() == 12


def test_rates_are_imported_corrected_and_deleted(company_a, client):
    sent = {"file": SimpleUploadedFile("r.csv", ECB), "currencies": "USD EUR", "replace": ""}
    assert client.post("/rates/import/", sent).status_code == 302
    wrong = {"file": SimpleUploadedFile("r.csv", b"x"), "currencies": "dollars"}
    refused = client.post("/rates/import/", wrong)
    assert refused.status_code == 422
    wrong = {"file": SimpleUploadedFile("r.csv", b"x,y"), "currencies": ""}
    assert "These are no rates" in client.post("/rates/import/", wrong).content.decode()
    with company_a.acting():
        assert ExchangeRate.objects.count() == 2
        rate = ExchangeRate.objects.get(currency="EUR")
    address = f"/rates/{rate.pk}/"
    assert client.post(address, {"rate": "0", "source": ""}).status_code == 422
    assert client.post(address, {"rate": "4.2", "source": "Bank"}).status_code == 302
    with company_a.acting():
        assert ExchangeRate.objects.get(pk=rate.pk).rate == Decimal("4.2")
    assert "4.2" in client.get("/rates/?currency=EUR").content.decode()
    client.post(address, {"delete": "1"})
    assert client.get(address).status_code == 404


def test_revaluation_page_posts_and_takes_back(company_a, client):
    end = TODAY.replace(day=1) - dt.timedelta(days=1)
    with company_a.acting() as owner:
        posted_invoice(
            owner,
            company_a.customer,
            [line(1, 1000)],
            currency="EUR",
            exchange_rate="4.05",
            issue_date=end.isoformat(),
        )
    period = period_of(company_a, end)
    address = f"/revaluation/{period.pk}/"
    assert client.get("/revaluation/").headers["Location"] == address
    assert "no exchange rate for EUR" in client.get(address).content.decode()
    with company_a.acting() as owner:
        rate_set(currency="EUR", date=end, rate=Decimal("4.07"), actor=owner)

    assert "23.00" in client.get(address).content.decode()
    client.post(f"{address}post/")
    assert "Take the revaluation back" in client.get(address).content.decode()
    client.post(f"{address}undo/")
    assert "Post the revaluation" in client.get(address).content.decode()


def test_vat_return_is_prepared_filed_paid_and_taken_back(company_a, client):
    day = dt.date(LAST_YEAR, 2, 1)
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer, issue_date=day.isoformat())
    assert "No return yet" in client.get("/vat-returns/").content.decode()
    large = {"date": day.isoformat(), "correction": "5000.01", "correction_reason": "x"}
    refused = client.post("/vat-returns/prepare/", large)
    assert refused.status_code == 422
    assert "file a corrected return" in refused.content.decode()

    address = client.post("/vat-returns/prepare/", {"date": day.isoformat()}).headers["Location"]
    page = client.get(address).content.decode()
    assert "15.00" in page
    assert "Standard rated sales" in page
    client.post(f"{address}file/")
    page = client.get(address).content.decode()
    assert "Post the payment" in page
    with company_a.acting():
        assert VatReturn.objects.get().state == "filed"
    no_reason = client.post(f"{address}unfile/", {"reason": ""})
    assert no_reason.status_code == 422
    client.post(f"{address}unfile/", {"reason": "Forgot a bill"})
    assert "Forgot a bill" in client.get(address).content.decode()
    client.post(f"{address}discard/")
    assert client.get(address).status_code == 404


def test_form_is_a_report_with_files_and_rows(company_a, client):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)
    query = f"date={TODAY.isoformat()}"

    page = client.get(f"/reports/vat-return/?{query}").content.decode()
    assert "/reports/vat-rows/" in page
    rows = client.get(f"/reports/vat-rows/?{query}&box=1").content.decode()
    assert company_a.customer.name in rows
    csv = client.get(f"/reports/vat-return/file/csv/?{query}")
    assert csv.status_code == 200
    text = b"".join(csv.streaming_content) if csv.streaming else csv.content
    assert b"Standard rated sales" in text


def test_form_is_in_arabic_as_the_authority_writes_it(company_a):
    client = signed_in(company_a)
    client.post("/language/", {"language": "ar", "next": "/"})

    page = client.get("/reports/vat-return/").content.decode()
    assert "المبيعات الخاضعة للنسبة الأساسية" in page


@pytest.mark.parametrize("role", ["sales", "cashier"])
def test_books_are_not_for_everybody(company_a, role):
    client = signed_in(company_a, role)
    for address in ("/periods/", "/vat-returns/", "/revaluation/"):
        assert client.get(address).status_code == 403
