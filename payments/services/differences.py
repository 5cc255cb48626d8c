"""Discounts and small differences given up with an allocation: who may, and how much (S11, R4)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum

from core.dates import local_today
from core.errors import N_
from payments.errors import DifferenceTooLarge
from payments.models import Allocation
from payments.settlement import Settled
from tenancy.context import current_company_id
from tenancy.models import Company
from tenancy.permissions import require
from tenancy.principal import Principal


def differences_require(rows: Sequence[Settled], *, actor: Principal) -> None:
    """Check discounts and differences of allocations. Raises PermissionRefused, DifferenceTooLarge.

    The limits are the company's, in base currency: for one document, and for all documents of a day.
    """
    if any(row.discount for row in rows):
        require(actor, "payments.discount.give")
    given = [(index, row.write_off_base) for index, row in enumerate(rows) if row.write_off]
    if not given:
        return
    require(actor, "payments.difference.write_off")
    # the row of the company makes two writers of the same day take turns
    limits = (
        Company.objects.select_for_update()
        .values_list("small_difference_limit", "small_difference_day_limit")
        .get(pk=current_company_id())
    )
    for index, amount in given:
        if amount > limits[0]:
            raise DifferenceTooLarge(
                N_("At most %(limit)s is written off on one document."),
                field=f"allocations.{index}.write_off",
                params={"limit": limits[0]},
            )
    today: Decimal = Allocation.objects.filter(date=local_today()).aggregate(
        sum=Sum("write_off_base")
    )["sum"] or Decimal(0)
    if today + sum(amount for _, amount in given) > limits[1]:
        raise DifferenceTooLarge(
            N_("At most %(limit)s is written off in one day."),
            field=f"allocations.{given[0][0]}.write_off",
            params={"limit": limits[1]},
        )
