"""Periods, fiscal years, lock dates, rates, revaluation and VAT returns through the API: shapes, roles, refusals."""

import base64
import datetime as dt

import pytest

from core.dates import local_today
from payments.models import PaymentAccount
from tests.api.conftest import api_of
from tests.builders import line, posted_invoice

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = local_today()
LAST_YEAR = TODAY.year - 1
ECB = base64.b64encode(b"Date,USD,JPY\n2026-01-05,1.1000,160.5\n").decode()


def period_of(api, day):
    rows = api.get("periods?page_size=100").json()["results"]
    return next(row for row in rows if row["start_date"] <= day.isoformat() <= row["end_date"])


def test_period_moves_and_is_reopened_with_a_reason(api, company_a):
    period = period_of(api, TODAY)
    address = f"periods/{period['id']}"
    assert api.patch(address, {"state": "closing"}).json()["state"] == "closing"
    stale = api.patch(address, {"state": "closed", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert api.patch(address, {"state": "closed"}).json()["closed_at"]
    refused = api.patch(address, {"state": "open"})
    assert (refused.status_code, refused.json()["code"]) == (400, "reason_missing")
    assert (
        api_of(company_a, "accountant")
        .patch(address, {"state": "open", "reason": "Late"})
        .status_code
        == 403
    )
    opened = api.patch(address, {"state": "open", "reason": "Late bill"}).json()
    assert (opened["state"], opened["reopen_reason"]) == ("open", "Late bill")


def test_lock_date_is_set_named_in_the_refusal_and_lifted(api, company_a):
    assert api.put("lock-dates/sales", {"until": TODAY.isoformat()}).status_code == 200
    with company_a.acting() as owner:
        customer = str(company_a.customer.pk)
        assert owner
    body = {
        "customer": customer,
        "lines": [{"description": "x", "quantity": "1", "unit_price": "10", "vat_rate": "15"}],
    }
    draft = api.post("invoices", body).json()
    refused = api.post(f"invoices/{draft['id']}/post")
    assert (refused.status_code, refused.json()["code"]) == (409, "locked_sales")
    assert (TODAY + dt.timedelta(days=1)).isoformat() in str(refused.json())
    assert api.put("lock-dates/tax", {"until": TODAY.isoformat()}).status_code == 409
    assert api.put("lock-dates/moon", {"until": None}).status_code == 404
    assert api.put("lock-dates/sales", {"until": None}).json()["code"] == "reason_missing"
    assert api.put("lock-dates/sales", {"until": None, "reason": "x"}).json()["until"] is None
    assert {row["area"] for row in api.get("lock-dates").json()} >= {"sales", "tax", "general"}


def test_year_is_closed_and_reopened(api, company_a):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer, issue_date=f"{LAST_YEAR}-03-01")
    closed = api.post(f"fiscal-years/{LAST_YEAR}/close").json()
    assert (closed["result"], closed["is_closed"]) == ("100.00", True)
    assert api.post(f"fiscal-years/{LAST_YEAR}/close").status_code == 409
    assert api.post(f"fiscal-years/{LAST_YEAR}/reopen", {}).status_code == 400
    opened = api.post(f"fiscal-years/{LAST_YEAR}/reopen", {"reason": "Late"}).json()
    assert (opened["is_closed"], opened["closing_journal"]) == (False, None)
    assert api.post("fiscal-years/1990/close").status_code == 404
    assert api.post("fiscal-years").json()["fiscal_year"] == TODAY.year + 2
    assert TODAY.year in [row["fiscal_year"] for row in api.get("fiscal-years").json()]


def test_rates_are_imported_corrected_and_deleted(api, company_a):
    done = api.post("exchange-rates/import", {"content_base64": ECB, "currencies": ["EUR"]})
    assert done.json() == {
        "source": "European Central Bank; SAR 3.75 per USD",
        "read": 1,
        "stored": 1,
        "corrected": 0,
        "unchanged": 0,
        "kept": 0,
    }
    assert api.post("exchange-rates/import", {"content_base64": "%%"}).status_code == 400
    assert (
        api.post("exchange-rates/import", {"content_base64": "eA=="}).json()["code"] == "rate_file"
    )
    (rate,) = api.get("exchange-rates?currency=EUR").json()["results"]
    assert rate["rate"] == "4.125"
    assert api.patch(f"exchange-rates/{rate['id']}", {"rate": "0"}).status_code == 400
    corrected = api.patch(f"exchange-rates/{rate['id']}", {"rate": "4.2", "source": "Bank"})
    assert corrected.json()["rate"] == "4.2"
    assert api_of(company_a, "sales").delete(f"exchange-rates/{rate['id']}").status_code == 403
    assert api.delete(f"exchange-rates/{rate['id']}").status_code == 204


def test_revaluation_names_missing_rates_posts_and_is_taken_back(api, company_a):
    end = TODAY.replace(day=1) - dt.timedelta(days=1)
    with company_a.acting() as owner:
        posted_invoice(
            owner,
            company_a.customer,
            [line(1, 1000, vat_rate="0")],
            currency="EUR",
            exchange_rate="4.0512",
            issue_date=end.isoformat(),
        )
    address = f"periods/{period_of(api, end)['id']}/revaluation"
    assert api.get(address).json()["missing_rates"] == ["EUR"]
    assert api.post(address).json()["code"] == "rate_missing"
    api.post("exchange-rates", {"currency": "EUR", "date": end.isoformat(), "rate": "4.07"})
    (row,) = api.get(address).json()["rows"]
    assert (row["open_amount"], row["carrying_amount"], row["difference"]) == (
        "1000.00",
        "4051.20",
        "18.80",
    )
    assert api.post(address).json()["journal"]
    assert api.post(address).json()["code"] == "revaluation_refused"
    assert api.post(f"{address}/undo").json()["journal"] is None


def test_vat_return_from_figures_to_payment(api, company_a):
    day = f"{LAST_YEAR}-02-01"
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer, issue_date=day)
        till = str(PaymentAccount.objects.get(code="CASH").pk)
        assert owner
    form = api.get(f"reports/vat-return?date={day}").json()
    assert (form["net_due"], form["state"]) == ("15.00", "")
    large = {"date": day, "correction": "-5000.01", "correction_reason": "x"}
    assert api.post("vat-returns", large).json()["code"] == "correction_too_large"
    prepared = api.post("vat-returns", {"date": day})
    assert prepared.status_code == 201
    one = prepared.json()
    box = next(box for box in one["boxes"] if box["box"] == 1)
    assert (box["amount"], box["vat"]) == ("100.00", "15.00")
    (row,) = api.get(f"reports/vat-rows?date={day}&box=1").json()["rows"]
    assert row["party"] == company_a.customer.name
    address = f"vat-returns/{one['id']}"
    assert api_of(company_a, "auditor").post(f"{address}/file").status_code == 403
    assert api.post(f"{address}/file").json()["state"] == "filed"
    assert api.post(f"{address}/file").json()["code"] == "vat_return_state"
    assert api.delete(address).status_code == 409
    early = api.post(f"{address}/pay", {"payment_account": till, "date": day})
    assert early.status_code == 400
    paid = api.post(f"{address}/pay", {"payment_account": till, "date": TODAY.isoformat()})
    assert paid.json()["state"] == "paid"
    assert api.post(f"{address}/unfile", {"reason": "x"}).json()["code"] == "vat_return_state"
    api.post(f"{address}/unpay", {"date": TODAY.isoformat()})
    assert (
        api_of(company_a, "accountant").post(f"{address}/unfile", {"reason": "x"}).status_code
        == 403
    )
    assert api.post(f"{address}/unfile", {"reason": "Late bill"}).json()["state"] == "prepared"
    assert api.delete(address).status_code == 204


def test_checklist_counts_what_waits(api, company_a):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)
    rows = api.get(f"periods/{period_of(api, TODAY)['id']}/checklist").json()

    counts = {row["key"]: row["count"] for row in rows}
    assert counts["vat_return"] == 1
    assert counts["number_gaps"] == 0
