"""Payment terms of a company: add and change. Documents keep the due date they were given."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from core.errors import N_, DomainError
from core.transactions import write
from documents.errors import DocumentNotFound
from documents.models import PaymentTerms
from documents.terms import DueRule
from tenancy.permissions import require
from tenancy.principal import Principal

FIELDS = (
    "code",
    "name",
    "name_arabic",
    "rule",
    "days",
    "discount_percent",
    "discount_days",
    "is_active",
)


class TermsCodeTaken(DomainError):
    """The code is used by other terms of the company."""

    code = "duplicate_code"
    status = 409


def _check(row: PaymentTerms) -> None:
    if row.rule not in frozenset(DueRule):
        raise DomainError(N_("Choose how the due date is counted."), code="invalid", field="rule")
    if row.rule == DueRule.ON_RECEIPT:
        row.days = 0
    if row.discount_percent and row.rule != DueRule.MONTH_END and row.discount_days > row.days:
        raise DomainError(
            N_("The discount ends on the due date at the latest."),
            code="too_late",
            field="discount_days",
        )
    if PaymentTerms.objects.filter(code=row.code).exclude(pk=row.pk).exists():
        raise TermsCodeTaken(N_("This code is used by other payment terms."), field="code")


@write
def terms_save(
    *, values: Mapping[str, Any], actor: Principal, terms_id: uuid.UUID | None = None
) -> PaymentTerms:
    """Add payment terms, or change those of `terms_id`. Raises TermsCodeTaken, DomainError, DocumentNotFound."""
    require(actor, "documents.terms.edit")
    if terms_id is None:
        row = PaymentTerms()
    else:
        found = PaymentTerms.objects.select_for_update().filter(pk=terms_id).first()
        if found is None:
            raise DocumentNotFound(N_("There are no such payment terms."))
        row = found
    for name in FIELDS:
        if name in values:
            setattr(row, name, values[name])
    _check(row)
    row.save()
    return row
