"""Prepayment invoices (S9) and their use on final invoices (S10), debit notes (S6)."""

from decimal import Decimal

import pytest

from ar.errors import NotOpen, ReliefUndone
from ar.models import Invoice
from ar.selectors.prepayments import prepayments_of
from ar.services.prepayments import prepayment_apply, prepayment_release
from core.dates import local_today
from core.errors import DomainError, ValidationErrors
from documents.crediting import CreditTooMuch
from documents.errors import DocumentNotFound, TransitionRefused
from ledger.models import ExchangeRate
from payments.models import Payment
from payments.services.reversing import payment_void
from tests.ar.test_credit_note import credited, sums
from tests.builders import draft_invoice, fresh, line, payment, post, posted_invoice
from tests.database import check_now, refused, refuses, run

pytestmark = pytest.mark.django_db


def prepaid(actor, customer, net="1000", paid="1150", **fields):
    """Return a prepayment invoice of which `paid` is paid."""
    invoice = posted_invoice(actor, customer, [line("1", net)], kind="prepayment", **fields)
    if paid:
        payment(actor, customer, paid, allocations=[(invoice, paid)], currency=invoice.currency)
    return fresh(invoice)


def test_prepayment_then_final_invoice(in_company_a, owner):
    """The example of S10: sale 2,000.00 + 300.00, prepaid 1,150.00."""
    customer = in_company_a.customer
    prepayment = prepaid(owner, customer)
    assert prepayment.number == f"PRE-{local_today().year}-00001"
    assert prepayment.commission_base == 0
    assert (sums()["customer_advances"], sums()["vat_output"]) == (-1000, -150)
    final = posted_invoice(owner, customer, [line("1", "2000")])

    use = prepayment_apply(invoice_id=final.pk, prepayment_id=prepayment.pk, actor=owner)
    check_now()

    assert (use.amount, use.tax_amount, use.base_amount) == (1150, 150, 1150)
    assert fresh(final).open_amount == 1150
    balances = sums()
    assert (balances["customer_advances"], balances["vat_output"], balances["ar_control"]) == (
        0,
        -300,
        1150,
    )
    assert balances["revenue_standard"] == -2000
    assert prepayments_of(customer.pk, currency="SAR") == []


def test_used_in_steps_it_leaves_nothing(in_company_a, owner):
    ExchangeRate.objects.create(currency="EUR", date=local_today(), rate=Decimal("4.0512"))
    customer = in_company_a.customer
    prepayment = prepaid(owner, customer, net="33.33", paid="38.33", currency="EUR")
    ExchangeRate.objects.update(rate=Decimal("4.0620"))
    for amount in ("12.77", "12.78", None):
        final = posted_invoice(owner, customer, [line("1", "50")], currency="EUR")
        prepayment_apply(
            invoice_id=final.pk,
            prepayment_id=prepayment.pk,
            amount=amount and Decimal(amount),
            actor=owner,
        )
    check_now()

    assert sums()["customer_advances"] == 0
    assert sums()["fx_loss_realised"] > 0


def test_no_more_than_was_paid(in_company_a, owner):
    prepayment = prepaid(owner, in_company_a.customer, paid="500")
    final = posted_invoice(owner, in_company_a.customer, [line("1", "2000")])
    ids = {"invoice_id": final.pk, "prepayment_id": prepayment.pk, "actor": owner}

    with refuses(NotOpen, field="amount"):
        prepayment_apply(**ids, amount=Decimal("500.01"))
    prepayment_apply(**ids)
    with refuses(NotOpen, field="amount"):
        prepayment_apply(**ids)
    with refused("relief_frozen"):
        run("UPDATE ar_prepaymentuse SET amount = 1")


