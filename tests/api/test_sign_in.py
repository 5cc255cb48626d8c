"""Sign-in, sign-up, companies and members through the API (SP-10, RR-1)."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework.throttling import SimpleRateThrottle

from api.people.tokens import tokens_for
from tenancy.models import Membership
from tests.api.conftest import Api, api_of, codes, invoice
from tests.factories.tenancy import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


def test_sign_in_returns_tokens_that_work(anonymous, company_a):
    answer = anonymous.post(
        "auth/token", {"email": company_a.users["sales"].email.upper(), "password": PASSWORD}
    )

    assert answer.json().keys() == {"access", "refresh"}
    me = Api(answer.json()["access"]).get("me").json()
    assert (me["role"], me["company"]["slug"]) == ("sales", company_a.company.slug)
    assert "ar.invoice.lock" not in me["permissions"]


def test_wrong_password_and_unknown_person_read_the_same(anonymous, company_a):
    wrong = anonymous.post("auth/token", {"email": company_a.users["owner"].email, "password": "x"})
    unknown = anonymous.post("auth/token", {"email": "nobody@mizan.test", "password": "x"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["message"] == unknown.json()["message"]


def test_account_closes_after_five_failures(anonymous, company_a):
    email = company_a.users["owner"].email
    for _ in range(5):
        anonymous.post("auth/token", {"email": email, "password": "x"})

    answer = anonymous.post("auth/token", {"email": email, "password": PASSWORD})

    assert (answer.status_code, answer.json()["code"]) == (429, "locked_out")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_sign_ins_from_one_address_are_limited(anonymous):
    statuses = [
        anonymous.post("auth/token", {"email": f"p{n}@mizan.test", "password": "x"}).status_code
        for n in range(21)
    ]

    assert statuses == [401] * 20 + [429]


def test_refresh_returns_a_new_pair(anonymous, company_a):
    tokens = anonymous.post(
        "auth/token", {"email": company_a.users["owner"].email, "password": PASSWORD}
    ).json()

    fresh = anonymous.post("auth/refresh", {"refresh": tokens["refresh"]})

    assert Api(fresh.json()["access"]).get("me").status_code == 200
    assert anonymous.post("auth/refresh", {"refresh": tokens["access"]}).status_code == 401
    assert anonymous.post("auth/refresh", {"refresh": "x"}).status_code == 401


def test_new_password_ends_refresh_tokens(anonymous, company_a):
    user = company_a.users["owner"]
    tokens = anonymous.post("auth/token", {"email": user.email, "password": PASSWORD}).json()
    user.set_password("another long password 2")
    user.save()
    company_a.principal()  # the cached principal ends at once here

    assert anonymous.post("auth/refresh", {"refresh": tokens["refresh"]}).status_code == 401


def test_token_of_a_removed_member_is_not_renewed_for_another_company(
    anonymous, company_a, company_b
):
    user = company_a.users["sales"]
    with company_b.acting():
        Membership.objects.create(user=user, role="owner")
    tokens = tokens_for(company_a.principal("sales"))
    with company_a.acting():
        Membership.objects.filter(user=user).update(is_active=False)
    cache.clear()  # what a commit does for this person

    assert Api(tokens["access"]).get("customers").json()["code"] == "no_company"
    assert anonymous.post("auth/refresh", {"refresh": tokens["refresh"]}).status_code == 401


def test_register_opens_a_company_with_its_books(anonymous):
    answer = anonymous.post(
        "auth/register",
        {
            "company_name": "Noor Trading",
            "company_name_arabic": "نور للتجارة",
            "vat_number": "310122393500003",
            "email": "noor@mizan.test",
            "password": "a good long passphrase",
            "full_name": "Noor",
        },
    )

    assert answer.status_code == 201
    api = Api(answer.json()["access"])
    assert api.get("me").json()["role"] == "owner"
    assert api.get("accounts").json()["count"] > 100
    assert api.get("customers").json()["count"] == 0
    again = anonymous.post(
        "auth/register",
        {
            "company_name": "Other",
            "email": "noor@mizan.test",
            "password": "a good long passphrase",
            "full_name": "Noor",
        },
    )
    assert (again.status_code, codes(again)) == (409, {"email": "email_taken"})


def test_weak_password_is_refused(anonymous):
    answer = anonymous.post(
        "auth/register",
        {"company_name": "X", "email": "x@mizan.test", "password": "short", "full_name": "X"},
    )

    assert codes(answer) == {"password": "weak_password"}


def test_company_switch_gives_tokens_of_the_other_company(api, company_a, company_b):
    created = api.post("companies", {"company_name": "Second"})
    assert created.status_code == 201
    company_a.principal()

    tokens = api.post("me/company", {"company": created.json()["slug"]}).json()

    assert Api(tokens["access"]).get("me").json()["company"]["id"] == created.json()["id"]
    foreign = api.post("me/company", {"company": company_b.company.slug})
    assert (foreign.status_code, codes(foreign)) == (403, {"company": "no_company"})


def test_members_are_managed_by_the_owner(api, company_a):
    added = api.post(
        "memberships",
        {
            "email": "new@mizan.test",
            "full_name": "New",
            "role": "sales",
            "password": "a good long passphrase",
            "commission_percent": "5",
        },
    )
    assert added.status_code == 201
    one = f"memberships/{added.json()['id']}"

    changed = api.patch(one, {"role": "accountant", "commission_percent": None})
    assert (changed.json()["role"], changed.json()["commission_percent"]) == ("accountant", None)
    assert api.patch(one, {"role": "king"}).status_code == 400
    own = next(row for row in api.get("memberships").json()["results"] if row["role"] == "owner")
    assert api.patch(f"memberships/{own['id']}", {"role": "sales"}).json()["code"] == "own_role"
    assert api.patch(one, {"commission_percent": "101"}).status_code == 400


def test_settings_carry_a_version(api, company_a):
    changed = api.patch(
        "settings", {"payment_terms_days": 10, "commission_tax_percent": "2.5", "version": 1}
    )
    assert (changed.status_code, changed.json()["payment_terms_days"]) == (200, 10)

    stale = api.patch("settings", {"payment_terms_days": 11, "version": 1})
    assert stale.json()["changes"] == {"payment_terms_days": {"yours": 11, "theirs": 10}}
    assert api.patch("settings", {"currency": "USD"}).status_code == 400


def test_health_needs_no_sign_in(anonymous):
    assert anonymous.get("health").status_code == anonymous.get("health/").status_code == 200


def test_session_needs_the_csrf_token(company_a):
    api = Api()
    api.client.handler.enforce_csrf_checks = True
    api.client.force_login(
        company_a.users["owner"], backend="django.contrib.auth.backends.ModelBackend"
    )

    assert api.get("me").status_code == 200
    assert api.post("invoices", {}).status_code == 403


def test_sign_in_is_in_the_audit_log(anonymous, company_a):
    anonymous.post("auth/token", {"email": company_a.users["owner"].email, "password": PASSWORD})

    rows = api_of(company_a).get("audit?action=LOGIN").json()["results"]

    assert [row["actor"] for row in rows] == [company_a.users["owner"].pk]


def _cache_away(*args, **kwargs):
    raise RedisConnectionError("Connection refused.")


def test_nobody_signs_in_while_attempts_cannot_be_counted(anonymous, company_a, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", _cache_away)

    answer = anonymous.post(
        "auth/token", {"email": company_a.users["owner"].email, "password": PASSWORD}
    )

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"]


def test_page_of_the_sign_in_says_so_too(company_a, monkeypatch):
    monkeypatch.setattr("tenancy.views.session.AxesProxyHandler.is_allowed", _cache_away)

    answer = Client(raise_request_exception=False).post(
        "/sign-in/", {"email": company_a.users["owner"].email, "password": PASSWORD}
    )

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_signed_in_people_work_while_the_cache_is_away(api, company_a, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", _cache_away)

    assert api.post("invoices/generate?pdf=0", invoice(company_a)).status_code == 201
