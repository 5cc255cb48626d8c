"""Repeating a request under its key (reliability.md part 6)."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections
from drf_spectacular.generators import SchemaGenerator

from ar.models import Invoice
from audit.models import AuditEntry
from ledger.models import JournalEntry
from payments.models import Payment
from tests.api.conftest import Api, api_of, invoice, line, made, posted
from tests.builders import credited_one, paid_invoice, payment
from tests.buying import draft_bill, posted_bill, supplier
from tests.cast import Cast
from tests.ledger.hand import payload as journal


def count(cast):
    with cast.acting():
        return Invoice.objects.count()


@pytest.mark.django_db
def test_same_request_again_gets_the_same_answer(api, company_a):
    first = api.post("invoices", invoice(company_a), Idempotency_Key="k")
    second = api.post("invoices/", invoice(company_a), Idempotency_Key="k")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert count(company_a) == 1


@pytest.mark.django_db
def test_other_content_under_the_key_is_refused(api, company_a):
    api.post("invoices", invoice(company_a), Idempotency_Key="k")

    answer = api.post("invoices", invoice(company_a, line(unit_price="5")), Idempotency_Key="k")

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.django_db
def test_key_of_another_user_is_refused(api, company_a, company_b):
    api.post("invoices", invoice(company_a), Idempotency_Key="k")

    colleague = api_of(company_a, "accountant").post(
        "invoices", invoice(company_a), Idempotency_Key="k"
    )
    stranger = api_of(company_b).post("invoices", invoice(company_b), Idempotency_Key="k")

    assert (colleague.status_code, colleague.json()["code"]) == (409, "idempotency_key_taken")
    assert stranger.status_code == 201


@pytest.mark.django_db
def test_refused_request_leaves_no_key(api, company_a):
    assert api.post("invoices", {"lines": []}, Idempotency_Key="k").status_code == 400

    assert api.post("invoices", invoice(company_a), Idempotency_Key="k").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 256, "käy"])
def test_wrong_key_is_refused(api, company_a, key):
    answer = api.post(
        "invoices", invoice(company_a), Idempotency_Key=key.encode().decode("latin-1")
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_idempotency_key")


@pytest.mark.django_db
def test_generate_again_has_the_same_number_and_pdf(api, company_a):
    first = api.post("invoices/generate", invoice(company_a), Idempotency_Key="g")
    second = api.post("invoices/generate", invoice(company_a), Idempotency_Key="g")

    assert second.headers["Idempotent-Replayed"] == "true"
    assert first.json() == second.json()
    assert count(company_a) == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_under_one_key_take_effect_once(company_a):
    token = api_of(company_a).token
    body = invoice(company_a)
    answers = []

    def send() -> None:
        try:
            answers.append(Api(token).post("invoices", body, Idempotency_Key="together"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.status_code for answer in answers] == [201] * 12
    assert len({answer.content for answer in answers}) == 1
    assert count(company_a) == 1


#: They make neither money nor stock: people, sign-ins, drafts, files, and marks that a repetition sets again.
WITHOUT_KEY = {
    "alerts/refresh",
    "alerts/{alert_id}/dismiss",
    "attachments",
    "auth/refresh",
    "auth/register",
    "auth/token",
    "bills/{bill_id}/lock",
    "bills/{bill_id}/unlock",
    "companies",
    "drafts",
    "export-jobs/{job_id}/cancel",
    "invoices/{invoice_id}/hold",
    "invoices/{invoice_id}/lock",
    "invoices/{invoice_id}/unlock",
    "me/company",
    "memberships",
    "opening-balances",
    "opening-balances/{file_id}/check",
    "preview/calculate",
    "supplier-credits/{credit_id}/lock",
    "supplier-credits/{credit_id}/unlock",
}


def test_every_post_takes_a_key_but_these():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    without = {
        path.removeprefix("/api/v1/")
        for path, operations in paths.items()
        if "post" in operations
        and "Idempotency-Key"
        not in {one["name"] for one in operations["post"].get("parameters", ())}
    }
    assert without == WITHOUT_KEY


def _pay(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {"payment_account": str(cast.till.pk), "amount": "15", **fields}


def case_receipt(api, cast):
    posted(api, cast)
    return "payments", _pay(cast, customer=str(cast.customer.pk))


def case_disbursement(api, cast):
    with cast.acting() as owner:
        party = supplier(owner)
        posted_bill(owner, party)
    return "payments", _pay(cast, supplier=str(party.pk))


def case_refund(api, cast):
    with cast.acting() as owner:
        credited_one(owner, paid_invoice(owner, cast.customer))
    return "payments", _pay(cast, customer=str(cast.customer.pk), direction="out")


def case_void_of_a_payment(api, cast):
    with cast.acting() as owner:
        made_payment = payment(owner, cast.customer, "15")
    return f"payments/{made_payment.pk}/void", {"reason": "Bounced"}


def case_posting(api, cast):
    return f"invoices/{made(api, cast)['id']}/post", {}


def case_void_of_an_invoice(api, cast):
    return f"invoices/{posted(api, cast)['id']}/credit-note", {"reason": "Returned"}


def case_credit_over_a_part(api, cast):
    one = posted(api, cast)
    lines = [{"line": one["lines"][0]["id"], "quantity": "1"}]
    return f"invoices/{one['id']}/credit-notes", {"reason": "Returned", "lines": lines}


def case_write_off(api, cast):
    return f"invoices/{posted(api, cast)['id']}/write-off", {"reason": "Bankrupt"}


def case_prepayment(api, cast):
    return "prepayments", invoice(cast, post=True)


def case_bill(api, cast):
    with cast.acting() as owner:
        bill = draft_bill(owner, supplier(owner))
    return f"bills/{bill.pk}/post", {}


def case_supplier_credit(api, cast):
    with cast.acting() as owner:
        bill = posted_bill(owner, supplier(owner))
    return f"bills/{bill.pk}/credit", {"reason": "Returned"}


def case_journal(api, cast):
    return "manual-journals", journal(post=True)


CASES = {
    name.removeprefix("case_"): value for name, value in globals().items() if name[:5] == "case_"
}


def effects(cast: Cast) -> tuple[int, ...]:
    """Return how many entries, payments, invoices and audit rows there are: all that a request could double."""
    with cast.acting():
        return tuple(
            model._default_manager.count() for model in (JournalEntry, Payment, Invoice, AuditEntry)
        )


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASES)
def test_money_moves_once_under_one_key(api, company_a, name):
    path, body = CASES[name](api, company_a)

    first = api.post(path, body, Idempotency_Key="money")
    after_first = effects(company_a)
    again = api.post(path, body, Idempotency_Key="money")
    other = api.post(path, {**body, "note": "other"}, Idempotency_Key="money")

    assert first.status_code in (200, 201), first.content
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert effects(company_a) == after_first


@pytest.mark.django_db(transaction=True)
def test_parallel_payments_under_one_key_are_one(api, company_a):
    posted(api, company_a)
    body = _pay(company_a, customer=str(company_a.customer.pk))
    answers = []

    def send() -> None:
        try:
            answers.append(Api(api.token).post("payments", body, Idempotency_Key="pay"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    with company_a.acting():
        assert Payment.objects.count() == 1
