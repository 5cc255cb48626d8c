"""Members: who manages whom, the last owner, rights on top of a role (RR-1, RR-2, T7)."""

from decimal import Decimal

import pytest

from tenancy.errors import LastOwner, OwnRole, PermissionRefused, UnknownMember
from tenancy.models import Company, CompanyUserGrant, Membership
from tenancy.permissions import require
from tenancy.roles import GRANTABLE, PERMISSIONS, ROLE_PERMISSIONS
from tenancy.services.companies import company_create, company_update
from tenancy.services.members import grant_set, member_add, member_change
from tests.database import refused, refuses, run
from tests.factories.tenancy import member_make, user_make

pytestmark = pytest.mark.django_db


def membership(cast, role):
    return Membership.objects.get(user=cast.users[role])


@pytest.mark.parametrize("role", ["accountant", "sales", "cashier", "auditor"])
def test_only_owners_manage_people_and_settings(company_a, role):
    with company_a.acting():
        cashier = membership(company_a, "cashier")
    with company_a.acting(role) as person:
        for attempt in (
            lambda: member_add(email="new@mizan.test", full_name="New", role="owner"),
            lambda: member_change(membership_id=cashier.pk, actor_id=person.user_id, role="owner"),
            lambda: grant_set(
                user_id=cashier.user_id,
                permission="ar.invoice.post",
                granted=True,
                actor_id=person.user_id,
            ),
            lambda: company_update(
                company=company_a.company, changes={"name": "Mine"}, actor_id=person.user_id
            ),
        ):
            with refuses(PermissionRefused):
                attempt()


def test_nobody_changes_their_own_role_or_rights(company_a):
    with company_a.acting() as owner:
        member_make("owner")
        own = membership(company_a, "owner")
        with refuses(OwnRole):
            member_change(membership_id=own.pk, actor_id=owner.user_id, role="accountant")
        with refuses(OwnRole):
            grant_set(
                user_id=owner.user_id,
                permission="ar.invoice.post",
                granted=True,
                actor_id=owner.user_id,
            )


def test_last_owner_stays(company_a):
    with company_a.acting() as owner:
        second = member_make("owner")
        own = membership(company_a, "owner")
        member_change(membership_id=own.pk, actor_id=second.user_id, is_active=False)
        for changes in ({"is_active": False}, {"role": "sales"}):
            with refuses(LastOwner):
                member_change(membership_id=second.pk, actor_id=owner.user_id, **changes)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tenancy_membership SET is_active = false",
        "UPDATE tenancy_membership SET role = 'sales' WHERE role = 'owner'",
    ],
)
def test_raw_sql_keeps_an_owner(in_company_a, statement):
    with refused("last_owner"):
        run(statement)


def test_members_are_ended_never_deleted(in_company_a):
    for table in ("tenancy_membership", "tenancy_company"):
        with refused(match="permission denied"):
            run(f"DELETE FROM {table}")


def test_member_of_another_company_is_unknown(company_a, company_b):
    with company_b.acting():
        foreign = membership(company_b, "cashier")
    with company_a.acting() as owner:
        with refuses(UnknownMember):
            member_change(membership_id=foreign.pk, actor_id=owner.user_id, role="owner")
        with refuses(UnknownMember):
            grant_set(
                user_id=foreign.user_id,
                permission="ar.invoice.post",
                granted=True,
                actor_id=owner.user_id,
            )


def test_person_who_works_here_is_not_added_again(company_a):
    """Or an owner could be made something less by adding their address."""
    with company_a.acting():
        with refuses(Exception, code="already_member"):
            member_add(email=company_a.users["owner"].email, full_name="X", role="sales")
        assert membership(company_a, "owner").role == "owner"


def test_one_person_works_for_two_companies_in_different_roles(company_a, company_b):
    person = company_a.users["cashier"]
    with company_b.acting():
        member_add(email=person.email, full_name="ignored", role="accountant")

    principal = company_a.principal("cashier")
    assert {(choice.id, choice.role) for choice in principal.companies} == {
        (company_a.id, "cashier"),
        (company_b.id, "accountant"),
    }
    assert principal.role == "cashier"
    assert not principal.has("ar.invoice.void")


def test_former_member_comes_back_with_the_new_role(company_a):
    with company_a.acting() as owner:
        cashier = membership(company_a, "cashier")
        member_change(membership_id=cashier.pk, actor_id=owner.user_id, is_active=False)
        back = member_add(
            email=company_a.users["cashier"].email,
            full_name="x",
            role="sales",
            commission_percent=Decimal(5),
        )
    assert (back.pk, back.role, back.is_active) == (cashier.pk, "sales", True)


def test_grant_adds_one_right_to_one_person(company_a):
    assert not company_a.principal("sales").has("ar.invoice.post")
    with company_a.acting() as owner:
        grant_set(
            user_id=company_a.users["sales"].pk,
            permission="ar.invoice.post",
            granted=True,
            actor_id=owner.user_id,
        )
    assert company_a.principal("sales").has("ar.invoice.post")
    assert require(company_a.principal("sales"), "ar.invoice.post")

    with company_a.acting() as owner:
        grant_set(
            user_id=company_a.users["sales"].pk,
            permission="ar.invoice.post",
            granted=False,
            actor_id=owner.user_id,
        )
        assert not CompanyUserGrant.objects.exists()
    assert not company_a.principal("sales").has("ar.invoice.post")


def test_what_only_owners_may_do_is_not_handed_out(company_a):
    assert "ar.invoice.lock" not in GRANTABLE
    with company_a.acting() as owner, refuses(Exception, code="not_grantable"):
        grant_set(
            user_id=company_a.users["sales"].pk,
            permission="ar.invoice.lock",
            granted=True,
            actor_id=owner.user_id,
        )


def test_every_right_has_somebody_and_auditors_only_look():
    assert all(PERMISSIONS.values())
    assert ROLE_PERMISSIONS["owner"] == frozenset(PERMISSIONS)
    # a file of what one may read is no change
    looks = ROLE_PERMISSIONS["auditor"] - {"reports.export.create"}
    assert {code.rsplit(".", 1)[1] for code in looks} <= {"view", "view_own"}


def test_base_currency_and_short_name_are_fixed(company_a):
    with company_a.acting() as owner:
        for field, new in (("currency", "USD"), ("slug", "other"), ("id", 1)):
            with refuses(Exception, field=field, code="fixed_setting"):
                company_update(
                    company=company_a.company, changes={field: new}, actor_id=owner.user_id
                )
        changed = company_update(
            company=company_a.company, changes={"name": "New name"}, actor_id=owner.user_id
        )
    assert (changed.name, changed.version) == ("New name", company_a.company.version + 1)
    assert company_a.principal().company_name == "New name"


def test_short_name_is_used_once(company_a):
    with pytest.raises(Exception, match="short name"):
        company_create(slug=company_a.company.slug, name="Copy", owner=user_make())
    with company_a.acting():
        assert Company.objects.count() == 1
