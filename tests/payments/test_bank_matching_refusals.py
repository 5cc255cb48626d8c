"""What matching bank lines refuses, by message and by the database (issue 3, item 7; R3, R6, T2)."""

from decimal import Decimal

import pytest
from django.db import transaction

from ledger.models import Account, JournalEntry, Period
from payments.bank.errors import (
    BookingReconciled,
    LineMatched,
    MatchDiffers,
    ProposalGone,
)
from payments.models import BankLine, BankMatch, BankMatchItem, MatchRule, Payment
from payments.services.bank_lines import (
    bank_line_match,
    bank_line_pay,
    bank_line_suspend,
)
from payments.services.bank_proposals import (
    bank_line_accept,
    bank_lines_accept_sure,
    proposals_for,
)
from payments.services.bank_undo import bank_match_undo
from payments.strategies import OverAllocated
from tenancy.errors import PermissionRefused
from tests.builders import fresh, payment, posted_invoice
from tests.database import check_now, refused
from tests.payments.bank import bank_account, bank_lines

pytestmark = pytest.mark.django_db
D = Decimal


def entry_of(paid):
    return JournalEntry.objects.get(source_id=paid.pk, purpose="post")


def best(line):
    return proposals_for(line.payment_account, [line])[line.pk][0]


def test_a_line_is_matched_once(in_company_a, owner):
    (line,) = bank_lines(("70", "?"), actor=owner)
    bank_line_suspend(line_id=line.pk, actor=owner)

    with pytest.raises(LineMatched):
        bank_line_suspend(line_id=line.pk, actor=owner)


def test_a_booking_is_reconciled_once(in_company_a, owner):
    paid = payment(owner, in_company_a.customer, 70, account=bank_account())
    first, second = bank_lines(("70", "A"), ("70", "B"), actor=owner)
    bank_line_match(line_id=first.pk, entries=[entry_of(paid).pk], actor=owner)

    with pytest.raises(BookingReconciled):
        bank_line_match(line_id=second.pk, entries=[entry_of(paid).pk], actor=owner)


def test_bookings_of_another_sum_are_refused_with_both_sums(in_company_a, owner):
    paid = payment(owner, in_company_a.customer, 71, account=bank_account())
    (line,) = bank_lines(("70", "A"), actor=owner)

    with pytest.raises(MatchDiffers, match=r"71\.0+ together, the line is 70\.0+"):
        bank_line_match(line_id=line.pk, entries=[entry_of(paid).pk], actor=owner)


def test_a_booking_of_another_account_is_refused(in_company_a, owner):
    paid = payment(owner, in_company_a.customer, 70)
    (line,) = bank_lines(("70", "A"), actor=owner)

    with pytest.raises(BookingReconciled):
        bank_line_match(line_id=line.pk, entries=[entry_of(paid).pk], actor=owner)


def test_a_proposal_that_changed_is_not_confirmed(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    (line,) = bank_lines(("115", invoice.number), actor=owner)
    key = best(line).key
    payment(owner, in_company_a.customer, 115, allocations=[(invoice, 115)])

    with pytest.raises(ProposalGone):
        bank_line_accept(line_id=line.pk, key=key, actor=owner)


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_only_bookkeepers_match(company_a, role):
    with company_a.acting() as owner:
        (line,) = bank_lines(("70", "?"), actor=owner)
    with company_a.acting(role) as actor, pytest.raises(PermissionRefused):
        bank_line_suspend(line_id=line.pk, actor=actor)


def test_nothing_is_posted_into_a_closed_period(in_company_a, owner):
    (line,) = bank_lines(("70", "?"), actor=owner)

    Period.objects.filter(start_date__lte=line.date, end_date__gte=line.date).update(state="closed")

    with refused("period_closed"):
        bank_line_suspend(line_id=line.pk, actor=owner)
    assert not BankMatch.objects.exists()


# in bulk


def test_all_sure_matches_are_confirmed_together_and_doubtful_ones_are_left(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    charges = Account.objects.get(role="bank_charges")
    MatchRule.objects.create(name="Charges", text="fee", sign="out", account=charges)
    lines = bank_lines(
        ("115", invoice.number), ("115", invoice.number), ("-5", "FEE"), ("33", "?"), actor=owner
    )

    done = bank_lines_accept_sure(payment_account_id=lines[0].payment_account_id, actor=owner)
    check_now()

    assert len(done.matches) == 2
    assert fresh(invoice).status == "paid"
    assert BankLine.objects.filter(is_matched=False).count() == 2


# the database


def test_the_database_keeps_a_match_equal_to_its_line(in_company_a, owner):
    paid = payment(owner, in_company_a.customer, 71, account=bank_account())
    (line,) = bank_lines(("70", "A"), actor=owner)

    for amount in (71, 70):
        with refused("bank_match_adds_up"):
            match = BankMatch.objects.create(line=line, method="booked")
            BankMatchItem.objects.create(
                match=match,
                payment_account=line.payment_account,
                entry=entry_of(paid),
                amount=amount,
            )


def test_the_database_wants_bookings_for_a_match(in_company_a, owner):
    (line,) = bank_lines(("70", "A"), actor=owner)

    with refused("bank_match_adds_up"):
        BankMatch.objects.create(line=line, method="booked")


def test_the_database_lets_nobody_change_or_revive_a_match(in_company_a, owner):
    (line,) = bank_lines(("70", "?"), actor=owner)
    match = bank_line_suspend(line_id=line.pk, actor=owner)

    with refused("bank_match_frozen"):
        BankMatch.objects.filter(pk=match.pk).update(method="booked")
    with refused("bank_match_frozen"):
        BankMatchItem.objects.update(amount=1)
    bank_match_undo(match_id=match.pk, actor=owner)
    with refused("bank_match_frozen"):
        BankMatch.objects.filter(pk=match.pk).update(undone_at=None)


def test_a_refusal_leaves_no_payment_behind(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    (line,) = bank_lines(("70", "A"), actor=owner)

    with pytest.raises(OverAllocated), transaction.atomic():
        bank_line_pay(
            line_id=line.pk,
            party_kind="customer",
            party_id=in_company_a.customer.pk,
            allocations=[(invoice.pk, D(71))],
            actor=owner,
        )
    assert not Payment.objects.exists()
