"""Raw SQL cannot allocate too much, for somebody else, or without a trace (P1 to P5)."""

from decimal import Decimal

import pytest

from ap.models import Supplier
from ar.models import Customer
from core.ids import uuid7
from ledger.models import JournalEntry, LockDate
from payments.models import Allocation, Payment
from tests.builders import days_ago, draft_invoice, payment, posted_invoice, voided_invoice
from tests.database import check_now, nothing_changes, refused, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(in_company_a, owner):
    return posted_invoice(owner, in_company_a.customer)


@pytest.fixture
def money(in_company_a, owner):
    """A receipt of 500 before there was anything to settle."""
    return payment(owner, in_company_a.customer, "500")


def allocate(money, invoice, amount, **changes):
    return Allocation.objects.create(
        **{
            "payment_id": money.pk,
            "invoice_id": invoice.pk,
            "customer_id": invoice.customer_id,
            "currency": "SAR",
            "date": money.date,
            "amount": Decimal(amount),
            "source_amount": Decimal(amount),
            "base_amount": Decimal(amount),
            "source_base_amount": Decimal(amount),
        }
        | changes
    )


def test_allocation_by_raw_sql_settles_like_the_service(money, invoice):
    allocate(money, invoice, "115")
    check_now()

    invoice.refresh_from_db()
    assert (invoice.status, invoice.allocated_amount) == ("paid", Decimal(115))


def test_more_than_the_invoice_has_open_is_refused(money, invoice):
    with nothing_changes(), refused("ar_invoice_allocation_bounds"):
        allocate(money, invoice, "115.01", base_amount=Decimal(0))


def test_more_than_the_payment_is_refused(in_company_a, owner, invoice):
    small = payment(owner, in_company_a.customer, "10", date=None, strategy="manual")
    with nothing_changes(), refused("payment_allocation_bounds"):
        allocate(small, invoice, "10.01", source_base_amount=Decimal(0))


def test_two_rows_in_one_statement_count_together(money, invoice):
    rows = [
        Allocation(
            payment_id=money.pk,
            invoice_id=invoice.pk,
            customer_id=invoice.customer_id,
            currency="SAR",
            date=money.date,
            amount=Decimal(60),
            source_amount=Decimal(60),
        )
        for _ in range(2)
    ]
    with nothing_changes(), refused("ar_invoice_allocation_bounds"):
        Allocation.objects.bulk_create(rows)


@pytest.mark.parametrize("amount", ["0", "NaN", "-5", "0.001"])
def test_amounts_that_are_no_settlement_are_refused(money, invoice, amount):
    with nothing_changes(), refused():
        run(
            "INSERT INTO payments_allocation (id, company_id, payment_id, invoice_id, customer_id, currency, date, amount, "
            "created_at) SELECT gen_random_uuid(), company_id, id, %s, customer_id, currency, date, %s, now() "
            "FROM payments_payment",
            [invoice.pk, Decimal(amount)],
        )


def test_money_of_another_customer_is_refused(in_company_a, owner, invoice):
    stranger = payment(owner, in_company_a.other_customer, "500")

    for customer in (in_company_a.customer, in_company_a.other_customer):
        with nothing_changes(), refused("allocation_party"):
            allocate(stranger, invoice, "10", customer_id=customer.pk)


def test_another_currency_is_refused(money, invoice):
    with nothing_changes(), refused("allocation_party"):
        allocate(money, invoice, "10", currency="USD")


def test_drafts_and_void_invoices_take_no_money(in_company_a, owner, money):
    draft = draft_invoice(owner, in_company_a.customer)
    void, _ = voided_invoice(owner, in_company_a.customer)

    for document in (draft, void):
        with nothing_changes(), refused("allocation_party"):
            allocate(money, document, "10")


def test_allocation_needs_exactly_one_source(in_company_a, owner, money, invoice):
    _, note = voided_invoice(owner, in_company_a.customer)

    with nothing_changes(), refused("allocation_one_source"):
        allocate(money, invoice, "10", credit_note_id=note.pk)
    with nothing_changes(), refused():
        allocate(money, invoice, "10", payment_id=None)


def test_mirror_row_undoes_one_allocation_once(money, invoice):
    original = allocate(money, invoice, "100")

    with nothing_changes(), refused("allocation_mirror"):
        allocate(money, invoice, "-60", undoes_id=original.pk)
    mirror = allocate(money, invoice, "-100", undoes_id=original.pk)
    with nothing_changes(), refused("allocation_undone_once"):
        allocate(money, invoice, "-100", undoes_id=original.pk)
    with nothing_changes(), refused("allocation_amount_sign"):
        allocate(money, invoice, "100", undoes_id=mirror.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payments_allocation SET amount = 1",
        "DELETE FROM payments_allocation",
        "TRUNCATE payments_allocation",
    ],
)
def test_allocations_are_append_only(money, invoice, statement):
    allocate(money, invoice, "10")

    with nothing_changes(), refused(match="permission denied"):
        run(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ar_invoice SET allocated_amount = total",
        "UPDATE ar_invoice SET allocated_amount = 1",
        "UPDATE payments_payment SET allocated_amount = amount",
        "UPDATE ar_invoice SET allocated_amount = allocated_amount - 5",
    ],
)
def test_settled_amount_without_allocations_is_refused_at_commit(money, invoice, statement):
    allocate(money, invoice, "10")
    check_now()

    with nothing_changes(), refused("settled_by_allocations"):
        run(statement)


def test_registered_payment_never_changes(money):
    for change in (
        "amount = 1",
        "customer_id = gen_random_uuid()",
        "date = '2020-01-01'",
        "number = 'x'",
    ):
        with nothing_changes(), refused("payment_frozen"):
            run(f"UPDATE payments_payment SET {change}")
    with nothing_changes(), refused("payment_frozen"):
        run("DELETE FROM payments_payment")


