"""What surrounds every request: the log line, and who may call from another origin (IF-9)."""

from __future__ import annotations

import logging

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from config.middleware import RequestLogMiddleware


def logged(caplog, settings, limit):
    settings.SLOW_REQUEST_MILLISECONDS = limit
    with caplog.at_level(logging.INFO, logger="mizan.request"):
        RequestLogMiddleware(lambda request: HttpResponse())(RequestFactory().get("/a/?secret=1"))
    (record,) = caplog.records
    return record


def test_each_request_is_one_line_with_status_and_duration(caplog, settings):
    record = logged(caplog, settings, 60_000)

    assert record.getMessage() == "GET /a/ 200"
    assert (record.levelno, record.ms >= 0, hasattr(record, "slow")) == (logging.INFO, True, False)


def test_a_slow_request_is_marked_and_warned_of(caplog, settings):
    record = logged(caplog, settings, -1)

    assert (record.levelno, record.slow) == (logging.WARNING, True)


@pytest.fixture
def allowing(settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://shop.example.sa"]
    settings.MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *settings.MIDDLEWARE]


def asked(path, origin):
    headers = {"origin": origin, "access-control-request-method": "POST"}
    return Client().options(path, headers=headers).headers


@pytest.mark.usefixtures("allowing")
def test_a_named_origin_may_call_the_api_without_cookies():
    answer = asked("/api/v1/invoices", "https://shop.example.sa")

    assert answer["Access-Control-Allow-Origin"] == "https://shop.example.sa"
    assert "idempotency-key" in answer["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.django_db
@pytest.mark.usefixtures("allowing")
@pytest.mark.parametrize(
    ("path", "origin"),
    [("/api/v1/invoices", "https://evil.example"), ("/sign-in/", "https://shop.example.sa")],
)
def test_other_origins_and_pages_stay_closed(path, origin):
    assert "Access-Control-Allow-Origin" not in asked(path, origin)


@pytest.mark.django_db
def test_no_origin_is_allowed_by_default():
    assert "Access-Control-Allow-Origin" not in asked("/api/v1/invoices", "https://shop.example.sa")
