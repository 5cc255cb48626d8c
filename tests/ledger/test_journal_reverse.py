"""A reversal mirrors one original, once, and is not reversed itself (L7)."""

import pytest
from django.db.models import Sum

from core.dates import local_today
from ledger.models import AccountBalance, JournalEntry, JournalLine
from ledger.services.journal import journal_reverse
from tests.builders import posted_invoice
from tests.database import nothing_changes, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)
    return JournalEntry.objects.get()


def test_reversal_brings_every_account_back_to_zero(entry):
    journal_reverse(entry_id=entry.pk, date=local_today())

    sums = JournalLine.objects.values("account_id").annotate(
        debit=Sum("debit"), credit=Sum("credit")
    )
    assert len(sums) == 3
    assert all(row["debit"] == row["credit"] for row in sums)
    assert all(
        row.debit == row.credit and not row.amount_currency for row in AccountBalance.objects.all()
    )


def test_reversal_names_its_original(entry):
    mirror = JournalEntry.objects.get(pk=journal_reverse(entry_id=entry.pk, date=local_today()))

    assert (mirror.reverses_id, mirror.kind, mirror.total) == (entry.pk, "reversal", entry.total)


def test_entry_is_reversed_once(entry):
    journal_reverse(entry_id=entry.pk, date=local_today())

    with nothing_changes(), refused("journal_entry_once"):
        journal_reverse(entry_id=entry.pk, date=local_today())
    with nothing_changes(), refused("journal_entry_reversed_once"):
        journal_reverse(entry_id=entry.pk, date=local_today(), purpose="again")


def test_reversal_is_not_reversed(entry):
    mirror = journal_reverse(entry_id=entry.pk, date=local_today())

    with nothing_changes(), refused("reversal_mirrors"):
        journal_reverse(entry_id=mirror, date=local_today(), purpose="again")
