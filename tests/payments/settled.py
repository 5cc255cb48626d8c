"""Helpers of the tests of settlements."""

from decimal import Decimal

from django.db.models import Sum

from ledger.models import JournalLine
from tests.builders import payment


def moved(role):
    """Return debits less credits of the account of a role."""
    sums = JournalLine.objects.filter(account__role=role).aggregate(
        debit=Sum("debit"), credit=Sum("credit")
    )
    return (sums["debit"] or Decimal(0)) - (sums["credit"] or Decimal(0))


def pay(actor, party, amount, **fields):
    """Register money out to a party."""
    return payment(actor, party, amount, direction="out", **fields)
