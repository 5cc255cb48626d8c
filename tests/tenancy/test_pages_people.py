"""Sign-in, sign-up, company switch, profile, members and settings on screen (RR-1, SP-1, SP-8, SP-10)."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.models import AuditEntry
from ledger.models import Account, Period
from payments.models import PaymentAccount
from tenancy.context import company_scope
from tenancy.models import Company, CompanyUserGrant, Membership, User
from tenancy.principal import resolve
from tests.ar.signed_in import signed_in
from tests.factories.tenancy import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

SIGN_UP = {
    "full_name": "Noura Al Saud",
    "email": "noura@new.mizan.test",
    "password": "a good long password 9",
    "name": "Date Palm Trading",
    "name_arabic": "تجارة النخيل",
    "vat_number": "310122393500003",
    "currency": "SAR",
}


def sign_in(client, user, password=PASSWORD, **fields):
    return client.post(
        reverse("tenancy:sign-in"), {"email": user.email, "password": password, **fields}
    )


def test_sign_in_goes_to_the_page_asked_for_and_is_in_the_audit_trail(company_a):
    user = company_a.users["accountant"]

    answer = sign_in(Client(), user, next="/journal/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/journal/")
    with company_a.acting():
        entry = AuditEntry.objects.get(action="LOGIN", actor_id=user.pk)
    assert entry.entity_type == "tenancy.user"


def test_sign_in_never_leaves_the_site(company_a):
    answer = sign_in(Client(), company_a.users["owner"], next="https://evil.test/")

    assert answer.headers["Location"] == "/"


def test_unknown_person_and_wrong_password_get_the_same_words(company_a):
    wrong = sign_in(Client(), company_a.users["owner"], "wrong password 123")
    unknown = Client().post(
        reverse("tenancy:sign-in"), {"email": "nobody@mizan.test", "password": "wrong password 123"}
    )

    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_sixth_failure_in_a_row_closes_the_account_for_a_while(company_a):
    user, client = company_a.users["cashier"], Client()

    codes = [sign_in(client, user, "wrong password 123").status_code for _n in range(6)]

    assert codes[0] == 422
    assert codes[-1] == 429
    assert sign_in(client, user).status_code == 429


def test_sign_up_opens_the_books_of_a_new_company(db):
    client = Client()

    answer = client.post(reverse("tenancy:sign-up"), SIGN_UP)

    assert answer.status_code == 302
    user = User.objects.get(email=SIGN_UP["email"])
    principal = resolve(user.pk)
    assert principal.role == "owner"
    with company_scope(principal.company_id, actor_id=user.pk, role="owner"), transaction.atomic():
        assert Account.objects.filter(role="ar_control").exists()
        assert Period.objects.count() >= 12
        assert PaymentAccount.objects.count() == 3
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vat_number", "123"),
        ("password", "short"),
        ("email", "not an address"),
        ("name", ""),
        ("name", "A\u202eB"),
        ("currency", "XXX"),
    ],
)
def test_wrong_sign_up_is_refused_at_its_field_and_nothing_is_written(db, field, value):
    answer = Client().post(reverse("tenancy:sign-up"), SIGN_UP | {field: value})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.filter(email=SIGN_UP["email"]).exists()


def test_second_company_of_the_same_name_gets_another_short_name(db):
    Client().post(reverse("tenancy:sign-up"), SIGN_UP)
    answer = Client().post(reverse("tenancy:sign-up"), SIGN_UP | {"email": "second@new.mizan.test"})

    assert answer.status_code == 302
    slug = resolve(User.objects.get(email="second@new.mizan.test").pk).company["slug"]
    assert slug.startswith("date-palm-trading-")


def test_taken_address_is_refused(company_a):
    answer = Client().post(
        reverse("tenancy:sign-up"), SIGN_UP | {"email": company_a.users["owner"].email}
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email"]


def test_company_switch_takes_own_companies_only(company_a, company_b):
    client = signed_in(company_a)

    client.post(reverse("tenancy:company-switch"), {"company": company_b.id})
    stays = client.get("/").context["principal"].company_id
    client.post(
        reverse("tenancy:sign-up"), {k: SIGN_UP[k] for k in ("name", "vat_number", "currency")}
    )
    second = client.get("/").context["principal"].company_id
    client.post(reverse("tenancy:company-switch"), {"company": company_a.id})

    assert stays == company_a.id
    assert second not in (company_a.id, company_b.id)
    assert client.get("/").context["principal"].company_id == company_a.id


def test_sign_out_ends_the_session(company_a):
    client = signed_in(company_a)

    assert client.post(reverse("tenancy:sign-out")).status_code == 302
    assert client.get("/").status_code == 302


def test_password_change_asks_for_the_present_one_and_ends_other_sessions(company_a):
    here, elsewhere = signed_in(company_a), signed_in(company_a)
    typed = {"password-new": "another long password 2", "password-again": "another long password 2"}
    address = reverse("tenancy:password-change")

    wrong = here.post(address, typed | {"password-current": "not it"})
    right = here.post(address, typed | {"password-current": PASSWORD})

    assert wrong.status_code == 422
    assert "current" in wrong.context["password_form"].errors
    assert right.status_code == 302
    assert here.get("/").status_code == 200
    assert elsewhere.get("/").status_code == 302


def test_profile_language_is_that_of_the_next_page(company_a):
    client = signed_in(company_a)

    client.post(reverse("tenancy:profile"), {"full_name": "Layla", "language": "ar"})

    page = client.get("/").content.decode()
    assert re.search(r'<html lang="ar"\s+dir="rtl"', page)
    assert "الرئيسية" in page


def test_owner_adds_a_member_with_a_commission_percent(company_a):
    answer = signed_in(company_a).post(
        reverse("tenancy:member-create"),
        {
            "full_name": "Sami",
            "email": "sami@new.mizan.test",
            "role": "sales",
            "commission_percent": "12.5",
            "language": "ar",
            "password": "a first password 77",
        },
    )

    assert answer.status_code == 302
    user = User.objects.get(email="sami@new.mizan.test")
    with company_a.acting():
        member = Membership.objects.get(user=user)
    assert (member.role, str(member.commission_percent)) == ("sales", "12.5000")
    assert sign_in(Client(), user, "a first password 77").status_code == 302


def test_nobody_changes_their_own_role(company_a):
    with company_a.acting():
        member = Membership.objects.get(user=company_a.users["owner"])

    answer = signed_in(company_a).post(
        reverse("tenancy:member-edit", args=[member.pk]), {"role": "sales", "is_active": "on"}
    )

    assert answer.status_code == 422
    with company_a.acting():
        assert Membership.objects.get(pk=member.pk).role == "owner"


def test_ended_member_is_out_at_the_next_page(company_a):
    client = signed_in(company_a, "sales")
    assert client.get("/").status_code == 200
    with company_a.acting():
        member = Membership.objects.get(user=company_a.users["sales"])

    signed_in(company_a).post(reverse("tenancy:member-edit", args=[member.pk]), {"role": "sales"})

    assert client.get("/").status_code == 403


def test_owner_grants_a_right_and_takes_it_back(company_a):
    with company_a.acting():
        member = Membership.objects.get(user=company_a.users["sales"])
    address = reverse("tenancy:member-grant", args=[member.pk])
    right = {"permission": "payments.payment.create"}
    owner, sales = signed_in(company_a), signed_in(company_a, "sales")

    owner.post(address, right | {"granted": "1"})
    with_right = sales.get(reverse("payments:payment-create")).status_code
    owner.post(address, right | {"granted": "0"})

    assert with_right == 200
    assert sales.get(reverse("payments:payment-create")).status_code == 403
    with company_a.acting():
        assert not CompanyUserGrant.objects.exists()


def test_settings_are_saved_and_checked(company_a):
    client, address = signed_in(company_a), reverse("tenancy:company-settings")
    initial = client.get(address).context["form"].initial
    typed = {
        name: value for name, value in initial.items() if value is not None and value is not False
    }

    good = client.post(address, typed | {"payment_terms_days": "٤٥", "city_arabic": "جدة"})
    bad = client.post(address, typed | {"vat_number": "399"})

    assert good.status_code == 302
    assert bad.status_code == 422
    assert list(bad.context["form"].errors) == ["vat_number"]
    with company_a.acting():
        company = Company.objects.get()
    assert (company.payment_terms_days, company.city_arabic) == (45, "جدة")
    assert company.vat_number == initial["vat_number"]
