"""Journals by hand: what posts, what is refused, and that a refusal leaves nothing behind (issue 3, item 5)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from core.dates import local_today, month_end
from core.errors import DomainError, ValidationErrors
from documents.versions import Conflict
from ledger.errors import JournalPosted, PeriodClosed
from ledger.models import (
    Account,
    JournalEntry,
    JournalLine,
    ManualJournal,
    ManualJournalLine,
    Period,
)
from ledger.posting import UnbalancedJournal
from ledger.services.manual import (
    manual_create,
    manual_create_posted,
    manual_delete,
    manual_post,
    manual_reverse,
    manual_update,
)
from ledger.services.rates import rate_set
from tenancy.errors import PermissionRefused
from tenancy.models import Company
from tests.ledger.hand import BANK, CASH, RENT, row, typed

pytestmark = pytest.mark.django_db


def sides(journal):
    return [
        (line.account.code, line.debit, line.credit)
        for line in JournalLine.objects.filter(
            entry__source_kind="ledger.manual_journal", entry__source_id=journal.pk
        )
        .select_related("account")
        .order_by("entry__date", "entry__id", "position")
    ]


def errors_of(refused):
    found = refused.value
    return {one.field: one.code for one in getattr(found, "errors", [found])}


def test_a_journal_gets_its_number_and_a_balanced_entry(in_company_a, owner):
    with transaction.atomic():
        journal = manual_create_posted(typed=typed(description="Rent of May"), actor=owner)

        assert journal.number == f"JV-{journal.date.year}-00001"
        assert sides(journal) == [(RENT, 1000, 0), (BANK, 0, 1000)]
        entry = JournalEntry.objects.get(source_id=journal.pk)
        assert (entry.book, entry.kind, entry.description) == ("GEN", "normal", "Rent of May")


def test_numbers_follow_each_other(in_company_a, owner):
    with transaction.atomic():
        numbers = [manual_create_posted(typed=typed(), actor=owner).number for _ in range(3)]

    assert [number[-5:] for number in numbers] == ["00001", "00002", "00003"]


def test_a_draft_may_be_out_of_balance_but_is_not_posted_and_the_difference_is_named(
    in_company_a, owner
):
    with transaction.atomic():
        draft = manual_create(
            typed=typed([row(RENT, debit="1000.00"), row(BANK, credit="950.50")]), actor=owner
        )
        with pytest.raises(UnbalancedJournal) as refused:
            manual_post(journal_id=draft.pk, actor=owner)

        assert "49.50" in str(refused.value)
        assert refused.value.field == "lines"
        assert not JournalEntry.objects.filter(source_id=draft.pk).exists()
        assert ManualJournal.objects.get(pk=draft.pk).number == ""


def test_a_line_without_amount_is_marked(in_company_a, owner):
    with transaction.atomic():
        draft = manual_create(typed=typed([row(RENT, debit="5"), row(BANK)]), actor=owner)
        with pytest.raises(ValidationErrors) as refused:
            manual_post(journal_id=draft.pk, actor=owner)

    assert errors_of(refused) == {"lines.1.debit": "required"}


@pytest.mark.parametrize(
    ("account", "code"),
    [
        ("1210", "control_account"),
        ("2110", "control_account"),
        ("2240", "control_account"),
        ("1250", "party_needed"),
        ("1000", "account_refuses"),
        ("9999", "unknown_account"),
    ],
)
def test_accounts_that_take_no_line_by_hand(in_company_a, owner, account, code):
    with transaction.atomic(), pytest.raises(ValidationErrors) as refused:
        manual_create(typed=typed([row(account, debit="10"), row(CASH, credit="10")]), actor=owner)

    assert list(errors_of(refused).values()) == [code]


def test_goods_are_kept_by_hand_until_the_stock_module_keeps_them(company_a):
    goods = [row("1310", debit="500"), row("2130", credit="500")]
    with company_a.acting() as owner:
        manual_create_posted(typed=typed(goods), actor=owner)
        Company.objects.filter(pk=company_a.id).update(inventory_method="perpetual")
    with company_a.acting() as owner, pytest.raises(ValidationErrors) as refused:
        manual_create_posted(typed=typed(goods), actor=owner)

    assert set(errors_of(refused).values()) == {"control_account"}


def test_an_advance_to_an_employee_names_the_employee(company_a):
    with company_a.acting() as owner:
        member = owner_membership()
        journal = manual_create_posted(
            typed=typed(
                [
                    row("1250", debit="300", party_kind="employee", party=str(member)),
                    row(CASH, credit="300"),
                ]
            ),
            actor=owner,
        )
        line = JournalLine.objects.get(entry__source_id=journal.pk, debit__gt=0)

        assert (line.party_kind, line.party_id) == ("employee", member)


def owner_membership():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tenancy_membership WHERE role = 'owner'")
        return cursor.fetchone()[0]


def test_the_database_refuses_a_control_account_by_hand_too(in_company_a, owner):
    with transaction.atomic():
        journal = manual_create_posted(typed=typed(), actor=owner)
    entry_sql = (
        "INSERT INTO ledger_journalentry (id, company_id, date, period_id, book, kind, source_kind, source_id,"
        " source_number, purpose, description, currency, rate, line_count, total, posted_at)"
        " VALUES (uuidv7(), %s, %s, uuidv7(), 'GEN', 'normal', 'ledger.manual_journal', %s, '', 'again', '',"
        " 'SAR', 1, 2, 10, now()) RETURNING id"
    )
    line_sql = (
        "INSERT INTO ledger_journalline (id, company_id, entry_id, position, account_id, date, debit, credit,"
        " currency, amount_currency, party_kind, tax_code, description)"
        " VALUES (uuidv7(), %(c)s, %(e)s, 1, %(ar)s, %(d)s, 10, 0, 'SAR', 10, '', '', ''),"
        " (uuidv7(), %(c)s, %(e)s, 2, %(bank)s, %(d)s, 0, 10, 'SAR', -10, '', '', '')"
    )
    with transaction.atomic():
        accounts = dict(Account.objects.filter(code__in=["1210", BANK]).values_list("code", "pk"))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(entry_sql, [in_company_a.id, journal.date, journal.pk])
        (entry_id,) = cursor.fetchone()
        values = {
            "c": in_company_a.id,
            "e": entry_id,
            "d": journal.date,
            "ar": accounts["1210"],
            "bank": accounts[BANK],
        }
        with pytest.raises(IntegrityError, match="control"):
            cursor.execute(line_sql, values)
        transaction.set_rollback(True)


def test_vat_by_hand_names_what_it_was_computed_on(in_company_a, owner):
    lines = [
        row(RENT, debit="100", tax_code="P15"),
        row("1410", debit="15", tax_code="P15"),
        row(BANK, credit="115"),
    ]
    with transaction.atomic(), pytest.raises(ValidationErrors) as refused:
        manual_create(typed=typed(lines), actor=owner)
    assert errors_of(refused) == {"lines.1.taxable_amount": "required"}

    lines[1]["taxable_amount"] = "100"
    with transaction.atomic():
        journal = manual_create_posted(typed=typed(lines), actor=owner)
        stored = JournalLine.objects.filter(entry__source_id=journal.pk).order_by("position")
        assert [(line.tax_code, line.taxable_amount) for line in stored] == [
            ("P15", 100),
            ("P15", 100),
            ("", None),
        ]


def test_a_foreign_journal_balances_in_base_currency_to_the_halala(in_company_a, owner):
    with transaction.atomic():
        rate_set(currency="EUR", date=local_today(), rate=Decimal("4.0512"), actor=owner)
        journal = manual_create_posted(
            typed=typed(
                [
                    row(RENT, debit="33.33"),
                    row("6320", debit="33.33"),
                    row("6330", debit="33.35"),
                    row(BANK, credit="100.01"),
                ],
                currency="EUR",
            ),
            actor=owner,
        )
        amounts = sides(journal)

    assert amounts[-1][2] == Decimal("405.16")
    assert sum(line[1] for line in amounts) == Decimal("405.16")
    assert [line[1] for line in amounts[:3]] == [
        Decimal("135.03"),
        Decimal("135.02"),
        Decimal("135.11"),
    ]


def test_a_missing_rate_says_which(in_company_a, owner):
    with transaction.atomic(), pytest.raises(DomainError) as refused:
        manual_create(typed=typed(currency="KWD"), actor=owner)

    assert refused.value.code == "rate_missing"
    assert "KWD" in str(refused.value)


def test_nothing_is_posted_into_a_closed_period(in_company_a, owner):
    with transaction.atomic():
        Period.objects.filter(start_date__lte=local_today(), end_date__gte=local_today()).update(
            state="closed"
        )
        draft = manual_create(typed=typed(), actor=owner)
        with pytest.raises(PeriodClosed) as refused:
            manual_post(journal_id=draft.pk, actor=owner)
        first_open = (month_end(local_today()) + dt.timedelta(days=1)).isoformat()

        assert refused.value.field == "date"
        assert first_open in str(refused.value)
        assert ManualJournal.objects.get(pk=draft.pk).status == "draft"


def test_posted_is_history(in_company_a, owner):
    with transaction.atomic():
        journal = manual_create_posted(typed=typed(), actor=owner)
        for change in (
            lambda: manual_update(journal_id=journal.pk, typed=typed(), actor=owner),
            lambda: manual_delete(journal_id=journal.pk, actor=owner),
            lambda: manual_post(journal_id=journal.pk, actor=owner),
        ):
            with pytest.raises(JournalPosted):
                change()
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        ManualJournal.objects.filter(pk=journal.pk).update(description="other")
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        ManualJournalLine.objects.filter(journal_id=journal.pk).update(debit=0)


def test_a_reversal_mirrors_the_journal_once(in_company_a, owner):
    with transaction.atomic():
        journal = manual_create_posted(typed=typed(), actor=owner)
        manual_reverse(journal_id=journal.pk, date=local_today(), reason="Wrong month", actor=owner)

        assert sides(journal)[2:] == [(RENT, 0, 1000), (BANK, 1000, 0)]
        assert ManualJournal.objects.get(pk=journal.pk).status == "reversed"
        with pytest.raises(JournalPosted) as refused:
            manual_reverse(
                journal_id=journal.pk, date=local_today(), reason="Wrong month", actor=owner
            )
    assert refused.value.code == "already_reversed"


def test_a_reversal_is_not_before_its_journal_and_has_a_reason(in_company_a, owner):
    with transaction.atomic():
        journal = manual_create_posted(typed=typed(), actor=owner)
        with pytest.raises(DomainError) as early:
            manual_reverse(
                journal_id=journal.pk,
                date=local_today() - dt.timedelta(days=1),
                reason="Wrong month",
                actor=owner,
            )
        with pytest.raises(DomainError) as silent:
            manual_reverse(journal_id=journal.pk, date=local_today(), reason=" ", actor=owner)

    assert (early.value.field, silent.value.field) == ("date", "reason")


def test_an_outdated_edit_is_refused(in_company_a, owner):
    with transaction.atomic():
        draft = manual_create(typed=typed(), actor=owner)
        manual_update(journal_id=draft.pk, typed=typed(version=1), actor=owner)
        with pytest.raises(Conflict):
            manual_update(journal_id=draft.pk, typed=typed(version=1), actor=owner)


@pytest.mark.parametrize("role", ["sales", "cashier", "auditor"])
def test_only_bookkeepers_post(company_a, role):
    with company_a.acting(role) as actor, pytest.raises(PermissionRefused):
        manual_create(typed=typed(), actor=actor)


def test_another_company_sees_no_journal(company_a, company_b):
    with company_a.acting() as owner:
        journal = manual_create(typed=typed(), actor=owner)
    with company_b.acting() as other, pytest.raises(DomainError) as refused:
        manual_post(journal_id=journal.pk, actor=other)

    assert refused.value.status == 404
