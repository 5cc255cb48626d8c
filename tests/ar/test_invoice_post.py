"""Posting: number, balanced journal, frozen totals, parties and rate, state (FT-4, D1 to D4)."""

from decimal import Decimal

import pytest

from ar.errors import UnknownSalesperson
from ar.services.customers import customer_update
from ar.services.posting import invoice_post
from commissions.models import CommissionSnapshot
from core.dates import local_today
from documents.errors import DocumentNotFound, NotADraft, UnknownParty
from documents.versions import Conflict
from ledger.models import Account, ExchangeRate, JournalEntry, JournalLine
from tenancy.errors import PermissionRefused
from tenancy.models import Membership
from tenancy.services.members import member_change
from tests.builders import draft_invoice, fresh, line, lines_of, post, posted_invoice
from tests.database import check_now, refuses

pytestmark = pytest.mark.django_db


def journal_of(document):
    """Return {account role: (debit, credit)} of the document's entry."""
    roles = dict(Account.objects.values_list("pk", "role"))
    entry = JournalEntry.objects.get(source_id=document.pk, purpose="post")
    return {
        roles[row.account_id]: (row.debit, row.credit)
        for row in JournalLine.objects.filter(entry_id=entry.pk)
    }


@pytest.mark.parametrize("at_once", [True, False])
def test_posting_writes_number_journal_and_parties(in_company_a, owner, at_once):
    rows = [line("7", "10.03"), line("1", "300", vat_rate="0")]
    if at_once:
        invoice = posted_invoice(owner, in_company_a.customer, rows)
    else:
        invoice = post(owner, draft_invoice(owner, in_company_a.customer, rows))
    check_now()
    invoice = fresh(invoice)

    assert invoice.number.startswith(f"INV-{local_today().year}-")
    assert (invoice.status, invoice.is_posted, invoice.posted_by_id) == (
        "posted",
        True,
        owner.user_id,
    )
    assert invoice.posted_at is not None
    assert (invoice.base_total, invoice.base_tax_amount) == (Decimal("380.74"), Decimal("10.53"))
    assert invoice.seller["vat_number"] == "310122393500003"
    assert invoice.buyer["name_arabic"] == "صيدلية الأمل"
    assert journal_of(invoice) == {
        "ar_control": (Decimal("380.74"), Decimal(0)),
        "revenue_standard": (Decimal(0), Decimal("70.21")),
        "revenue_zero": (Decimal(0), Decimal(300)),
        "vat_output": (Decimal(0), Decimal("10.53")),
    }


def test_posted_lines_add_up_to_the_vat(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer, [line("1", "10.03") for _ in range(7)])

    shares = [row.tax_amount for row in lines_of(invoice)]
    assert sum(shares) == Decimal("10.53")
    assert shares == [Decimal("1.51")] * 3 + [Decimal("1.50")] * 4


def test_draft_kept_line_by_line_posts_the_exact_split(in_company_a, owner):
    invoice = post(
        owner, draft_invoice(owner, in_company_a.customer, [line("1", "10.03") for _ in range(7)])
    )

    assert sum(row.tax_amount for row in lines_of(invoice)) == Decimal("10.53")


def test_foreign_currency_is_frozen_at_the_rate_of_posting(in_company_a, owner):
    ExchangeRate.objects.create(currency="EUR", date=local_today(), rate=Decimal("4.0512"))
    invoice = posted_invoice(
        owner, in_company_a.customer, [line("1", "1000")], currency="EUR", salesperson=owner.user_id
    )
    ExchangeRate.objects.update(rate=Decimal(5))

    assert (fresh(invoice).total, fresh(invoice).base_total) == (Decimal(1150), Decimal("4658.88"))
    assert journal_of(invoice)["ar_control"] == (Decimal("4658.88"), Decimal(0))
    assert fresh(invoice).commission_base == Decimal("4051.20")


def test_zero_invoice_is_paid_at_once_and_has_no_journal(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer, [line("1", "0")])
    check_now()

    assert fresh(invoice).status == "paid"
    assert fresh(invoice).number != ""
    assert not JournalEntry.objects.exists()


def test_posted_draft_is_not_posted_again(in_company_a, owner):
    invoice = post(owner, draft_invoice(owner, in_company_a.customer))

    with refuses(NotADraft):
        post(owner, invoice)


def test_outdated_version_is_refused(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer)

    with refuses(Conflict):
        invoice_post(invoice_id=invoice.pk, actor=owner, version=9)


@pytest.mark.parametrize(
    ("role", "allowed"),
    [("accountant", True), ("cashier", True), ("sales", False), ("auditor", False)],
)
def test_who_may_post(company_a, role, allowed):
    with company_a.acting() as owner:
        invoice = draft_invoice(owner, company_a.customer)
    with company_a.acting(role) as person:
        if allowed:
            assert post(person, invoice).posted_by_id == person.user_id
        else:
            with refuses(PermissionRefused):
                post(person, invoice)


def test_draft_of_another_company_is_unknown(company_a, company_b):
    with company_b.acting() as owner_b:
        foreign = draft_invoice(owner_b, company_b.customer)
    with company_a.acting() as owner, refuses(DocumentNotFound):
        post(owner, foreign)


def test_customer_who_left_the_pickers_is_not_billed(in_company_a, owner):
    invoice = draft_invoice(owner, in_company_a.customer)
    customer_update(
        customer_id=in_company_a.customer.pk, values={"is_active": False}, version=None, actor=owner
    )

    with refuses(UnknownParty, field="customer"):
        post(owner, invoice)


def test_salesperson_who_left_must_be_replaced_before_posting(in_company_a, owner):
    sales = in_company_a.users["sales"]
    invoice = draft_invoice(owner, in_company_a.customer, salesperson=sales.pk)
    member_change(
        membership_id=Membership.objects.get(user=sales).pk, actor_id=owner.user_id, is_active=False
    )

    with refuses(UnknownSalesperson, field="salesperson"):
        post(owner, invoice)


def test_percent_is_the_one_of_the_day_of_posting(in_company_a, owner):
    sales = in_company_a.users["sales"]
    invoice = draft_invoice(owner, in_company_a.customer, salesperson=sales.pk)
    member_change(
        membership_id=Membership.objects.get(user=sales).pk,
        actor_id=owner.user_id,
        commission_percent=Decimal(3),
    )

    assert post(owner, invoice).commission_percent == Decimal(3)


def test_missing_account_role_is_an_error_and_writes_nothing(in_company_a, owner):
    Account.objects.filter(role="vat_output").update(role="")

    with refuses(Exception, code="account_missing"):
        posted_invoice(owner, in_company_a.customer)


def test_posting_takes_at_most_twelve_statements_at_any_size(
    in_company_a, owner, django_assert_max_num_queries
):
    for count in (1, 200):
        invoice = draft_invoice(
            owner, in_company_a.customer, [line("1", "10.03") for _ in range(count)]
        )
        with django_assert_max_num_queries(13):  # the savepoint of a wrapped test comes on top
            post(owner, invoice)
    assert not CommissionSnapshot.objects.exists()
