"""From typed input to unsaved rows: shared by create, update, posting and import."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ar.errors import UnknownSalesperson
from ar.models import Customer, Invoice, InvoiceKind
from ar.parties import buyer_snapshot, seller_snapshot
from ar.posting import RevenueShare, SaleFacts, VatShare
from core.errors import N_, DomainError
from core.money import ZERO
from documents.errors import UnknownParty
from documents.models import DocumentHeader, DocumentLine, PaymentTerms
from documents.services.drafting import actor_branch
from documents.tax_shares import shares_by
from documents.terms import due_date
from inventory.services.lines import TaxInfo
from tenancy.models import Membership
from tenancy.statements import Statement, slot

__all__ = [
    "DEFAULT_COMMISSION_PERCENT",
    "actor_branch",
    "buyer_snapshot",
    "commission_base",
    "customer_for",
    "due_date_of",
    "sale_facts",
    "salesperson_percent",
    "seller_snapshot",
    "terms_for",
]

DEFAULT_COMMISSION_PERCENT = Decimal(20)

_CUSTOMER: Statement[Customer] = Statement(
    Customer, lambda rows: rows.select_related("terms").filter(pk=slot("id"), is_active=True)
)


def customer_for(customer_id: uuid.UUID) -> Customer:
    """Return the active customer; another company's id is as unknown as a wrong one. Raises UnknownParty."""
    customer = _CUSTOMER.first(id=customer_id)
    if customer is None:
        raise UnknownParty(N_("There is no such customer."), field="customer")
    return customer


def salesperson_percent(user_id: int) -> Decimal:
    """Return the commission percent of a member, 20 where none is set (RR-5). Raises UnknownSalesperson."""
    rows = list(
        Membership.objects.filter(user_id=user_id, is_active=True).values_list(
            "commission_percent", flat=True
        )
    )
    if not rows:
        raise UnknownSalesperson(
            N_("The salesperson is no member of the company."), field="salesperson"
        )
    return DEFAULT_COMMISSION_PERCENT if rows[0] is None else rows[0]


def due_date_of(
    issue_date: dt.date,
    customer: Customer,
    company: dict[str, Any],
    terms: PaymentTerms | None = None,
) -> dt.date:
    """Return the due date by the document's terms, else the customer's days, else the company's."""
    if terms is not None:
        return due_date(issue_date, terms.rules)
    days = customer.payment_terms_days
    return issue_date + dt.timedelta(
        days=int(company.get("payment_terms_days") or 0) if days is None else days
    )


def terms_for(terms_id: uuid.UUID | None) -> PaymentTerms | None:
    """Return the payment terms chosen, None for none. Raises DomainError at `terms`."""
    if terms_id is None:
        return None
    terms = PaymentTerms.objects.filter(pk=terms_id, is_active=True).first()
    if terms is None:
        raise DomainError(
            N_("There are no such payment terms."), code="unknown_terms", field="terms"
        )
    found: PaymentTerms = terms
    return found


def sale_facts(
    document: DocumentHeader,
    lines: Sequence[DocumentLine],
    *,
    source_kind: str,
    party_id: uuid.UUID,
    base_currency: str,
    tax_codes: dict[str, TaxInfo],
) -> SaleFacts:
    """Return what the journal needs: revenue and VAT by VAT code, in the document's currency.

    Taxable amounts and VAT of a category are split over its codes by largest remainder, so they add up.
    """
    shares = shares_by(document, lines, lambda line: line.tax_code)
    revenue, vat = [], []
    for share in shares:
        info = tax_codes[share.key]
        role = info.revenue_role or "revenue_standard"
        revenue.append(RevenueShare(role, share.key, share.taxable))
        if share.tax:
            role = info.vat_role or "vat_output"
            vat.append(VatShare(role, share.key, share.taxable, share.tax))
    return SaleFacts(
        source_kind=source_kind,
        source_id=document.pk,
        number=document.number,
        date=document.issue_date,
        party_id=party_id,
        currency=document.currency,
        rate=document.exchange_rate,
        base_currency=base_currency,
        total=document.total or ZERO,
        tax=document.tax_amount or ZERO,
        revenue=tuple(revenue),
        vat=tuple(vat),
    )


def commission_base(
    document: Invoice, *, base_total: Decimal, base_tax: Decimal, rule: str
) -> Decimal:
    """Return the commissionable amount in base currency (RR-7): net by default, or the total with VAT.

    On margin the cost of the batches is taken off where items carry one; without stock the margin is the net. Money in
    advance and opening balances earn nothing: the final invoice does, or the old system did.
    """
    if document.kind in (InvoiceKind.PREPAYMENT, InvoiceKind.OPENING):
        return ZERO
    return base_total if rule == "gross" else base_total - base_tax
