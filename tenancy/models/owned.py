"""The base of every company-owned table."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from core.ids import uuid7
from tenancy.constraints import TenantPrimaryKey
from tenancy.context import current_company_id


class CompanyManager(models.Manager[Any]):
    """Reads the current company's rows; refuses when no company is active.

    Row-level security would show nothing anyway: this makes the mistake loud, and gives the planner the company.
    """

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(company_id=current_company_id())


class CompanyOwned(models.Model):
    """A row that belongs to one company; (company_id, id) is its primary key in the database."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    company = models.ForeignKey(
        "tenancy.Company",
        on_delete=models.PROTECT,
        default=current_company_id,
        editable=False,
        related_name="+",
        db_index=False,
    )

    objects = CompanyManager()

    class Meta:
        abstract = True
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            TenantPrimaryKey(name="%(app_label)s_%(class)s_tenant_pk"),
        )
