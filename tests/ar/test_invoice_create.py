"""Creating a draft: all lines at once, checked field by field (IF-5, PS-4)."""

from decimal import Decimal

import pytest

from tests.builders import draft_invoice, line, lines_of

pytestmark = pytest.mark.django_db


def test_draft_stores_lines_and_totals(in_company_a, owner):
    invoice = draft_invoice(
        owner, in_company_a.customer, [line("2", "10.03", item=in_company_a.items[0]), line("1", "50", vat_rate="0")]
    )

    assert (invoice.subtotal, invoice.tax_amount, invoice.total) == (
        Decimal("70.06"),
        Decimal("3.01"),
        Decimal("73.07"),
    )
    assert invoice.status == "draft"
    assert invoice.number == ""
    assert [row.net_amount for row in lines_of(invoice)] == [Decimal("20.06"), Decimal("50.00")]
