"""The demo companies: two, complete, the same at a second start, never in production (SP-11)."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from ar.models import CreditNote, Customer, Invoice
from commissions.models import CommissionSnapshot
from inventory.models import Item
from reports.demo.names import CUSTOMERS, STEMS, VARIANTS
from reports.demo.seed import PASSWORD, seed_all
from reports.verify.run import company_ids, verify_company
from tenancy.context import company_scope
from tenancy.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_demo_has_something_for_every_page_and_verifies():
    assert seed_all() == ["demo", "second"]
    assert seed_all() == []
    for role in ("owner", "accountant", "sales", "cashier", "auditor"):
        assert User.objects.get(email=f"{role}@demo.mizan.test").check_password(PASSWORD)
    demo, second = company_ids()
    with company_scope(demo), transaction.atomic():
        states = set(Invoice.objects.values_list("status", flat=True))
        assert states == {"draft", "posted", "partially_paid", "paid", "void"}
        assert Invoice.objects.count() > 600
        assert (Customer.objects.count(), Item.objects.count()) == (40, 200)
        assert Invoice.objects.filter(is_locked=True).exists()
        assert CreditNote.objects.exists()
        assert set(CommissionSnapshot.objects.values_list("status", flat=True)) == {
            "pending",
            "approved",
        }
    for company in (demo, second):
        assert [o.check.name for o in verify_company(company) if o.count] == []


def test_it_is_refused_in_production(settings):
    settings.ENVIRONMENT = "prod"
    with pytest.raises(CommandError, match="production"):
        call_command("seed_demo")


def test_names_are_given_in_both_languages_and_once():
    assert len({name for name, _ in CUSTOMERS}) == len({arabic for _, arabic in CUSTOMERS}) == 40
    assert len(STEMS) * len(VARIANTS) == 200
    assert len({stem[0] for stem in STEMS}) == len({stem[1] for stem in STEMS}) == len(STEMS)
