"""Receivables over the API: credit notes in part, debit notes, prepayments, bad debts, reminders (issue 3, AR)."""

import pytest

from core.dates import local_today
from tests.api.conftest import api_of
from tests.ar.test_prepayment import prepaid
from tests.ar.test_reminders import late_invoice
from tests.builders import line, lines_of, posted_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(company_a):
    with company_a.acting() as owner:
        return posted_invoice(owner, company_a.customer, [line("10", "10")])


def pointers(answer):
    return [error["pointer"] for error in answer.json()["errors"]]


def first_line(company, invoice):
    with company.scope():
        return str(lines_of(invoice)[0].pk)


def test_credit_note_in_part_with_a_dry_run(api, company_a, invoice):
    body = {
        "reason": "Returned",
        "lines": [{"line": first_line(company_a, invoice), "quantity": "3"}],
    }
    path = f"invoices/{invoice.pk}/credit-notes"

    dry = api.post(path, body | {"dry_run": True})
    made = api.post(path, body)

    assert (dry.status_code, dry.json()["total"], dry.json()["number"]) == (200, "34.50", "")
    assert made.status_code == 201
    assert made.json()["total"] == "34.50"
    assert made.json()["number"].startswith("CN-")
    assert made.json()["invoice"] == str(invoice.pk)
    assert api.get(path).json()["count"] == 1


def test_credit_note_names_what_is_wrong(api, company_a, invoice):
    line_id = first_line(company_a, invoice)
    path = f"invoices/{invoice.pk}/credit-notes"

    many = api.post(path, {"reason": "x", "lines": [{"line": line_id, "quantity": "11"}]})
    none = api.post(path, {"reason": "", "lines": [{"line": "x", "amount": "NaN"}]})
    unknown = api.post(path, {"reason": "x", "lines": [{"line": line_id, "price": "1"}]})

    assert many.status_code == 400
    assert pointers(many) == ["/lines/0/quantity"]
    assert many.json()["errors"][0]["code"] == "credit_too_much"
    assert "/reason" in pointers(none)
    assert pointers(unknown) == ["/lines/0/price"]


def test_debit_note_as_a_draft_and_posted(api, invoice):
    path = f"invoices/{invoice.pk}/debit-notes"
    body = {"reason": "Price", "lines": [line("1", "20")]}

    draft = api.post(path, body)
    posted = api.post(path, body | {"post": True})

    assert (draft.status_code, draft.json()["status"]) == (201, "draft")
    assert (posted.json()["kind"], posted.json()["corrects"]) == ("debit_note", str(invoice.pk))
    assert posted.json()["number"].startswith("DN-")
    assert api.get(path).json()["count"] == 2
    assert pointers(api.post(path, {"lines": [line()]})) == ["/reason"]


def test_prepayment_is_made_used_and_released(api, company_a):
    body = {"customer": str(company_a.customer.pk), "lines": [line("1", "500")], "post": True}
    assert api.post("prepayments", body).json()["number"].startswith("PRE-")
    with company_a.acting() as owner:
        prepayment = prepaid(owner, company_a.customer)
        final = posted_invoice(owner, company_a.customer, [line("1", "2000")])
    path = f"invoices/{final.pk}/prepayments"

    too_much = api.post(path, {"prepayment": str(prepayment.pk), "amount": "1150.01"})
    used = api.post(path, {"prepayment": str(prepayment.pk)})
    listed = api.get(path).json()
    released = api.post(f"prepayments/used/{used.json()['id']}/release")

    assert (too_much.status_code, pointers(too_much)) == (409, ["/amount"])
    assert (used.status_code, used.json()["amount"], used.json()["tax_amount"]) == (
        201,
        "1150.00",
        "150.00",
    )
    assert listed["count"] == 1
    assert released.json()["status"] == "void"


def test_write_off_and_undo(api, invoice):
    path = f"invoices/{invoice.pk}/write-off"

    wrong = api.post(path, {"reason": "", "amount": "x", "date": "soon"})
    made = api.post(path, {"reason": "Bankrupt"})
    undone = api.post(f"write-offs/{made.json()['id']}/undo")

    assert set(pointers(wrong)) == {"/reason", "/amount", "/date"}
    assert (made.status_code, made.json()["amount"]) == (201, "115.00")
    assert api.get(f"write-offs?invoice={invoice.pk}").json()["count"] == 1
    assert undone.json()["status"] == "void"


def test_the_same_key_writes_off_once(api, invoice):
    path = f"invoices/{invoice.pk}/write-off"
    body = {"reason": "Bankrupt", "amount": "15"}

    first = api.post(path, body, Idempotency_Key="one")
    second = api.post(path, body, Idempotency_Key="one")

    assert first.json() == second.json()
    assert api.get("write-offs").json()["count"] == 1


def test_hold(api, invoice):
    path = f"invoices/{invoice.pk}/hold"

    assert api.post(path, {"hold": "disputed"}).json()["settlement_hold"] == "disputed"
    assert pointers(api.post(path, {"hold": "maybe"})) == ["/hold"]


