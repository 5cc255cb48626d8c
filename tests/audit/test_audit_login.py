"""Signing in is an event of the companies the person works for (RR-9)."""

import pytest
from django.test import Client

from audit.models import AuditEntry
from tenancy.services.members import member_add
from tests.factories.tenancy import PASSWORD

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]


def logins(cast):
    with cast.acting():
        return list(
            AuditEntry.objects.filter(action="LOGIN").values_list(
                "actor_id", "entity_type", "entity_id"
            )
        )


def sign_in(user, password=PASSWORD):
    return Client().post("/sign-in/", {"email": user.email, "password": password})


def test_sign_in_is_in_the_trail_of_every_company_of_the_person(company_a, company_b):
    person = company_a.users["accountant"]
    with company_b.acting():
        member_add(email=person.email, full_name="x", role="auditor")

    assert sign_in(person).status_code == 302

    expected = [(person.pk, "tenancy.user", str(person.pk))]
    assert logins(company_a) == expected
    assert logins(company_b) == expected


def test_refused_sign_in_is_none(company_a):
    assert sign_in(company_a.users["accountant"], "wrong password").status_code == 422
    assert logins(company_a) == []


def test_sign_in_over_another_session_is_noted_too(company_a, company_b):
    client = Client()
    for cast in (company_a, company_b):
        client.post("/sign-in/", {"email": cast.users["cashier"].email, "password": PASSWORD})

    assert len(logins(company_a)) == len(logins(company_b)) == 1
