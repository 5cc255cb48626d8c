"""The page shell without any page: language, direction, theme, HTMX settings, palette."""

import json
import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.template import engines
from django.test import RequestFactory
from django.urls import include, path
from django.utils import translation
from django_htmx.middleware import HtmxDetails

from web.navigation import RAIL


def page(request):
    return HttpResponse()


urlpatterns = [
    path("invoices/", include(([path("", page, name="invoice-list")], "ar"))),
    path("", include("web.urls")),
]
EVERYTHING = frozenset(entry.permission for group in RAIL for entry in group.entries)
HERE = SimpleNamespace(id=7, slug="najd", name="Najd", name_arabic="نجد", role="owner")

pytestmark = pytest.mark.urls(__name__)


def shell(language="en", cookies="", signed_in=True):
    request = RequestFactory().get("/invoices/", headers={"cookie": cookies})
    request.htmx = HtmxDetails(request)
    request.principal = (
        SimpleNamespace(
            company_id=7,
            companies=(HERE,),
            permissions=EVERYTHING,
            full_name="Sara <b>",
            email="owner@example.test",
        )
        if signed_in
        else None
    )
    template = engines["django"].from_string(
        '{% extends "base.html" %}{% block title %}Invoices{% endblock %}'
    )
    with translation.override(language):
        return template.render({}, request)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_language_and_direction_stand_on_the_root(language, direction):
    assert re.search(rf'<html lang="{language}"\s+dir="{direction}"', shell(language))


def test_theme_comes_from_the_cookie_and_nothing_else_gets_in():
    assert 'data-theme="dark"' in shell(cookies="theme=dark")
    assert "data-theme=" not in shell(cookies='theme="><script>')
    assert "data-theme=" not in shell()


def test_htmx_runs_without_eval_and_swaps_refusals():
    config = json.loads(re.search(r"content='({.*?})'", shell())[1])

    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["historyCacheSize"] == 0
    swapped = {rule["code"] for rule in config["responseHandling"] if rule["swap"]}
    assert {"409", "422"} <= swapped


def test_rail_shows_mounted_pages_and_marks_the_present_one():
    html = shell()

    assert re.search(r'href="/invoices/"[^>]*aria-current="page"', html)
    assert "Trial balance" not in html


def test_palette_finds_pages_by_both_languages():
    data = json.loads(re.search(r'id="palette-data"[^>]*>(.*?)</script>', shell())[1])

    assert [entry["url"] for entry in data] == ["/invoices/"]
    assert "Invoices" in data[0]["names"]


def test_company_name_follows_the_language():
    assert "<bdi>Najd</bdi>" in shell("en")
    assert "<bdi>نجد</bdi>" in shell("ar")


def test_names_of_people_are_escaped():
    assert "Sara &lt;b&gt;" in shell()


def test_signed_out_shell_shows_no_navigation_of_the_company():
    html = shell(signed_in=False)

    assert 'href="/invoices/"' not in html
    assert 'name="company"' not in html


def test_first_link_skips_to_the_content():
    html = shell()

    assert html.index("skip-link") < html.index('class="rail"')
    assert 'id="main"' in html