def test_used_part_is_not_credited_and_credited_part_not_used(in_company_a, owner):
    customer = in_company_a.customer
    prepayment = prepaid(owner, customer)
    final = posted_invoice(owner, customer, [line("1", "500")])
    ids = {"invoice_id": final.pk, "prepayment_id": prepayment.pk, "actor": owner}
    prepayment_apply(**ids)

    with refuses(CreditTooMuch):
        credited(owner, prepayment)
    credited(owner, prepayment, (0, None, "500"))
    check_now()

    assert sums()["customer_advances"] == 0
    ids["invoice_id"] = posted_invoice(owner, customer).pk
    with refuses(NotOpen):
        prepayment_apply(**ids, amount=Decimal(1))


def test_released_it_can_be_used_again(in_company_a, owner):
    prepayment = prepaid(owner, in_company_a.customer)
    final = posted_invoice(owner, in_company_a.customer, [line("1", "2000")])
    use = prepayment_apply(invoice_id=final.pk, prepayment_id=prepayment.pk, actor=owner)

    prepayment_release(use_id=use.pk, actor=owner)
    check_now()

    assert fresh(final).open_amount == 2300
    assert sums()["customer_advances"] == -1000
    (found,) = prepayments_of(in_company_a.customer.pk, currency="SAR")
    assert found.available == 1150
    with refuses(ReliefUndone):
        prepayment_release(use_id=use.pk, actor=owner)


def test_another_customer_and_another_kind_are_refused(in_company_a, owner):
    prepayment = prepaid(owner, in_company_a.customer)
    other = posted_invoice(owner, in_company_a.other_customer)
    plain = posted_invoice(owner, in_company_a.customer)

    with refuses(TransitionRefused):
        prepayment_apply(invoice_id=other.pk, prepayment_id=prepayment.pk, actor=owner)
    with refuses(TransitionRefused):
        prepayment_apply(invoice_id=plain.pk, prepayment_id=other.pk, actor=owner)


def test_one_vat_code_for_each_prepayment(in_company_a, owner):
    with refuses(DomainError, field="lines", code="several_vat_codes"):
        posted_invoice(
            owner, in_company_a.customer, [line(), line(vat_rate="0")], kind="prepayment"
        )


def test_debit_note_raises_the_price(in_company_a, owner):
    """S6: as S1 without stock, numbered in its own series, open on its own."""
    invoice = posted_invoice(owner, in_company_a.customer)

    draft = draft_invoice(
        owner,
        in_company_a.customer,
        [line("1", "20")],
        kind="debit_note",
        corrects=str(invoice.pk),
        reason="Price agreed later",
    )
    note = post(owner, draft)
    check_now()

    note = Invoice.objects.get(pk=note.pk)
    assert note.number == f"DN-{local_today().year}-00001"
    assert (note.corrects_id, note.open_amount, note.commission_base) == (invoice.pk, 23, 20)
    assert sums()["revenue_standard"] == -120


def test_debit_note_names_a_posted_invoice_of_the_customer(in_company_a, owner):
    draft = draft_invoice(owner, in_company_a.customer)
    other = posted_invoice(owner, in_company_a.other_customer)
    note = {"kind": "debit_note", "reason": "Price"}

    with refuses(TransitionRefused, field="corrects"):
        draft_invoice(owner, in_company_a.customer, corrects=str(draft.pk), **note)
    with refuses(DomainError, field="corrects"):
        draft_invoice(owner, in_company_a.customer, corrects=str(other.pk), **note)
    with refuses(DocumentNotFound, field="corrects"):
        draft_invoice(owner, in_company_a.customer, corrects=str(owner.branch_id), **note)
    with refuses(ValidationErrors, field="corrects"):
        draft_invoice(owner, in_company_a.customer, **note)
    with refuses(ValidationErrors, field="kind"):
        draft_invoice(owner, in_company_a.customer, kind="opening")


def test_money_that_is_used_does_not_go_back(in_company_a, owner):
    prepayment = prepaid(owner, in_company_a.customer)
    final = posted_invoice(owner, in_company_a.customer, [line("1", "2000")])
    prepayment_apply(invoice_id=final.pk, prepayment_id=prepayment.pk, actor=owner)
    check_now()

    with refused("prepayment_within_paid"):
        payment_void(payment_id=Payment.objects.get().pk, actor=owner)
