"""Who works for a company, as what, and which extra rights they were given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from core.fields import PercentField
from tenancy.constraints import SqlCheck
from tenancy.models.company import Company
from tenancy.models.owned import CompanyOwned


class Role(models.TextChoices):
    """What a person is in a company; what that allows is in tenancy.roles."""

    OWNER = "owner", _("Owner")
    ACCOUNTANT = "accountant", _("Accountant")
    SALES = "sales", _("Sales")
    CASHIER = "cashier", _("Cashier")
    AUDITOR = "auditor", _("Auditor")


class Membership(CompanyOwned):
    """One user's role in one company (RR-1). The commission percent is 20 where none is set (RR-5)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    commission_percent = PercentField(_("commission percent"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CompanyOwned.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            *CompanyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["company", "user"], name="membership_once"),
            SqlCheck(
                "commission_percent IS NULL OR (commission_percent <> 'NaN' "
                "AND commission_percent BETWEEN 0 AND 100)",
                name="membership_commission_percent_bounds",
            ),
            SqlCheck(
                "role IN ('owner', 'accountant', 'sales', 'cashier', 'auditor')",
                name="membership_role_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class CompanyUserGrant(UserObjectPermissionBase):
    """One more right for one user on one company, on top of the role table (django-guardian).

    guardian's generic table keeps object ids as text without a company; this one has a real key and a policy.
    """

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey(
        Company, on_delete=models.PROTECT, db_column="company_id", related_name="+", db_index=False
    )

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        verbose_name = _("granted right")
        verbose_name_plural = _("granted rights")
        unique_together: ClassVar[list[Sequence[str]]] = [("user", "permission", "content_object")]
