"""Many people post at the same moment: consecutive numbers, one posting for each draft (PS-14, D1)."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from ar.models import Invoice
from ar.services.posting import invoice_create_posted, invoice_post, invoice_void
from core.dates import local_today
from documents.errors import NotADraft
from documents.models import DocumentSummary
from ledger.models import Account, AccountBalance, JournalEntry, JournalLine
from tests.builders import draft_invoice, posted_invoice, typed_invoice
from tests.concurrency.workers import at_once, refusals

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]

YEAR = local_today().year


def books_balance():
    """Return whether kept balances and summaries equal what they keep."""
    sums = dict(
        JournalLine.objects.values_list("account_id").annotate(n=Sum("debit") - Sum("credit"))
    )
    kept = dict(
        AccountBalance.objects.values_list("account_id").annotate(n=Sum("debit") - Sum("credit"))
    )
    return sums == kept and sum(sums.values()) == 0


def test_two_hundred_drafts_posted_by_fifty_get_consecutive_numbers(company_a):
    with company_a.acting() as owner:
        drafts = [draft_invoice(owner, company_a.customer).pk for _ in range(200)]
    principal = company_a.principal("accountant")

    def post(keys):
        with company_a.scope("accountant"):
            for key in keys:
                invoice_post(invoice_id=key, actor=principal)

    results = at_once(post, [drafts[n::50] for n in range(50)])

    assert refusals(results) == []
    with company_a.acting():
        numbers = sorted(Invoice.objects.values_list("number", flat=True))
        assert numbers == [f"INV-{YEAR}-{n:05d}" for n in range(1, 201)]
        assert books_balance()
        receivable = Account.objects.get(role="ar_control").pk
        assert AccountBalance.objects.get(account_id=receivable).debit == 200 * Decimal(115)
        summary = DocumentSummary.objects.get(kind="ar.invoice", status="posted")
        assert (summary.document_count, summary.total) == (200, 200 * Decimal(115))


def test_invoices_created_and_posted_by_fifty_get_consecutive_numbers(company_a):
    principal = company_a.principal("owner")
    with company_a.acting() as owner:
        typed = typed_invoice(owner, company_a.customer)

    def create(_):
        with company_a.scope():
            return invoice_create_posted(typed=typed, actor=principal).number

    numbers = at_once(create, range(50))

    assert sorted(numbers) == [f"INV-{YEAR}-{n:05d}" for n in range(1, 51)]


def test_one_draft_posted_fifty_times_at_once_posts_once(company_a):
    with company_a.acting() as owner:
        key = draft_invoice(owner, company_a.customer).pk
    principal = company_a.principal("owner")

    def post(_):
        with company_a.scope():
            return invoice_post(invoice_id=key, actor=principal)

    results = at_once(post, range(50))

    assert len(refusals(results)) == 49
    assert {type(error) for error in refusals(results)} == {NotADraft}
    with company_a.acting():
        assert Invoice.objects.get().number == f"INV-{YEAR}-00001"
        assert JournalEntry.objects.count() == 1
        assert books_balance()


def test_one_invoice_voided_many_times_at_once_is_credited_once(company_a):
    with company_a.acting() as owner:
        key = posted_invoice(owner, company_a.customer).pk
    principal = company_a.principal("owner")

    def void(_):
        with company_a.scope():
            return invoice_void(invoice_id=key, actor=principal, reason="twice")

    results = at_once(void, range(10))

    assert len(refusals(results)) == 9
    with company_a.acting():
        assert JournalEntry.objects.count() == 2
        assert Invoice.objects.get().status == "void"
