"""The chart of accounts: add, change, close, delete; roles (accounting.md section 3)."""

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import DomainError, ValidationErrors
from ledger.models import Account, JournalLine
from ledger.services.accounts import (
    AccountInUse,
    account_create,
    account_delete,
    account_update,
    role_assign,
)
from ledger.services.manual import manual_create_posted
from tenancy.errors import PermissionRefused
from tests.builders import posted_invoice
from tests.ledger.hand import BANK, row, typed

pytestmark = pytest.mark.django_db


def values(**fields):
    return {
        "code": "6491",
        "name": "Parking",
        "name_arabic": "مواقف سيارات",
        "kind": "expense",
        "parent_id": None,
        **fields,
    }


def account(code):
    return Account.objects.get(code=code)


def test_a_new_account_takes_postings_at_once(in_company_a, owner):
    made = account_create(values=values(parent_id=account("6400").pk), actor=owner)
    manual_create_posted(typed=typed([row("6491", debit="5"), row(BANK, credit="5")]), actor=owner)

    assert (made.normal_side, made.is_posting, made.role) == ("debit", True, "")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "64 91"}, "code"),
        ({"code": "1130"}, "code"),
        ({"name": " "}, "name"),
        ({"name_arabic": ""}, "name_arabic"),
        ({"kind": "money"}, "kind"),
    ],
)
def test_a_wrong_account_is_refused_at_its_field(in_company_a, owner, change, field):
    with pytest.raises(ValidationErrors) as caught:
        account_create(values=values(**change), actor=owner)

    assert [one.field for one in caught.value.errors] == [field]


def test_an_account_stands_under_a_heading_and_not_under_itself(in_company_a, owner):
    with pytest.raises(ValidationErrors):
        account_create(values=values(parent_id=account("6310").pk), actor=owner)
    heading = account("6400")
    with pytest.raises(ValidationErrors):
        account_update(
            account_id=heading.pk,
            values=values(code="6400", kind="header", parent_id=heading.pk),
            actor=owner,
        )


def test_an_account_with_postings_keeps_its_kind_and_stays(in_company_a, owner):
    made = account_create(values=values(), actor=owner)
    manual_create_posted(typed=typed([row("6491", debit="5"), row(BANK, credit="5")]), actor=owner)
    with pytest.raises(AccountInUse):
        account_update(account_id=made.pk, values=values(kind="asset"), actor=owner)
    with pytest.raises(AccountInUse):
        account_delete(account_id=made.pk, actor=owner)
    closed = account_update(account_id=made.pk, values=values(is_active=False), actor=owner)
    assert not closed.is_active
    with pytest.raises(ValidationErrors) as caught:
        manual_create_posted(
            typed=typed([row("6491", debit="5"), row(BANK, credit="5")]), actor=owner
        )
    assert caught.value.errors[0].code == "account_refuses"


def test_the_database_keeps_accounts_with_a_role_or_postings(in_company_a):
    with (
        pytest.raises(IntegrityError, match="cannot be deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM ledger_account WHERE code = '1110'")


def test_the_account_of_a_till_stays(in_company_a, owner):
    till = in_company_a.till.account
    with pytest.raises(AccountInUse):
        account_delete(account_id=till.pk, actor=owner)


def test_an_unused_account_goes(in_company_a, owner):
    made = account_create(values=values(), actor=owner)
    account_delete(account_id=made.pk, actor=owner)

    assert not Account.objects.filter(pk=made.pk).exists()


def test_a_role_moves_to_another_account_and_postings_follow(in_company_a, owner):
    made = account_create(values=values(code="4111", kind="revenue"), actor=owner)
    role_assign(role="revenue_standard", account_id=made.pk, actor=owner)
    posted_invoice(owner, in_company_a.customer)

    assert account("4110").role == ""
    assert manual_lines(made) == 1


def manual_lines(made):
    return JournalLine.objects.filter(account_id=made.pk).count()


def test_a_control_account_with_postings_keeps_its_role(in_company_a, owner):
    posted_invoice(owner, in_company_a.customer)
    made = account_create(values=values(code="1211", kind="asset"), actor=owner)
    with pytest.raises(AccountInUse):
        role_assign(role="ar_control", account_id=made.pk, actor=owner)
    with pytest.raises(DomainError) as unknown:
        role_assign(role="pocket_money", account_id=made.pk, actor=owner)
    assert unknown.value.field == "role"


def test_an_account_with_a_role_is_not_closed(in_company_a, owner):
    bank = account(BANK)
    with pytest.raises(AccountInUse):
        account_update(
            account_id=bank.pk,
            values={
                "code": bank.code,
                "name": bank.name,
                "name_arabic": bank.name_arabic,
                "kind": bank.kind,
                "parent_id": bank.parent_id,
                "is_active": False,
            },
            actor=owner,
        )


def test_readers_do_not_change_the_chart(company_a):
    with company_a.acting("auditor") as auditor, pytest.raises(PermissionRefused):
        account_create(values=values(), actor=auditor)