def test_payment_is_not_void_while_it_settles_or_without_its_mirror_journal(money, invoice):
    with nothing_changes(), refused("payment_needs_journal"):
        run("UPDATE payments_payment SET status = 'void', void_date = date")
    allocate(money, invoice, "10")
    with nothing_changes(), refused("payment_frozen"):
        run("UPDATE payments_payment SET status = 'void', void_date = date")


def test_one_statement_settles_with_one_party_only(in_company_a, owner, money, invoice):
    other = Customer.objects.create(code="C9", name="Other")
    theirs = posted_invoice(owner, other)
    values = {
        "payment_id": money.pk,
        "currency": "SAR",
        "date": money.date,
        "amount": Decimal(10),
        "source_amount": Decimal(10),
        "base_amount": Decimal(10),
        "source_base_amount": Decimal(10),
    }
    with nothing_changes(), refused("allocation_party"):
        Allocation.objects.bulk_create(
            Allocation(**values, invoice_id=one.pk, customer_id=one.customer_id)
            for one in (invoice, theirs)
        )
    with nothing_changes(), refused("allocation_party"):
        Allocation.objects.bulk_create(
            Allocation(**values, invoice_id=invoice.pk, customer_id=customer)
            for customer in (invoice.customer_id, other.pk)
        )


def born_settled(money, **changes):
    """Insert money with its journal, as registering does, but with other values."""
    columns = [str(f.column) for f in Payment._meta.concrete_fields if not f.generated]
    new = {"number": "'R9'", "sequence_number": "NULL"} | changes
    key = str(uuid7())
    values = ", ".join(new.get(name, f"'{key}'" if name == "id" else name) for name in columns)
    run(
        f"INSERT INTO payments_payment ({', '.join(columns)}) SELECT {values} FROM payments_payment"
    )
    return Payment.objects.get(pk=key)


def test_money_is_not_born_settled_by_nothing(money):
    for change in ({"allocated_amount": "1"}, {"allocated_base": "1"}):
        with nothing_changes(), refused("settled_by_allocations"):
            born_settled(money, **change)


def test_money_born_settled_is_settled_by_the_rows_that_follow_only(money, invoice):
    with nothing_changes(), refused("settled_by_allocations"):
        allocate(born_settled(money, allocated_amount="20", allocated_base="20"), invoice, "10")
    with nothing_changes(), refused("allocation_party"):
        allocate(
            born_settled(money, allocated_amount="10", allocated_base="10"),
            invoice,
            "10",
            date=days_ago(4000),
        )


def test_money_is_not_born_void(money):
    with nothing_changes(), refused("settled_by_allocations"):
        born_settled(money, status="'void'", void_date="date")


def test_payment_without_a_journal_is_refused_at_commit(money):
    columns = [str(f.column) for f in Payment._meta.concrete_fields if not f.generated]
    names = ", ".join(columns)
    values = names.replace("id,", "gen_random_uuid(),", 1).replace("number", "'R9'", 1)
    values = values.replace("sequence_'R9'", "NULL").replace("sequence_number", "NULL")
    with nothing_changes(), refused("payment_needs_journal"):
        run(f"INSERT INTO payments_payment ({names}) SELECT {values} FROM payments_payment")


def test_settled_item_keeps_no_carrying_amount(money, invoice):
    with nothing_changes(), refused("settled_by_allocations"):
        allocate(money, invoice, "115", base_amount=Decimal("114.99"))


def test_allocation_has_exactly_one_target_on_one_side(in_company_a, owner, money, invoice):
    refund = payment(owner, in_company_a.customer, "5", direction="out", strategy="none")

    with nothing_changes(), refused("allocation_one_target"):
        allocate(money, invoice, "5", refund_id=refund.pk)
    with nothing_changes(), refused("allocation_one_target"):
        allocate(money, invoice, "5", invoice_id=None)
    supplier = Supplier.objects.create(code="S1", name="Supplier")
    with nothing_changes(), refused("allocation_one_side"):
        allocate(money, invoice, "5", supplier_id=supplier.pk)
    with nothing_changes(), refused("allocation_one_side"):
        allocate(money, invoice, "5", customer_id=None)


def test_allocation_dated_before_an_item_is_refused(in_company_a, owner, money):
    later = posted_invoice(owner, in_company_a.customer, issue_date=days_ago(-1))

    with nothing_changes(), refused("allocation_party"):
        allocate(money, later, "5")


def test_money_given_differs_from_what_is_taken_in_no_currency(money, invoice):
    with nothing_changes(), refused("allocation_party"):
        allocate(money, invoice, "5", source_amount=Decimal(4))


def test_allocation_in_a_closed_period_is_refused(in_company_a, money, invoice):
    run("UPDATE ledger_period SET state = 'closed' WHERE start_date <= %s", [money.date])

    with nothing_changes(), refused("period_closed"):
        allocate(money, invoice, "5")


def test_allocation_behind_the_lock_of_money_is_refused(in_company_a, money, invoice):
    LockDate.objects.create(area="money", until=money.date)

    with nothing_changes(), refused("lock_money"):
        allocate(money, invoice, "5")


def test_journal_entry_settles_no_more_than_it_took_off_the_customer(money, invoice):
    """The entry of a receipt took 500.00 off the account; one of another party nothing."""
    entry = JournalEntry.objects.get(source_id=money.pk)
    own = JournalEntry.objects.get(source_id=invoice.pk)
    with nothing_changes(), refused("allocation_party"):
        allocate(money, invoice, "5", payment_id=None, entry_id=own.pk)
    allocate(money, invoice, "115", payment_id=None, entry_id=entry.pk)
