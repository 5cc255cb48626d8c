"""What receivables keep besides invoices, for tests: through the services only, as in tests.builders."""

from __future__ import annotations

from ar.models import Customer, Reminder
from ar.selectors.reminders import reminder_levels
from ar.services.prepayments import prepayment_apply
from ar.services.recurring import TypedRecurring, recurring_create, recurring_run
from ar.services.reminders import reminder_level_save, reminders_send
from ar.services.write_offs import TypedWriteOff, write_off_create
from core.dates import local_today
from documents.services.terms import terms_save
from tenancy.principal import Principal
from tests.builders import days_ago, line, payment, posted_invoice


def reminded(actor: Principal, customer: Customer) -> Reminder:
    """Send a customer a reminder about an invoice five days late."""
    Customer.objects.filter(pk=customer.pk).update(email="buyer@example.test")
    posted_invoice(actor, customer, issue_date=days_ago(6), due_date=days_ago(5))
    (row,) = reminders_send(customer_ids=[customer.pk], actor=actor, today=local_today())
    return row


def every_agreement(actor: Principal, customer: Customer) -> None:
    """Make one of each: bad debt, used prepayment, reminder with its level, recurring invoice that ran, terms."""
    write_off_create(
        typed=TypedWriteOff(invoice_id=posted_invoice(actor, customer).pk, reason="Bankrupt"),
        actor=actor,
    )
    prepayment = posted_invoice(actor, customer, kind="prepayment")
    payment(actor, customer, "115", allocations=[(prepayment, "115")])
    final = posted_invoice(actor, customer, [line("1", "200")])
    prepayment_apply(invoice_id=final.pk, prepayment_id=prepayment.pk, actor=actor)
    first = reminder_levels()[0]
    reminder_level_save(
        level=1,
        values={"days_overdue": 3, "days_since_last": 0, "subject": "Late", "body": first.body}
        | {"subject_arabic": first.subject_arabic, "body_arabic": first.body_arabic},
        actor=actor,
    )
    reminded(actor, customer)
    repeated = recurring_create(
        invoice_id=final.pk,
        typed=TypedRecurring(name="Rent", frequency="monthly", start_date=local_today()),
        actor=actor,
    )
    recurring_run(recurring_id=repeated.pk, actor=actor, today=local_today())
    terms_save(values={"code": "N10", "name": "10 days", "rule": "net", "days": 10}, actor=actor)
