"""Many people credit, post on a limit, write off, remind and repeat at the same moment (issue 3, AR)."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from ar.errors import CreditLimitExceeded, NotOpen
from ar.models import CreditNote, Customer, Invoice, RecurringRun, Reminder, WriteOff
from ar.services.notes import credit_note_create
from ar.services.posting import invoice_create_posted
from ar.services.prepayments import prepayment_apply
from ar.services.recurring import TypedRecurring, recurring_create, recurring_run
from ar.services.reminders import reminders_send
from ar.services.write_offs import TypedWriteOff, write_off_create
from ar.typed_credit import parse_credit
from core.dates import local_today
from core.errors import ValidationErrors
from documents.errors import TransitionRefused
from tests.builders import days_ago, line, lines_of, payment, posted_invoice, typed_invoice
from tests.concurrency.workers import at_once, refusals

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


def refused_by(results, *errors):
    """Return how many were refused; every refusal is one of these."""
    found = refusals(results)
    assert {type(one) for one in found} <= set(errors), found
    return len(found)


def test_twenty_credit_notes_never_credit_more_than_was_sold(company_a):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer, [line("10", "10.03")])
        row = str(lines_of(invoice)[0].pk)
    accountant = company_a.principal("accountant")
    payload = {"reason": "Returned", "lines": [{"line": row, "quantity": "1"}]}

    def credit(_):
        with company_a.scope("accountant"):
            credit_note_create(typed=parse_credit(payload, invoice_id=invoice.pk), actor=accountant)

    results = at_once(credit, list(range(20)))

    assert refused_by(results, ValidationErrors, TransitionRefused) == 10
    with company_a.acting():
        sums = CreditNote.objects.aggregate(total=Sum("total"), tax=Sum("tax_amount"))
        assert sums == {"total": invoice.total, "tax": invoice.tax_amount}


def test_a_credit_limit_holds_however_many_post(company_a):
    with company_a.acting() as owner:
        Customer.objects.filter(pk=company_a.customer.pk).update(
            credit_limit=Decimal(575), credit_control="block"
        )
        typed = typed_invoice(owner, company_a.customer)
    accountant = company_a.principal("accountant")

    def post(_):
        with company_a.scope("accountant"):
            invoice_create_posted(typed=typed, actor=accountant)

    results = at_once(post, list(range(20)))

    assert refused_by(results, CreditLimitExceeded) == 15
    with company_a.acting():
        assert Invoice.objects.count() == 5


def test_a_debt_is_given_up_once_and_a_prepayment_used_once(company_a):
    with company_a.acting() as owner:
        customer = company_a.customer
        lost = posted_invoice(owner, customer)
        prepayment = posted_invoice(owner, customer, kind="prepayment")
        payment(owner, customer, "115", allocations=[(prepayment, "115")])
        finals = [posted_invoice(owner, customer).pk for _ in range(8)]
    accountant = company_a.principal("accountant")

    def give_up(_):
        with company_a.scope("accountant"):
            write_off_create(
                typed=TypedWriteOff(invoice_id=lost.pk, reason="Bankrupt"), actor=accountant
            )

    def use(final):
        with company_a.scope("accountant"):
            prepayment_apply(invoice_id=final, prepayment_id=prepayment.pk, actor=accountant)

    assert refused_by(at_once(give_up, list(range(8))), TransitionRefused) == 7
    assert refused_by(at_once(use, finals), NotOpen) == 7
    with company_a.acting():
        assert WriteOff.objects.count() == 1


def test_one_reminder_and_one_invoice_of_a_date(company_a):
    with company_a.acting() as owner:
        customer = company_a.customer
        Customer.objects.filter(pk=customer.pk).update(email="buyer@example.test")
        late = posted_invoice(owner, customer, issue_date=days_ago(6), due_date=days_ago(5))
        repeated = recurring_create(
            invoice_id=late.pk,
            typed=TypedRecurring(name="Rent", frequency="monthly", start_date=local_today()),
            actor=owner,
        )
    accountant = company_a.principal("accountant")

    def remind(_):
        with company_a.scope("accountant"):
            reminders_send(customer_ids=[customer.pk], actor=accountant, today=local_today())

    def repeat(_):
        with company_a.scope("accountant"):
            recurring_run(recurring_id=repeated.pk, actor=accountant, today=local_today())

    assert refusals(at_once(remind, list(range(8)))) == []
    assert refusals(at_once(repeat, list(range(8)))) == []
    with company_a.acting():
        assert Reminder.objects.count() == 1
        assert RecurringRun.objects.count() == 1
        assert Invoice.objects.filter(external_id__startswith="recurring:").count() == 1
