"""Sign-up of a company and changes of its settings."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.dispatch import Signal

from core.errors import N_
from tenancy.context import Scope, current_scope, scope_block
from tenancy.errors import FixedSetting, SlugTaken
from tenancy.models import Branch, Company, Membership, Role, User
from tenancy.permissions import require_in_scope
from tenancy.principal import forget

FIXED = frozenset({"id", "pk", "slug", "currency", "version", "created_at"})

#: Sent inside the new company's scope and transaction; the ledger answers with chart, tax codes and periods.
company_created = Signal()


@transaction.atomic
def company_create(
    *,
    slug: str,
    name: str,
    owner: User,
    name_arabic: str = "",
    vat_number: str = "",
    currency: str = "SAR",
    **fields: object,
) -> Company:
    """Create a company with its main branch, its first owner and what lower apps set up for it.

    Raises SlugTaken. Works signed in to another company or to none: the new row is written in its own scope.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_company_id_for_slug(%s)", [slug])
        if cursor.fetchone()[0] is not None:
            raise SlugTaken(N_("A company with this short name exists already."), field="slug")
        cursor.execute("SELECT nextval(pg_get_serial_sequence('tenancy_company', 'id'))")
        company_id = cursor.fetchone()[0]
    outer = current_scope.get()
    token = current_scope.set(None)  # signing up a second company happens outside the first one
    try:
        scope = Scope(
            company_id,
            owner.pk,
            Role.OWNER.value,
            outer.request_id if outer else "",
            outer.source if outer else "task",
            "tenancy.company.create",
        )
        with scope_block(scope):
            company = Company.objects.create(
                id=company_id,
                slug=slug,
                name=name,
                name_arabic=name_arabic,
                vat_number=vat_number,
                currency=currency,
                **fields,
            )
            Branch.objects.create(
                company=company,
                code="MAIN",
                name="Main branch",
                name_arabic="الفرع الرئيسي",
                is_default=True,
            )
            Membership.objects.create(company=company, user=owner, role=Role.OWNER)
            company_created.send(Company, company=company)
    finally:
        current_scope.reset(token)
        connection_scope_restore(outer)
    forget(owner.pk)
    return company


def connection_scope_restore(outer: Scope | None) -> None:
    """Send the outer scope again after a block that worked for another company."""
    if outer is not None:
        with scope_block(outer):
            pass


@transaction.atomic
def company_update(*, company: Company, changes: dict[str, object], actor_id: int) -> Company:
    """Save changed settings; every member sees them at the next request. Raises FixedSetting, PermissionRefused."""
    require_in_scope("tenancy.company.edit")
    fixed = sorted(FIXED & set(changes))
    if fixed:
        raise FixedSetting(N_("This is fixed when the company signs up."), field=fixed[0])
    locked = Company.objects.select_for_update().get(pk=company.pk)
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.full_clean(validate_constraints=False)
    locked.save(update_fields=[*changes, "version"])
    forget(*company_member_ids())
    return locked


def company_member_ids() -> Sequence[int]:
    """Return the user ids of the current company's members."""
    return list(Membership.objects.values_list("user_id", flat=True))
