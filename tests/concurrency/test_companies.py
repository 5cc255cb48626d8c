"""Two companies over a small pool: every transaction sees and writes its own company only (RR-10, PS-17)."""

from typing import Any

import pytest
from django.db import connection, connections, transaction

from ar.models import Invoice
from ledger.models import JournalEntry
from tenancy.errors import LastOwner
from tenancy.models import Membership
from tenancy.services.members import member_change
from tests.builders import draft_invoice, post
from tests.concurrency.workers import at_once, refusals
from tests.factories.tenancy import member_make

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def small_pool(db):
    """Let all threads share three connections, as a busy web process does."""
    wrapper: Any = connections["default"]
    wrapper.close()
    wrapper.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 3, "timeout": 30}
    yield
    wrapper.close()
    wrapper.close_pool()
    del wrapper.settings_dict["OPTIONS"]["pool"]


def test_interleaved_work_of_two_companies_never_mixes(company_a, company_b, small_pool):
    people = {cast.id: cast.principal("accountant") for cast in (company_a, company_b)}

    def work(cast):
        wrong = []
        for _ in range(4):
            with cast.scope("accountant"):
                draft = draft_invoice(people[cast.id], cast.customer)
                post(people[cast.id], draft)
                with transaction.atomic():
                    wrong += [i for i in Invoice.objects.all() if i.company_id != cast.id]
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT DISTINCT company_id FROM ar_invoice")
                        wrong += [row for row in cursor.fetchall() if row != (cast.id,)]
            connection.close()  # back to the pool, for the other company
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM ar_invoice")
                wrong += [row for row in cursor.fetchall() if row != (0,)]
            connection.close()
        return wrong

    results = at_once(work, [company_a, company_b] * 8)

    assert [found for found in results if found] == []
    for cast in (company_a, company_b):
        with cast.acting():
            assert Invoice.objects.count() == JournalEntry.objects.count() == 32
            assert sorted(Invoice.objects.values_list("sequence_number", flat=True)) == list(
                range(1, 33)
            )


def test_two_owners_who_end_each_other_leave_one(company_a):
    with company_a.acting():
        second = member_make("owner")
        first = Membership.objects.get(user=company_a.users["owner"])

    def end(pair):
        actor, other = pair
        with company_a.scope():
            return member_change(membership_id=other.pk, actor_id=actor.user_id, is_active=False)

    results = at_once(end, [(first, second), (second, first)])

    assert [type(error) for error in refusals(results)] == [LastOwner]
    with company_a.acting():
        assert Membership.objects.filter(role="owner", is_active=True).count() == 1


def test_raw_sql_cannot_end_all_owners_at_once_either(company_a):
    with company_a.acting():
        keys = [member_make("owner").pk, Membership.objects.get(user=company_a.users["owner"]).pk]

    def end(key):
        try:
            with company_a.scope(), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE tenancy_membership SET is_active = false WHERE id = %s", [key]
                )
        except Exception as error:  # noqa: BLE001  # the refusal is the result
            return str(error)
        return ""

    results = at_once(end, keys)

    assert sorted(bool(text) for text in results) == [False, True]
    assert any("active owner" in text for text in results)