def test_reminders(api, company_a):
    with company_a.acting() as owner:
        late_invoice(owner, company_a.customer)
    key = str(company_a.customer.pk)

    due = api.get("reminders/due").json()
    sent = api.post("reminders", {"customers": [key]})
    again = api.post("reminders", {"customers": [key]})

    assert [(one["customer"], one["level"], one["overdue_amount"]) for one in due] == [
        (key, 1, "115.00")
    ]
    assert (sent.status_code, len(sent.json()), again.json()) == (201, 1, [])
    assert api.get(f"reminders?customer={key}").json()["count"] == 1
    assert api.post(f"reminders/{sent.json()[0]['id']}/retry").status_code == 409
    assert pointers(api.post("reminders", {"customers": ["x"]})) == ["/customers/0"]


def test_reminder_levels(api):
    level = api.get("reminders/levels").json()[0]
    changed = {name: value for name, value in level.items() if name != "level"} | {"subject": "Now"}

    assert api.put("reminders/levels/1", changed).json()["subject"] == "Now"
    wrong = api.put("reminders/levels/1", changed | {"subject": "", "days_overdue": 400})
    assert set(pointers(wrong)) == {"/subject", "/days_overdue"}
    assert api.put("reminders/levels/4", changed).status_code == 404


def test_recurring_invoices(api, invoice):
    body = {
        "invoice": str(invoice.pk),
        "name": "Rent",
        "frequency": "monthly",
        "start_date": local_today().isoformat(),
    }

    made = api.post("recurring-invoices", body)
    path = f"recurring-invoices/{made.json()['id']}"
    ran = api.post(f"{path}/runs")

    assert made.status_code == 201
    assert [run["error"] for run in ran.json()] == [""]
    assert api.post(f"{path}/runs").json() == []
    assert api.get(f"{path}/runs").json()["count"] == 1
    assert api.patch(path, {"is_active": False, "version": 1}).json()["is_active"] is False
    assert api.patch(path, {"name": "x", "version": 1}).status_code == 409
    assert api.delete(path).status_code == 400
    wrong = api.post("recurring-invoices", body | {"frequency": "daily", "name": ""})
    assert set(pointers(wrong)) == {"/frequency", "/name"}


def test_payment_terms_on_customer_and_invoice(api, company_a):
    terms = api.post(
        "payment-terms",
        {
            "code": "2-10",
            "name": "Early",
            "rule": "net",
            "days": 30,
            "discount_percent": "2",
            "discount_days": 10,
        },
    )
    assert terms.status_code == 201
    key = terms.json()["id"]
    customer = f"customers/{company_a.customer.pk}"

    assert api.patch(customer, {"terms": key, "credit_control": "block"}).json()["terms"] == key
    made = api.post(
        "invoices",
        {
            "customer": str(company_a.customer.pk),
            "issue_date": "2026-03-01",
            "lines": [line()],
        },
    ).json()
    assert (made["terms"], made["due_date"], made["early_discount_until"]) == (
        key,
        "2026-03-31",
        "2026-03-11",
    )
    assert api.patch(f"payment-terms/{key}", {"days": 5}).status_code == 400
    assert pointers(api.patch(customer, {"terms": str(company_a.customer.pk)})) == ["/terms"]
    assert pointers(api.patch(customer, {"credit_control": "maybe"})) == ["/credit_control"]
    assert api.get("payment-terms").json()["count"] == 1


def test_posting_over_the_limit_warns(api, company_a):
    customer = str(company_a.customer.pk)
    api.patch(f"customers/{customer}", {"credit_limit": "100", "credit_control": "warn"})
    draft = api.post("invoices", {"customer": customer, "lines": [line()]}).json()

    posted = api.post(f"invoices/{draft['id']}/post")

    assert draft["warnings"] == []
    assert posted.json()["warnings"] == ["credit_limit_exceeded"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("invoices/{}/credit-notes", {"reason": "x", "whole": True}),
        ("invoices/{}/debit-notes", {"reason": "x", "lines": [line()]}),
        ("invoices/{}/write-off", {"reason": "x"}),
        ("invoices/{}/prepayments", {"prepayment": "018f0000-0000-7000-8000-000000000001"}),
    ],
)
def test_the_other_company_sees_nothing(company_a, company_b, path, body):
    with company_b.acting() as owner:
        theirs = posted_invoice(owner, company_b.customer)

    assert api_of(company_a).post(path.format(theirs.pk), body).status_code == 404


def test_sales_may_not(company_a, invoice):
    sales = api_of(company_a, "sales")

    assert sales.post(f"invoices/{invoice.pk}/write-off", {"reason": "x"}).status_code == 403
    assert sales.post("reminders", {"customers": [str(company_a.customer.pk)]}).status_code == 403
    assert sales.post("payment-terms", {}).status_code == 403
