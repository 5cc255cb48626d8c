"""The request's scope and transaction: who acts, what is kept, what is seen (reliability.md part 4)."""

from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from ar.models import Invoice
from inventory.models import ItemCategory
from tenancy.models import Membership
from tenancy.services.members import member_change
from tests.builders import posted_invoice
from tests.concurrency.workers import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.tenancy.request_urls"),
    pytest.mark.usefixtures("clean_cache"),
]


def client_of(cast, role="owner", **options):
    client = Client(**options)
    client.force_login(cast.users[role], "django.contrib.auth.backends.ModelBackend")
    return client


def categories(cast):
    with cast.acting():
        return list(ItemCategory.objects.values_list("code", flat=True))


def test_answer_below_400_keeps_what_was_written(company_a):
    assert client_of(company_a).get("/test/write/200/").status_code == 200
    assert categories(company_a) == ["C200"]


@pytest.mark.parametrize("status", [400, 403, 409, 422, 500])
def test_refused_request_leaves_nothing_behind(company_a, status):
    assert client_of(company_a).get(f"/test/write/{status}/").status_code == status
    assert categories(company_a) == []


def test_crash_leaves_nothing_behind(company_a):
    answer = client_of(company_a, raise_request_exception=False).get("/test/crash/")

    assert answer.status_code == 500
    assert categories(company_a) == []


def test_promise_broken_at_commit_is_a_refusal_not_a_crash(company_a):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)

    answer = client_of(company_a).get("/test/settle/")

    assert answer.status_code == 409
    assert "allocations" in answer.content.decode()
    with company_a.acting():
        assert Invoice.objects.get().allocated_amount == 0


def test_database_is_told_company_actor_source_and_cause(company_a):
    told = client_of(company_a, "cashier").get("/test/who/").json()["told"]

    assert told == [str(company_a.id), str(company_a.users["cashier"].pk), "app", "test-who"]


def test_each_request_sees_its_company_only(company_a, company_b):
    for cast, count in ((company_a, 2), (company_b, 1)):
        with cast.acting() as owner:
            for _ in range(count):
                posted_invoice(owner, cast.customer)

    assert client_of(company_a).get("/test/who/").json()["rows"] == [2, 1]
    assert client_of(company_b).get("/test/who/").json()["rows"] == [1, 1]


def test_nobody_sees_nothing(company_a):
    with company_a.acting() as owner:
        posted_invoice(owner, company_a.customer)

    assert Client().get("/test/who/").status_code == 302
    assert client_of(company_a).get("/test/outside/").json() == {"rows": 0}


def test_former_member_is_out_with_the_next_request(company_a):
    client = client_of(company_a, "cashier")
    assert client.get("/test/who/").status_code == 200

    with company_a.acting() as owner:
        membership = Membership.objects.get(user=company_a.users["cashier"])
        member_change(membership_id=membership.pk, actor_id=owner.user_id, is_active=False)

    assert client.get("/test/who/").status_code == 403


def test_company_of_the_session_is_checked_not_trusted(company_a, company_b):
    client = client_of(company_a)
    session = client.session
    session["company_id"] = company_b.id
    session.save()

    assert client.get("/test/who/").status_code == 403


def test_company_in_path_query_or_header_means_nothing(company_a, company_b):
    answer = client_of(company_a).get(
        f"/test/who/?company={company_b.id}&company_id={company_b.id}",
        headers={"X-Company-Id": str(company_b.id), "X-Tenant": str(company_b.id)},
    )

    assert answer.json()["told"][0] == str(company_a.id)


@pytest.mark.concurrency
def test_interleaved_requests_of_two_companies_over_a_small_pool_never_mix(company_a, company_b):
    for cast, count in ((company_a, 3), (company_b, 1)):
        with cast.acting() as owner:
            for _ in range(count):
                posted_invoice(owner, cast.customer)
    wrapper: Any = connections["default"]
    wrapper.close()
    wrapper.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 3, "timeout": 30}
    visitors = {
        company_a.id: [client_of(company_a), client_of(company_a, "accountant")],
        company_b.id: [client_of(company_b), client_of(company_b, "sales")],
        None: [Client()],
    }
    expected = {company_a.id: [3, 1], company_b.id: [1, 1]}
    connection.close()

    def visit(number):
        wrong: list[object] = []
        for turn in range(6):
            for company, clients in visitors.items():
                client = Client()
                client.cookies = clients[(number + turn) % len(clients)].cookies
                answer = client.get("/test/who/")
                if company is None:
                    wrong += [] if answer.status_code == 302 else [answer.status_code]
                elif answer.json()["rows"] != expected[company]:
                    wrong.append((company, answer.json()))
                connection.close()
        return wrong

    try:
        results = at_once(visit, range(12))
    finally:
        wrapper.close()
        wrapper.close_pool()
        del wrapper.settings_dict["OPTIONS"]["pool"]

    assert [found for found in results if found] == []
