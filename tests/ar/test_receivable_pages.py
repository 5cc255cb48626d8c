"""Pages of debit notes, prepayments, bad debts, reminders, recurring invoices and terms (issue 3, AR)."""

import re

import pytest
from django.urls import reverse

from ar.document_pages.shared import invoice_payload
from ar.models import Customer, Invoice, RecurringInvoice, Reminder, ReminderLevel, WriteOff
from core.dates import local_today
from documents.models import PaymentTerms
from tests.ar.signed_in import signed_in
from tests.ar.test_prepayment import prepaid
from tests.ar.test_reminders import late_invoice
from tests.builders import fresh, line, posted_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def accountant(company_a):
    return signed_in(company_a, "accountant")


def section(client, invoice):
    answer = client.get(reverse("ar:invoice-receivable", args=[invoice.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_debit_note_starts_as_a_draft_in_the_editor(company_a, accountant):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    place = reverse("ar:invoice-debit-note", args=[invoice.pk])
    typed = {"reason": "Price", "description": "Freight", "amount": "20", "vat_rate": "15"}

    wrong = accountant.post(place, typed | {"reason": "", "amount": "-1"})
    answer = accountant.post(place, typed)

    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {"reason", "amount"}
    with company_a.scope():
        note = Invoice.objects.get(kind="debit_note")
        assert answer.headers["Location"] == reverse("ar:invoice-edit", args=[note.pk])
        assert (note.corrects_id, note.total) == (invoice.pk, 23)
    assert accountant.get(answer.headers["Location"]).status_code == 200
    assert "Price" in section(accountant, note)
    editor = accountant.get(answer.headers["Location"])
    with company_a.scope():
        fixed = invoice_payload(note, [])["fixed"]
    assert fixed == {"kind": "debit_note", "corrects": str(invoice.pk), "reason": "Price"}
    assert b"debit_note" in editor.content


def test_prepayment_is_made_and_used(company_a, accountant):
    typed = {
        "customer": str(company_a.customer.pk),
        "description": "Half in advance",
        "amount": "1000",
        "vat_rate": "15",
    }
    made = accountant.post(reverse("ar:prepayment-create"), typed)
    assert made.status_code == 302
    with company_a.acting() as owner:
        prepayment = prepaid(owner, company_a.customer)
        final = posted_invoice(owner, company_a.customer, [line("1", "2000")])
    place = reverse("ar:invoice-prepayment", args=[final.pk])
    assert reverse("ar:invoice-prepayment", args=[final.pk]) in section(accountant, final)

    too_much = accountant.post(place, {"prepayment": str(prepayment.pk), "amount": "1150.01"})
    used = accountant.post(place, {"prepayment": str(prepayment.pk), "amount": ""})

    assert too_much.status_code == 422
    assert "amount" in too_much.context["form"].errors
    assert used.status_code == 302
    with company_a.scope():
        assert fresh(final).open_amount == 1150
    assert prepayment.number in section(accountant, final)
    assert final.number in section(accountant, prepayment)


def test_bad_debt_is_written_off_and_taken_up_again(company_a, accountant):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    place = reverse("ar:invoice-write-off", args=[invoice.pk])
    typed = {"reason": "Bankrupt", "amount": "115", "date": local_today().isoformat()}
    assert accountant.get(place).status_code == 200

    wrong = accountant.post(place, typed | {"amount": "116"})
    assert accountant.post(place, typed).status_code == 302
    assert "amount" in wrong.context["form"].errors
    with company_a.scope():
        row = WriteOff.objects.get()
        assert fresh(invoice).open_amount == 0
    undone = accountant.post(reverse("ar:write-off-undo", args=[row.pk]))

    assert undone.status_code == 302
    with company_a.scope():
        assert fresh(invoice).open_amount == 115


def test_hold_is_set_and_lifted(company_a, accountant):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    place = reverse("ar:invoice-hold", args=[invoice.pk])

    accountant.post(place, {"hold": "disputed"})
    assert "Disputed" in section(accountant, invoice)
    accountant.post(place, {"hold": ""})
    with company_a.scope():
        assert fresh(invoice).settlement_hold == ""


def test_reminders_due_are_ticked_and_sent(company_a, accountant):
    with company_a.acting() as owner:
        late_invoice(owner, company_a.customer)
        late_invoice(owner, company_a.other_customer, email="")
    page = accountant.get(reverse("ar:reminder-due"))
    assert len(page.context["due"]) == 2
    assert len(re.findall(rb'type="checkbox"\s+name="customer"', page.content)) == 1

    sent = accountant.post(
        reverse("ar:reminder-send"), {"customer": [str(company_a.customer.pk)]}, follow=True
    )
    again = accountant.post(
        reverse("ar:reminder-send"), {"customer": [str(company_a.customer.pk)]}, follow=True
    )

    assert b"1 reminder is on its way." in sent.content
    assert b"Nothing was sent" in again.content
    assert accountant.get(reverse("ar:reminder-sent")).context["page"].object_list
    with company_a.scope():
        assert Reminder.objects.count() == 1


def test_reminder_from_the_customer_and_the_stop_list(company_a, accountant):
    with company_a.acting() as owner:
        late_invoice(owner, company_a.customer)
    key = company_a.customer.pk

    accountant.post(reverse("ar:customer-reminders", args=[key]), {"stopped": "on"})
    with company_a.scope():
        assert Customer.objects.get(pk=key).reminders_stopped
    accountant.post(reverse("ar:customer-reminders", args=[key]))
    answer = accountant.post(reverse("ar:customer-remind", args=[key]), follow=True)

    assert b"The reminder is on its way." in answer.content


def test_words_of_a_level(company_a, accountant):
    place = reverse("ar:reminder-level", args=[2])
    page = accountant.get(place)
    typed = {name: page.context["form"].initial[name] for name in page.context["form"].fields}

    assert accountant.post(place, typed | {"days_overdue": "366"}).status_code == 422
    assert accountant.post(place, typed | {"subject": "Now", "is_active": "on"}).status_code == 302
    with company_a.scope():
        assert ReminderLevel.objects.get().subject == "Now"
    assert b"Now" in accountant.get(reverse("ar:reminder-levels")).content
    assert accountant.get(reverse("ar:reminder-level", args=[4])).status_code == 404


def test_invoice_repeats(company_a, accountant):
    with company_a.acting() as owner:
        invoice = posted_invoice(owner, company_a.customer)
    place = reverse("ar:invoice-repeat", args=[invoice.pk])
    typed = {"name": "Rent", "frequency": "monthly", "start_date": local_today().isoformat()}

    assert accountant.post(place, typed | {"end_date": "2026-01-01"}).status_code == 422
    made = accountant.post(place, typed)
    assert made.status_code == 302
    with company_a.scope():
        row = RecurringInvoice.objects.get()
    page = reverse("ar:recurring-detail", args=[row.pk])
    assert made.headers["Location"] == page
    assert accountant.get(page).status_code == 200
    ran = accountant.post(reverse("ar:recurring-run", args=[row.pk]), follow=True)
    assert b"1 made." in ran.content
    stale = accountant.post(page, typed | {"version": "7"})
    assert stale.status_code == 422
    assert b"Rent" in accountant.get(reverse("ar:recurring-list")).content


def test_terms_are_added_and_changed(company_a, accountant):
    typed = {
        "code": "2-10",
        "name": "2 % within 10 days",
        "rule": "net",
        "days": "30",
        "discount_percent": "2",
        "discount_days": "10",
        "is_active": "on",
    }

    assert accountant.post(reverse("ar:terms-create"), typed).status_code == 302
    twice = accountant.post(reverse("ar:terms-create"), typed)
    with company_a.scope():
        row = PaymentTerms.objects.get()
    late = accountant.post(reverse("ar:terms-edit", args=[row.pk]), typed | {"discount_days": "31"})

    assert "code" in twice.context["form"].errors
    assert "discount_days" in late.context["form"].errors
    assert b"2-10" in accountant.get(reverse("ar:terms-list")).content


def test_customer_has_terms_and_credit_control(company_a, accountant):
    with company_a.scope():
        terms = PaymentTerms.objects.create(code="EOM", name="End of month", rule="month_end")
    place = reverse("ar:customer-edit", args=[company_a.customer.pk])
    page = accountant.get(place)
    initial = page.context["form"].initial
    typed = {name: initial.get(name) or "" for name in page.context["form"].fields}
    typed |= {"terms": str(terms.pk), "credit_control": "block", "credit_limit": "500"}

    answer = accountant.post(place, typed)

    assert answer.status_code == 302, answer.context["form"].errors
    with company_a.scope():
        customer = Customer.objects.get(pk=company_a.customer.pk)
    assert (customer.terms_id, customer.credit_control) == (terms.pk, "block")
    shown = accountant.get(reverse("ar:customer-detail", args=[customer.pk])).content
    assert b"End of month" in shown


@pytest.mark.parametrize(
    "name", ["invoice-write-off", "invoice-prepayment", "invoice-repeat", "invoice-debit-note"]
)
def test_the_other_company_is_not_found(company_a, company_b, name):
    with company_b.acting() as owner:
        theirs = posted_invoice(owner, company_b.customer)

    assert signed_in(company_a).get(reverse(f"ar:{name}", args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize("name", ["reminder-due", "recurring-list", "terms-list"])
def test_an_auditor_reads(company_a, name):
    assert signed_in(company_a, "auditor").get(reverse(f"ar:{name}")).status_code == 200
