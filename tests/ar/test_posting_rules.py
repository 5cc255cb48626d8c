"""The posting table of receivables as exact lines (docs/posting-rules.md; accounting.md section 4: S1, S3 to S5)."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from ar.posting import RevenueShare, SaleFacts, VatShare, post_credit_note, post_invoice

PARTY = uuid.UUID(int=7)


def facts(
    *, currency="SAR", rate="1", revenue=(("revenue_standard", "S15", "100"),), vat=(("15"),)
):
    nets = tuple(RevenueShare(role, code, Decimal(net)) for role, code, net in revenue)
    taxes = tuple(VatShare("vat_output", "S15", Decimal("100"), Decimal(tax)) for tax in vat)
    tax = sum((share.tax for share in taxes), Decimal(0))
    return SaleFacts(
        source_kind="ar.invoice",
        source_id=uuid.UUID(int=1),
        number="INV-1",
        date=dt.date(2026, 1, 31),
        party_id=PARTY,
        currency=currency,
        rate=Decimal(rate),
        base_currency="SAR",
        total=sum((share.net for share in nets), Decimal(0)) + tax,
        tax=tax,
        revenue=nets,
        vat=taxes,
    )


def lines(draft):
    return [(line.role, str(line.debit), str(line.credit)) for line in draft.lines]


def test_invoice_debits_the_customer_and_credits_revenue_and_vat():
    draft, amounts = post_invoice(facts())

    assert lines(draft) == [
        ("ar_control", "115", "0"),
        ("revenue_standard", "0", "100"),
        ("vat_output", "0", "15"),
    ]
    assert draft is not None
    assert (amounts.total, amounts.tax) == (Decimal(115), Decimal(15))
    assert (draft.book, draft.total) == ("SAL", Decimal(115))
    assert (draft.lines[0].party_kind, draft.lines[0].party_id) == ("customer", PARTY)


def test_revenue_is_split_by_vat_code():
    draft, _ = post_invoice(
        facts(
            revenue=(
                ("revenue_standard", "S15", "100"),
                ("revenue_zero", "SZMED", "40"),
                ("revenue_export", "SXG", "60"),
            )
        )
    )

    assert lines(draft)[1:4] == [
        ("revenue_standard", "0", "100"),
        ("revenue_zero", "0", "40"),
        ("revenue_export", "0", "60"),
    ]
    assert draft is not None
    assert [line.tax_code for line in draft.lines[1:]] == ["S15", "SZMED", "SXG", "S15"]


def test_credit_note_is_the_other_way_round():
    draft, _ = post_credit_note(facts())

    assert lines(draft) == [
        ("ar_control", "0", "115"),
        ("sales_returns", "100", "0"),
        ("vat_output", "15", "0"),
    ]


def test_foreign_document_is_booked_at_its_rate_and_keeps_its_amounts():
    draft, amounts = post_invoice(
        facts(
            currency="EUR",
            rate="4.0512",
            revenue=(("revenue_standard", "S15", "1000"),),
            vat=("150",),
        )
    )

    assert lines(draft) == [
        ("ar_control", "4658.88", "0"),
        ("revenue_standard", "0", "4051.20"),
        ("vat_output", "0", "607.68"),
    ]
    assert draft is not None
    assert [str(line.amount_currency) for line in draft.lines] == ["1150", "-1000", "-150"]
    assert amounts.total - amounts.tax == Decimal("4051.20")


@pytest.mark.parametrize("rule", [post_invoice, post_credit_note])
def test_document_of_nothing_has_no_journal(rule):
    draft, amounts = rule(facts(revenue=(("revenue_standard", "S15", "0"),), vat=()))

    assert (draft, amounts.total) == (None, 0)
