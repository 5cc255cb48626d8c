import pytest
from django.http import HttpResponse
from django.urls import include, path

from web.navigation import RAIL, current_key, links, rail


def page(request):
    return HttpResponse()


urlpatterns = [
    path("", include(([path("", page, name="dashboard")], "reports"))),
    path("invoices/", include(([path("", page, name="invoice-list")], "ar"))),
    path("audit/", include(([path("", page, name="log")], "audit"))),
]

EVERYTHING = frozenset(entry.permission for group in RAIL for entry in group.entries)

pytestmark = pytest.mark.urls(__name__)


def keys(groups):
    return [link.key for group in groups for link in group.links]


def test_pages_that_are_not_mounted_are_left_out():
    assert keys(rail(EVERYTHING, "/")) == ["home", "invoices", "audit"]


def test_pages_the_role_may_not_see_are_left_out():
    assert keys(rail({"ar.invoice.view"}, "/")) == ["invoices"]


def test_groups_without_entries_have_no_heading():
    assert len(rail({"ar.invoice.view"}, "/")) == 1


@pytest.mark.parametrize(
    ("address", "key"),
    [("/", "home"), ("/invoices/0190/", "invoices"), ("/audit/", "audit"), ("/elsewhere/", "")],
)
def test_the_longest_matching_address_is_current(address, key):
    assert current_key(address, EVERYTHING) == key


def test_links_carry_the_mark_of_the_present_page():
    (link,) = links(RAIL[1].entries, {"ar.invoice.view"}, "invoices")

    assert link.current
    assert link.url == "/invoices/"
