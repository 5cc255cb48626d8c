import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from core.errors import DomainError, ValidationErrors
from web.htmx import field_errors, go_to, invalid, is_htmx, toast, trigger


def request_of(**headers):
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


def test_boosted_links_want_whole_pages():
    assert is_htmx(request_of(hx_request="true"))
    assert not is_htmx(request_of(hx_request="true", hx_boosted="true"))
    assert not is_htmx(request_of())


def test_redirect_is_a_header_for_htmx_and_a_303_otherwise():
    by_htmx = go_to(request_of(hx_request="true"), "/invoices/")
    plain = go_to(request_of(), "/invoices/")

    assert (by_htmx.status_code, by_htmx.headers["HX-Redirect"]) == (204, "/invoices/")
    assert (plain.status_code, plain.headers["Location"]) == (303, "/invoices/")


def test_redirect_never_leaves_the_site():
    with pytest.raises(AssertionError):
        go_to(request_of(), "//evil.example/")


def test_toasts_and_events_share_the_header_and_keep_arabic():
    response = HttpResponse()

    trigger(response, "totals-changed")
    toast(response, "تم الحفظ", undo_url="/undo/")

    header = response.headers["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {
        "totals-changed": {},
        "toast": {"message": "تم الحفظ", "tone": "good", "undo": "/undo/"},
    }


def test_invalid_input_answers_422_with_the_fragment():
    response = invalid(
        request_of(hx_request="true"), "components/_banner.html", {"tone": "bad", "text": "No."}
    )

    assert response.status_code == 422
    assert "HX-Request" in response.headers["Vary"]
    assert "No." in response.content.decode()


def test_errors_are_sorted_to_their_fields():
    error = ValidationErrors(
        [
            DomainError("a", field="lines.0.quantity"),
            DomainError("b", field="lines.0.quantity"),
            DomainError("c"),
        ]
    )

    assert field_errors(error) == {"lines.0.quantity": ["a", "b"], "": ["c"]}
    assert field_errors(DomainError("x", field="customer")) == {"customer": ["x"]}
