"""A refusal of the database is never a 500 (reliability.md part 7)."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from django.db import DataError, IntegrityError, InternalError, OperationalError, ProgrammingError
from django.db.transaction import Atomic
from django.test import RequestFactory

from api.errors import exception_response
from tests.api.conftest import invoice

STATES = [
    (IntegrityError, "23505", "ar_invoice_number_once", 409, "duplicate_number", "number"),
    (IntegrityError, "23505", "customer_code_once", 409, "duplicate_code", "code"),
    (IntegrityError, "23505", "something_else", 409, "duplicate", ""),
    (IntegrityError, "23503", "invoice_customer_tenant_fk", 400, "unknown_reference", ""),
    (IntegrityError, "23514", "period_closed", 409, "period_closed", "issue_date"),
    (IntegrityError, "23514", "document_locked", 409, "document_locked", ""),
    (IntegrityError, "23514", "ar_invoice_allocation_bounds", 409, "over_allocated", "amount"),
    (IntegrityError, "23514", "anything", 409, "refused", ""),
    (IntegrityError, "23P01", "period_no_overlap", 409, "overlap", ""),
    (IntegrityError, "23502", "", 400, "required", ""),
    (ProgrammingError, "42501", "", 403, "permission_refused", ""),
    (OperationalError, "40001", "", 503, "busy", ""),
    (OperationalError, "40P01", "", 503, "busy", ""),
    (OperationalError, "55P03", "", 503, "busy", ""),
    (OperationalError, "57014", "", 503, "busy", ""),
    (OperationalError, "08006", "", 503, "busy", ""),
    (OperationalError, None, "", 503, "busy", ""),
    (DataError, "22003", "", 400, "invalid", ""),
    (DataError, "22P02", "", 400, "invalid", ""),
    (DataError, "22021", "", 400, "invalid", ""),
]


def refusal(kind, state, constraint):
    cause = Exception("from the driver")
    cause.sqlstate = state
    cause.diag = SimpleNamespace(constraint_name=constraint)
    error = kind("refused")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(("kind", "state", "constraint", "status", "code", "field"), STATES)
def test_refusal_has_status_code_and_field(kind, state, constraint, status, code, field):
    answer = exception_response(refusal(kind, state, constraint), RequestFactory().get("/api/v1/x"))

    body = json.loads(answer.content)
    assert (answer.status_code, body["code"], body["field"]) == (status, code, field)
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.django_db
def test_error_in_a_view_is_answered_and_rolled_back(api, company_a, monkeypatch):
    def fails(**_):
        raise refusal(OperationalError, "40001", "")

    monkeypatch.setattr("ar.api.invoices.invoice_create", fails)
    answer = api.post("invoices", invoice(company_a))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


@pytest.mark.django_db(transaction=True)
def test_error_at_commit_has_the_apis_shape(api, monkeypatch):
    leave = Atomic.__exit__

    def fails(block, *_):
        error = refusal(IntegrityError, "23514", "document_totals_agree")
        leave(block, type(error), error, None)
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Atomic, "__exit__", fails)
        answer = api.get("customers")

    assert (answer.status_code, answer.json()["code"]) == (409, "totals_differ")
    assert api.get("customers").status_code == 200


def test_fault_of_the_program_says_nothing_of_itself():
    answer = exception_response(
        refusal(InternalError, "XX000", ""), RequestFactory().get("/api/v1/x")
    )

    body = json.loads(answer.content)
    assert (answer.status_code, body["code"]) == (500, "internal_error")
    assert "driver" not in answer.content.decode()
