"""Repeating a request under its key (reliability.md part 6)."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from ar.models import Invoice
from tests.api.conftest import Api, api_of, invoice, line


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
