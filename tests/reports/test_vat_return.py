"""The VAT return: boxes from posted lines, filing, lock, payment (accounting.md section 9; golden month)."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ap.models import Supplier
from core.database_errors import from_database
from ledger.errors import ReasonMissing
from ledger.models import Account, JournalEntry, LockDate, Period
from ledger.posting import JournalDraft, PostingLine
from ledger.selectors.balances import trial_balance
from ledger.services.journal import journal_post, journal_reverse
from ledger.services.periods import period_set_state
from payments.models import PaymentAccount
from reports.models import VatReturnRow
from reports.vat.errors import (
    CorrectionTooLarge,
    VatNotReconciled,
    VatReturnStale,
    VatReturnState,
)
from reports.vat.figures import from_json, vat_period, vat_setting
from reports.vat.services import (
    carried_into,
    figures_now,
    vat_return_discard,
    vat_return_file,
    vat_return_pay,
    vat_return_prepare,
    vat_return_unfile,
    vat_return_unpay,
)
from tenancy.errors import PermissionRefused
from tenancy.services.companies import company_update
from tests.database import nothing_changes, refused, refuses, run, value
from tests.golden import golden_month
from tests.month import post_month

pytestmark = pytest.mark.django_db

JANUARY = dt.date(2026, 1, 15)
FEBRUARY = dt.date(2026, 2, 10)


def supplier_make():
    return Supplier.objects.create(code="S1", name="Supplier", currency="SAR")


@pytest.fixture
def by_month(in_company_a, company_a):
    company_update(
        company=in_company_a.company,
        changes={"vat_period": "month"},
        actor_id=in_company_a.users["owner"].pk,
    )
    return in_company_a


@pytest.fixture
def owner(by_month):
    return by_month.principal()


@pytest.fixture
def month(by_month, shared_data):
    golden = golden_month(shared_data)
    parties = {"customer": by_month.customer.pk, "supplier": supplier_make().pk}
    post_month(golden, parties=parties, without=("VAT-1",))
    return golden


def balances(day=dt.date(2026, 1, 31)):
    return {row.code: row.balance for row in trial_balance(day)}


def sale(code, net, vat, date, *, credit_note=False, vat_account="2410"):
    """Post net and VAT under a code, against the bank."""
    accounts = dict(Account.objects.values_list("code", "pk"))
    net, vat = Decimal(net), Decimal(vat)
    lines = [
        PostingLine(account_id=accounts["1130"], debit=net + vat),
        PostingLine(account_id=accounts["4110"], credit=net, tax_code=code, taxable_amount=net),
    ]
    if vat:
        lines.append(
            PostingLine(
                account_id=accounts[vat_account], credit=vat, tax_code=code, taxable_amount=net
            )
        )
    if credit_note:
        lines = [
            PostingLine(
                account_id=one.account_id,
                debit=one.credit,
                credit=one.debit,
                tax_code=one.tax_code,
                taxable_amount=one.taxable_amount,
            )
            for one in lines
        ]
    return post(lines, date)


def post(lines, date, book="SAL", kind="normal"):
    return journal_post(
        [
            JournalDraft(
                date=date,
                book=book,
                kind=kind,
                source_kind="test",
                source_id=uuid.uuid4(),
                source_number="T",
                currency="SAR",
                lines=tuple(lines),
            )
        ]
    )[0]


def by_hand(debit, credit, amount, date, **fields):
    accounts = dict(Account.objects.values_list("code", "pk"))
    return post(
        [
            PostingLine(account_id=accounts[debit], debit=Decimal(amount)),
            PostingLine(account_id=accounts[credit], credit=Decimal(amount)),
        ],
        date,
        book="GEN",
        **fields,
    )


def test_golden_month_gives_the_boxes_of_the_form(month, owner):
    figures = figures_now(vat_period(JANUARY, "month"), vat_setting(owner.company))

    for name, expected in month["vat_return"].items():
        box = figures.boxes[int(name.split()[0])]
        if isinstance(expected, str):
            assert box.vat == Decimal(expected)
            continue
        assert box.amount == Decimal(expected["amount"]), name
        assert box.adjustment == Decimal(expected["adjustment"]), name
        assert box.vat == Decimal(expected["vat"]), name
        if "output" in expected:
            assert (box.output, box.input) == (
                Decimal(expected["output"]),
                Decimal(expected["input"]),
            )
    assert figures.is_reconciled
    assert all(one.difference == 0 for one in figures.accounts)


def test_filing_the_month_gives_its_trial_balance(month, owner):
    before = {
        code: Decimal(text) for code, text in month["trial_balance_before_vat_settlement"].items()
    }
    assert balances() == before

    vat_return = vat_return_prepare(date=JANUARY, actor=owner)
    filed = vat_return_file(vat_return_id=vat_return.pk, actor=owner)

    assert filed.state == "filed"
    assert filed.net_due == Decimal("-2916.63")
    assert balances() == {code: Decimal(text) for code, text in month["trial_balance"].items()}
    entry = JournalEntry.objects.get(pk=filed.filing_entry_id)
    assert (entry.kind, entry.book, entry.date) == ("tax", "TAX", dt.date(2026, 1, 31))
    assert LockDate.objects.get(area="tax").until == dt.date(2026, 1, 31)


def test_reverse_charge_may_show_in_box_1_with_the_same_net(month, owner, by_month):
    company_update(
        company=by_month.company,
        changes={"vat_reverse_charge_in_box_1": True},
        actor_id=owner.user_id,
    )
    boxes = figures_now(
        vat_period(JANUARY, "month"), vat_setting(by_month.principal().company)
    ).boxes

    assert boxes[1].vat == Decimal("1803.91")
    assert boxes[9].vat == Decimal("300.00")
    assert boxes[13].vat == Decimal("-2916.63")


def test_filed_period_refuses_vat_and_names_the_first_open_day(month, owner):
    vat_return = vat_return_prepare(date=JANUARY, actor=owner)
    vat_return_file(vat_return_id=vat_return.pk, actor=owner)

    with nothing_changes(), pytest.raises(DatabaseError) as caught, transaction.atomic():
        sale("S15", 100, 15, JANUARY)
    error = from_database(caught.value)
    assert error.code == "locked_tax"
    assert "2026-01-31" in error.message
    assert "2026-02-01" in error.message
    with refused("lock_tax"):
        sale("SZMED", 100, 0, JANUARY)  # a zero-rated sale is in the return, too
    with refused("lock_tax"):
        by_hand("6490", "1410", 5, JANUARY)
    by_hand("6490", "1130", 5, JANUARY)  # no VAT: the period itself is open


def test_late_document_goes_to_the_open_period(month, owner):
    vat_return_file(vat_return_id=vat_return_prepare(date=JANUARY, actor=owner).pk, actor=owner)
    sale("S15", 100, 15, FEBRUARY)

    boxes = figures_now(vat_period(FEBRUARY, "month"), vat_setting(owner.company)).boxes
    assert boxes[1].vat == 15
    assert boxes[15].vat == Decimal("2916.63")
    assert boxes[16].vat == Decimal("15") - Decimal("2916.63")


def test_credit_is_carried_and_used_up(month, owner):
    vat_return_file(vat_return_id=vat_return_prepare(date=JANUARY, actor=owner).pk, actor=owner)
    sale("S15", 30000, 4500, FEBRUARY)
    second = vat_return_file(
        vat_return_id=vat_return_prepare(date=FEBRUARY, actor=owner).pk, actor=owner
    )

    assert second.net_due == Decimal("1583.37")
    after = balances(dt.date(2026, 2, 28))
    assert "1440" not in after
    assert after["2430"] == Decimal("-1583.37")


def test_vat_due_is_paid_from_a_payment_account_and_the_payment_taken_back(owner):
    sale("S15", 1000, 150, JANUARY)
    filed = vat_return_file(
        vat_return_id=vat_return_prepare(date=JANUARY, actor=owner).pk, actor=owner
    )
    till = PaymentAccount.objects.get(code="CASH")
    paid = vat_return_pay(
        vat_return_id=filed.pk, payment_account_id=till.pk, date=FEBRUARY, actor=owner
    )

    assert paid.state == "paid"
    assert "2430" not in balances(FEBRUARY)
    assert balances(FEBRUARY)["1110"] == -150
    with refuses(VatReturnState):
        vat_return_unfile(vat_return_id=filed.pk, reason="Wrong", actor=owner)
    again = vat_return_unpay(vat_return_id=filed.pk, date=FEBRUARY, actor=owner)
    assert again.state == "filed"
    assert balances(FEBRUARY)["2430"] == -150


def test_credit_note_is_an_adjustment_and_a_reversal_too(owner):
    sale("S15", 1000, 150, JANUARY)
    sale("S15", 200, 30, JANUARY, credit_note=True)
    wrong = sale("S15", 50, Decimal("7.50"), JANUARY)
    journal_reverse(entry_id=wrong, date=JANUARY)

    box = figures_now(vat_period(JANUARY, "month"), vat_setting(owner.company)).boxes[1]
    assert (box.amount, box.adjustment, box.vat) == (1050, -250, 120)


def test_movement_without_a_box_blocks_filing_until_box_14_says_so(owner):
    sale("S15", 1000, 150, JANUARY)
    by_hand("6490", "2410", 20, JANUARY)
    vat_return = vat_return_prepare(date=JANUARY, actor=owner)
    rows = VatReturnRow.objects.filter(vat_return_id=vat_return.pk, box=14)
    assert [row.output_vat for row in rows] == [20]

    with refuses(VatNotReconciled):
        vat_return_file(vat_return_id=vat_return.pk, actor=owner)
    with refuses(ReasonMissing, field="correction_reason"):
        vat_return_prepare(date=JANUARY, correction=Decimal(20), actor=owner)

    vat_return = vat_return_prepare(
        date=JANUARY, correction=Decimal(20), correction_reason="Invoice of 2025", actor=owner
    )
    filed = vat_return_file(vat_return_id=vat_return.pk, actor=owner)
    assert filed.net_due == 170
    assert balances()["2430"] == -170
    assert "2410" not in balances()


def test_larger_corrections_need_a_corrected_return(owner):
    with refuses(CorrectionTooLarge, field="correction"):
        vat_return_prepare(
            date=JANUARY, correction=Decimal("5000.01"), correction_reason="x", actor=owner
        )
    with refused("vat_return_correction_bounds"):
        vat_return = vat_return_prepare(date=JANUARY, actor=owner)
        run("UPDATE reports_vatreturn SET correction = 6000, correction_reason = 'x'")
    assert vat_return


def test_books_that_change_after_preparing_must_be_prepared_again(owner):
    sale("S15", 1000, 150, JANUARY)
    vat_return = vat_return_prepare(date=JANUARY, actor=owner)
    sale("S15", 10, Decimal("1.50"), JANUARY)

    with refuses(VatReturnStale):
        vat_return_file(vat_return_id=vat_return.pk, actor=owner)
    again = vat_return_prepare(date=JANUARY, actor=owner)
    assert again.pk == vat_return.pk
    assert from_json(again.figures)[1].vat == Decimal("151.50")


def test_owner_takes_the_last_return_back_with_a_reason(owner, by_month):
    sale("S15", 1000, 150, JANUARY)
    sale("S15", 10, Decimal("1.50"), FEBRUARY)
    first = vat_return_file(
        vat_return_id=vat_return_prepare(date=JANUARY, actor=owner).pk, actor=owner
    )
    second = vat_return_file(
        vat_return_id=vat_return_prepare(date=FEBRUARY, actor=owner).pk, actor=owner
    )
    with refuses(VatReturnState):
        vat_return_unfile(vat_return_id=first.pk, reason="Wrong", actor=owner)
    with refuses(ReasonMissing, field="reason"):
        vat_return_unfile(vat_return_id=second.pk, reason=" ", actor=owner)
    with refuses(PermissionRefused):
        vat_return_unfile(
            vat_return_id=second.pk, reason="Wrong", actor=by_month.principal("accountant")
        )

    back = vat_return_unfile(vat_return_id=second.pk, reason="Wrong", actor=owner)

    assert back.state == "prepared"
    assert LockDate.objects.get(area="tax").until == dt.date(2026, 1, 31)
    assert balances(dt.date(2026, 2, 28))["2410"] == Decimal("-1.50")
    sale("S15", 10, Decimal("1.50"), FEBRUARY)
    refiled = vat_return_file(
        vat_return_id=vat_return_prepare(date=FEBRUARY, actor=owner).pk, actor=owner
    )
    assert refiled.net_due == 3
    assert "2410" not in balances(dt.date(2026, 2, 28))


def test_filed_figures_and_rows_never_change(owner):
    sale("S15", 1000, 150, JANUARY)
    filed = vat_return_file(
        vat_return_id=vat_return_prepare(date=JANUARY, actor=owner).pk, actor=owner
    )
    with refused("vat_return_filed"):
        run("UPDATE reports_vatreturn SET net_due = 0")
    with refused("vat_return_filed"):
        run("DELETE FROM reports_vatreturnrow")
    with refused("vat_return_filed"):
        run("DELETE FROM reports_vatreturn")
    with refuses(VatReturnState):
        vat_return_prepare(date=JANUARY, actor=owner)
    with refuses(VatReturnState):
        vat_return_discard(vat_return_id=filed.pk, actor=owner)


def test_opening_balances_of_vat_accounts_are_no_rows_but_carry_a_credit(owner):
    by_hand("1440", "3940", 300, dt.date(2025, 12, 31), kind="opening")
    by_hand("1410", "3940", 80, JANUARY, kind="opening")
    sale("S15", 1000, 150, JANUARY)

    figures = figures_now(vat_period(JANUARY, "month"), vat_setting(owner.company))
    assert figures.is_reconciled
    assert carried_into(dt.date(2026, 1, 1)) == 300
    assert figures.boxes[16].vat == -150


def test_filing_into_a_closed_period_is_refused_whole(owner):
    sale("S15", 1000, 150, JANUARY)
    vat_return = vat_return_prepare(date=JANUARY, actor=owner)
    period = Period.objects.get(start_date=dt.date(2026, 1, 1))
    period_set_state(period_id=period.pk, state="closed", actor=owner)

    with nothing_changes(), refused("period_closed"):
        vat_return_file(vat_return_id=vat_return.pk, actor=owner)
    assert not LockDate.objects.exists()


def test_quarters_and_months():
    assert vat_period(dt.date(2026, 5, 3), "quarter").label == "2026-Q2"
    assert vat_period(dt.date(2026, 5, 3), "quarter").due == dt.date(2026, 7, 31)
    assert vat_period(dt.date(2026, 12, 31), "month").next().label == "2027-01"


def test_preparing_takes_the_same_statements_at_any_size(owner):
    counts = []
    for size in (1, 20):
        for _ in range(size):
            sale("S15", 10, Decimal("1.50"), JANUARY)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            vat_return_prepare(date=JANUARY, actor=owner)
        counts.append(len(queries))
    assert counts[1] <= counts[0]
    assert value("SELECT count(*) FROM reports_vatreturnrow") == 21
