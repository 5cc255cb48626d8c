"""A page says of a refusal by the database what the API says of it."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from api.errors import exception_response
from tests.api.test_database_errors import STATES, refusal
from web.errors import DomainErrorMiddleware


@pytest.mark.parametrize(("kind", "state", "constraint", "status", "code", "field"), STATES)
def test_page_and_api_say_the_same(kind, state, constraint, status, code, field):
    error = refusal(kind, state, constraint)
    request = RequestFactory().get("/invoices/", headers={"HX-Request": "true"})
    request.user, request.principal, request.htmx = AnonymousUser(), None, HtmxDetails(request)

    page = DomainErrorMiddleware(lambda _: HttpResponse()).process_exception(request, error)
    told = json.loads(exception_response(error, RequestFactory().get("/api/v1/x")).content)

    assert page.status_code == (422 if status == 400 else status)
    assert json.loads(page.headers["HX-Trigger"])["toast"]["message"] == told["message"]
    assert ("Retry-After" in page.headers) == (status == 503)
