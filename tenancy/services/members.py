"""Members of a company: invite, change, end; extra rights for one user (RR-1, SP-1)."""

from __future__ import annotations

from decimal import Decimal
from types import EllipsisType

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from core.errors import N_, DomainError
from tenancy.context import current_company_id
from tenancy.errors import LastOwner, OwnRole, UnknownMember
from tenancy.models import Company, CompanyUserGrant, Membership, Role, User
from tenancy.permissions import require_in_scope
from tenancy.principal import forget
from tenancy.roles import GRANTABLE


class UnknownRole(DomainError):
    """The role is none of owner, accountant, sales, cashier, auditor."""

    code = "unknown_role"


class AlreadyMember(DomainError):
    """The person is an active member already; change the membership instead."""

    code = "already_member"
    status = 409


@transaction.atomic
def member_add(
    *,
    email: str,
    full_name: str,
    role: str,
    password: str | None = None,
    commission_percent: Decimal | None = None,
    language: str = "en",
) -> Membership:
    """Add a person to the current company; an unknown e-mail address becomes a new user.

    A known user keeps name and password. A former member comes back with the new role.
    Raises UnknownRole, AlreadyMember, PermissionRefused.
    """
    require_in_scope("tenancy.member.manage")
    if role not in Role.values:
        raise UnknownRole(N_("Choose one of the roles."), field="role")
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(
            email, password=password, full_name=full_name, language=language
        )
    membership = Membership.objects.select_for_update().filter(user=user).first()
    if membership is None:
        membership = Membership.objects.create(
            user=user, role=role, commission_percent=commission_percent
        )
    elif membership.is_active:
        # or an owner could become something less, and nobody noticed
        raise AlreadyMember(N_("This person works for the company already."), field="email")
    else:
        membership.role, membership.is_active = role, True
        membership.commission_percent = commission_percent
        membership.save(update_fields=["role", "is_active", "commission_percent"])
    forget(user.pk)
    return membership


@transaction.atomic
def member_change(
    *,
    membership_id: object,
    actor_id: int,
    role: str | None = None,
    commission_percent: Decimal | EllipsisType | None = ...,
    is_active: bool | None = None,
) -> Membership:
    """Change role, commission percent or activity; what is not given (...) stays. Raises UnknownMember, OwnRole, LastOwner, PermissionRefused."""
    require_in_scope("tenancy.member.manage")
    owners = list(
        Membership.objects.select_for_update()
        .filter(role=Role.OWNER, is_active=True)
        .order_by("pk")
    )
    membership: Membership | None = (
        Membership.objects.select_for_update().filter(pk=membership_id).first()
    )
    if membership is None:
        raise UnknownMember(N_("This person does not work for the company."))
    changes_rights = (role is not None and role != membership.role) or (
        is_active is not None and is_active != membership.is_active
    )
    if changes_rights and membership.user_id == actor_id:
        raise OwnRole(N_("Nobody changes their own role; ask another owner."))
    stays_owner = (role or membership.role) == Role.OWNER and is_active is not False
    if [o.pk for o in owners] == [membership.pk] and not stays_owner:
        raise LastOwner(N_("A company needs at least one active owner."))
    if role is not None:
        if role not in Role.values:
            raise UnknownRole(N_("Choose one of the roles."), field="role")
        membership.role = role
    if commission_percent is not ...:
        membership.commission_percent = commission_percent
    if is_active is not None:
        membership.is_active = is_active
    membership.save(update_fields=["role", "commission_percent", "is_active"])
    forget(membership.user_id)
    return membership


@transaction.atomic
def grant_set(*, user_id: int, permission: str, granted: bool, actor_id: int) -> None:
    """Give one user one more right in the current company, or take it back.

    Raises OwnRole, UnknownMember, PermissionRefused.
    """
    require_in_scope("tenancy.member.manage")
    if user_id == actor_id:
        raise OwnRole(N_("Nobody changes their own role; ask another owner."))
    if permission not in GRANTABLE:
        raise DomainError(
            N_("This right cannot be granted."), code="not_grantable", field="permission"
        )
    if not Membership.objects.filter(user_id=user_id, is_active=True).exists():
        raise UnknownMember(N_("This person does not work for the company."))
    row = Permission.objects.get(
        content_type=ContentType.objects.get_for_model(Company), codename=permission
    )
    company_id = current_company_id()
    if granted:
        CompanyUserGrant.objects.get_or_create(
            user_id=user_id, permission=row, content_object_id=company_id
        )
    else:
        CompanyUserGrant.objects.filter(
            user_id=user_id, permission=row, content_object_id=company_id
        ).delete()
    forget(user_id)
