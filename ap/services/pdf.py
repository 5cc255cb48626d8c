"""Bills and supplier credits as PDF/A-3."""

from __future__ import annotations

import uuid

from ap.document_types import BILL, SUPPLIER_CREDIT
from ap.printing import print_purchase
from ap.selectors.bill_api import bill_get, credit_get
from documents.printing import Language
from documents.services.sheets import sheet_pdf
from tenancy.permissions import require
from tenancy.principal import Principal


def bill_pdf(
    *, bill_id: uuid.UUID, actor: Principal, language: Language = "both"
) -> tuple[str, bytes]:
    """Return (file name, PDF) of a bill; a draft says so on the sheet. Raises DocumentNotFound."""
    require(actor, "ap.bill.view")
    bill, lines = bill_get(bill_id)
    printed = print_purchase(bill, lines, actor.company, language=language)
    return sheet_pdf(bill, printed, kind=BILL.kind)


def supplier_credit_pdf(
    *, credit_id: uuid.UUID, actor: Principal, language: Language = "both"
) -> tuple[str, bytes]:
    """Return (file name, PDF) of a supplier credit. Raises DocumentNotFound."""
    require(actor, "ap.supplier_credit.view")
    credit, lines = credit_get(credit_id)
    printed = print_purchase(credit, lines, actor.company, language=language)
    return sheet_pdf(credit, printed, kind=SUPPLIER_CREDIT.kind)
