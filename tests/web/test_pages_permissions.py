"""Every page asks its permission, and shows nothing of another company (RR-2, SP-2, T1)."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse

from ledger.models import Account, JournalEntry, Period
from tenancy.models import Membership, User
from tenancy.roles import PERMISSIONS
from tests.ar.signed_in import signed_in
from tests.builders import payment, posted_invoice
from tests.cast import ROLES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

PLAIN_PAGES = (
    "reports:dashboard",
    "reports:trial-balance",
    "reports:customer-balances",
    "ar:customer-list",
    "ar:customer-create",
    "inventory:item-list",
    "inventory:item-create",
    "payments:payment-list",
    "payments:bank-home",
    "payments:bank-upload",
    "payments:bank-rules",
    "payments:bank-rule-create",
    "payments:payment-create",
    "commissions:commission-list",
    "ledger:chart",
    "ledger:journal-list",
    "ledger:manual-list",
    "ledger:template-list",
    "ledger:period-list",
    "ledger:rate-list",
    "audit:log",
    "tenancy:member-list",
    "tenancy:member-create",
    "tenancy:company-settings",
)


def permission_of(name):
    view = get_resolver().resolve(reverse(name)).func
    return view.permission


@pytest.mark.parametrize("role", ROLES)
def test_page_opens_for_the_roles_of_its_permission_only(company_a, role):
    client = signed_in(company_a, role)

    for name in PLAIN_PAGES:
        allowed = role in PERMISSIONS[permission_of(name)]
        assert client.get(reverse(name)).status_code == (200 if allowed else 403), name


@pytest.mark.parametrize("role", ROLES)
def test_no_page_offers_a_page_that_refuses_its_reader(company_a, role):
    with company_a.acting():
        checklist = reverse("reports:period-closing", args=[Period.objects.latest("start_date").pk])
    client = signed_in(company_a, role)
    offered: dict[str, str] = {}
    for address in (*(reverse(name) for name in PLAIN_PAGES), checklist):
        page = client.get(address)
        if page.status_code == 200:
            for link in re.findall(r'href="(/[^"#]*)', page.content.decode()):
                offered.setdefault(unescape(link), address)

    refused = {
        f"{address}: {link}"
        for link, address in offered.items()
        if not link.startswith(("/static/", "/admin/", "/api/"))
        and client.get(link).status_code in {403, 404, 500}
    }

    assert refused == set()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_every_page_runs_in_the_direction_of_its_language(company_a, language, direction):
    with company_a.acting():
        User.objects.filter(pk=company_a.users["owner"].pk).update(language=language)
    cache.clear()
    client = signed_in(company_a)

    for name in PLAIN_PAGES:
        page = client.get(reverse(name)).content.decode()
        assert re.search(rf'<html lang="{language}"\s+dir="{direction}"', page), name


def test_visitor_is_sent_to_the_sign_in_page(company_a):
    for name in PLAIN_PAGES:
        answer = Client().get(reverse(name))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in/?next=")


def test_records_of_another_company_are_not_found(company_a, company_b):
    with company_b.acting() as actor:
        invoice = posted_invoice(actor, company_b.customer)
        receipt = payment(actor, company_b.customer, "50")
        account = Account.objects.get(role="ar_control")
        entry = JournalEntry.objects.first()
        member = Membership.objects.exclude(role="owner").first()
    addresses = [
        reverse("ar:customer-detail", args=[company_b.customer.pk]),
        reverse("ar:customer-edit", args=[company_b.customer.pk]),
        reverse("inventory:item-edit", args=[company_b.items[0].pk]),
        reverse("payments:payment-detail", args=[receipt.pk]),
        reverse("payments:invoice-section", args=[invoice.pk]),
        reverse("payments:payment-create") + f"?customer={company_b.customer.pk}",
        reverse("payments:payment-create") + f"?invoice={invoice.pk}",
        reverse("ledger:account", args=[account.pk]),
        reverse("ledger:entry", args=[entry.pk]),
        reverse("tenancy:member-edit", args=[member.pk]),
        reverse("audit:entity", args=["ar.invoice", invoice.pk]),
    ]
    client = signed_in(company_a)

    for address in addresses:
        assert client.get(address).status_code == 404, address
    for name, key in (
        ("payments:payment-reverse", receipt.pk),
        ("payments:payment-use-rest", receipt.pk),
        ("tenancy:member-grant", member.pk),
    ):
        assert client.post(reverse(name, args=[key])).status_code == 404, name


def test_admin_site_is_for_owners_only(company_a):
    admin = signed_in(company_a).get("/admin/")
    assert (admin.status_code, "favicon" in admin.content.decode()) == (200, True)
    for role in ROLES[1:]:
        assert signed_in(company_a, role).get("/admin/").status_code == 302


def test_admin_site_shows_the_own_company_only(company_a, company_b):
    client = signed_in(company_a)

    listed = client.get("/admin/ar/customer/").content.decode()
    assert company_a.customer.code in listed
    assert company_b.customer.code not in listed
    foreign = client.get(f"/admin/ar/customer/{company_b.customer.pk}/change/")
    assert foreign.status_code == 302


def test_history_of_people_is_for_those_who_may_see_the_log(company_a):
    with company_a.acting():
        member = Membership.objects.exclude(role="owner").first()
    address = reverse("audit:timeline", args=["tenancy.membership", member.pk])

    assert signed_in(company_a, "auditor").get(address).status_code == 200
    assert signed_in(company_a, "cashier").get(address).status_code == 403
