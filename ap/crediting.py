"""Crediting part or all of a bill from its page (P9)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from ap.document_pages import BILL_PAGES, SUPPLIER_CREDIT_PAGES
from ap.models import Bill, SupplierCredit, SupplierCreditLine
from ap.selectors.crediting import creditable_lines
from ap.services.credits import credit_build, credit_create
from ap.typed_credit import parse_credit
from documents.page_parts import DATE_OF_CREDIT, REASON
from documents.pages import Field
from documents.views.crediting import CreditForm
from tenancy.principal import Principal


def _build(
    bill: Bill, payload: Mapping[str, Any], actor: Principal
) -> tuple[SupplierCredit, Sequence[SupplierCreditLine]]:
    return credit_build(bill, parse_credit(payload, bill_id=bill.pk), actor=actor)


def _create(bill_id: uuid.UUID, payload: Mapping[str, Any], actor: Principal) -> SupplierCredit:
    return credit_create(typed=parse_credit(payload, bill_id=bill_id), actor=actor)


BILL_CREDIT = CreditForm(
    source=BILL_PAGES,
    target=SUPPLIER_CREDIT_PAGES,
    name="ap:bill-credit",
    title=_("Supplier credit"),
    fields=(
        DATE_OF_CREDIT,
        Field(
            name="supplier_number",
            label=_("Supplier's number"),
            width="w-6",
            maximum=60,
            direction="ltr",
        ),
        REASON,
    ),
    rows=creditable_lines,
    build=_build,
    create=_create,
    settles=_("Set it against the bill, as far as that is open"),
)
