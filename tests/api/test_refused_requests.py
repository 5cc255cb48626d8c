"""What is well-formed and still refused: foreign records, roles, locks, versions, periods (IF-5, RR-4, SP-1)."""

from __future__ import annotations

import pytest

from ar.models import Invoice
from tests.api.conftest import Api, api_of, codes, invoice, line, made, posted

pytestmark = pytest.mark.django_db


def count(cast):
    with cast.acting():
        return Invoice.objects.count()


def test_another_companys_records_are_unknown(api, company_a, company_b):
    theirs = made(api_of(company_b), company_b)

    foreign_customer = api.post("invoices", invoice(company_a, customer=str(company_b.customer.pk)))
    foreign_item = api.post("invoices", invoice(company_a, line(item=str(company_b.items[0].pk))))
    foreign_person = api.post(
        "invoices", invoice(company_a, salesperson=company_b.users["sales"].pk)
    )

    assert codes(foreign_customer) == {"customer": "unknown_customer"}
    assert codes(foreign_item) == {"lines.0.item": "unknown_item"}
    assert codes(foreign_person) == {"salesperson": "unknown_salesperson"}
    for method, path in (
        ("GET", f"invoices/{theirs['id']}"),
        ("PATCH", f"invoices/{theirs['id']}"),
        ("DELETE", f"invoices/{theirs['id']}"),
        ("POST", f"invoices/{theirs['id']}/post"),
        ("POST", f"invoices/{theirs['id']}/lock"),
        ("GET", f"invoices/{theirs['id']}/pdf"),
        ("GET", f"invoices/{theirs['id']}/history"),
        ("GET", f"customers/{company_b.customer.pk}"),
        ("GET", f"items/{company_b.items[0].pk}"),
    ):
        body = {"notes": "x"} if method == "PATCH" else None if method != "POST" else {}
        assert api.send(method, path, body).status_code == 404, path
    assert count(company_a) == 0
    assert api_of(company_b).get(f"invoices/{theirs['id']}").json()["version"] == 1


def test_payment_for_another_companys_records_is_refused(api, company_a, company_b):
    theirs = posted(api_of(company_b), company_b)
    body = {
        "customer": str(company_a.customer.pk),
        "payment_account": str(company_a.till.pk),
        "amount": "10",
    }

    foreign_customer = api.post("payments", body | {"customer": str(company_b.customer.pk)})
    foreign_account = api.post("payments", body | {"payment_account": str(company_b.till.pk)})
    foreign_invoice = api.post(
        "payments", body | {"allocations": [{"invoice": theirs["id"], "amount": "10"}]}
    )

    assert codes(foreign_customer) == {"customer": "unknown_customer"}
    assert codes(foreign_account) == {"payment_account": "unknown_payment_account"}
    assert codes(foreign_invoice) == {"allocations.0.invoice": "unknown_open_item"}
    assert api.get("payments").json()["count"] == 0


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("sales", "PATCH", "invoices/{id}"),
        ("sales", "POST", "invoices/{id}/post"),
        ("sales", "DELETE", "invoices/{id}"),
        ("sales", "POST", "invoices/{id}/items"),
        ("accountant", "POST", "invoices/{id}/lock"),
        ("cashier", "POST", "invoices/{id}/credit-note"),
        ("auditor", "POST", "invoices"),
        ("auditor", "POST", "payments"),
        ("sales", "POST", "payments"),
        ("sales", "GET", "audit"),
        ("sales", "GET", "reports/trial-balance"),
        ("accountant", "POST", "memberships"),
        ("accountant", "PATCH", "settings"),
        ("cashier", "POST", "items"),
    ],
)
def test_wrong_role_is_refused_and_nothing_changes(api, company_a, role, method, path):
    draft = made(api, company_a)

    answer = api_of(company_a, role).send(method, path.format(id=draft["id"]), {})

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_refused")
    assert api.get(f"invoices/{draft['id']}").json()["version"] == 1


def test_without_sign_in_nothing_is_shown(anonymous):
    answer = anonymous.get("invoices")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert Api("nonsense").get("me").status_code == 401


def test_locked_invoice_refuses_the_accountant_and_the_status(api, company_a):
    made_invoice = posted(api, company_a)
    api.post(f"invoices/{made_invoice['id']}/lock")
    accountant = api_of(company_a, "accountant")

    edit = accountant.patch(f"invoices/{made_invoice['id']}", {"notes": "x"})
    void = api.post(f"invoices/{made_invoice['id']}/credit-note")

    assert (edit.status_code, edit.json()["code"]) == (409, "document_locked")
    assert (void.status_code, void.json()["code"]) == (409, "document_locked")
    assert api.get(f"invoices/{made_invoice['id']}").json()["status"] == "posted"


def test_outdated_version_is_refused_with_both_values(api, company_a):
    draft = made(api, company_a)
    api.patch(f"invoices/{draft['id']}", {"reference": "first", "version": 1})

    answer = api.patch(f"invoices/{draft['id']}", {"reference": "second", "version": 1})

    assert (answer.status_code, answer.json()["code"]) == (409, "stale_version")
    assert answer.json()["current_version"] == 2
    assert answer.json()["changes"]["reference"] == {"yours": "second", "theirs": "first"}
    assert api.get(f"invoices/{draft['id']}").json()["reference"] == "first"


def test_closed_period_refuses_the_posting(api, company_a):
    draft = made(api, company_a, issue_date="2026-01-15")
    period = next(
        row
        for row in api.get("periods?page_size=100").json()["results"]
        if row["start_date"] == "2026-01-01"
    )
    assert api.patch(f"periods/{period['id']}", {"state": "closed"}).json()["state"] == "closed"

    answer = api.post(f"invoices/{draft['id']}/post")

    assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")
    assert api.get(f"invoices/{draft['id']}").json()["status"] == "draft"
    assert api.get("journals").json()["count"] == 0


def test_duplicate_number_is_refused(api, company_a):
    made(api, company_a, number="A-1")

    answer = api.post("invoices", invoice(company_a, number="A-1"))

    assert (answer.status_code, codes(answer)) == (409, {"number": "duplicate_number"})


def test_errors_are_in_the_callers_language(api, company_a):
    answer = api.send("POST", "invoices", {}, Accept_Language="ar")

    assert answer.headers["Content-Language"] == "ar"


#: A value no field takes: an empty list and an empty object are not "nothing was sent", nor are false and 0 a text.
