"""The posting table of payables as exact lines (docs/posting-rules.md; accounting.md section 4: P4 to P9, G1)."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from ap.posting import CostShare, PurchaseFacts, TaxWay, post_bill, post_supplier_credit
from ap.prepaid import lowered, months_of

PARTY, RENT, PREPAID, LINE = (uuid.UUID(int=n) for n in (7, 8, 9, 10))


def share(way=TaxWay.INPUT, net="100", tax="15", **fields):
    ways: dict[TaxWay, dict[str, Any]] = {
        TaxWay.INPUT: {"tax_code": "P15", "vat_role": "vat_input", "rate": Decimal(15)},
        TaxWay.COST: {"tax_code": "P15NR", "rate": Decimal(15)},
        TaxWay.NONE: {"tax_code": "PZ"},
        TaxWay.REVERSE: {
            "tax_code": "PRC",
            "vat_role": "vat_input_rc",
            "counter_role": "vat_output_rc",
            "rate": Decimal(15),
        },
        TaxWay.CUSTOMS: {
            "tax_code": "PIMP",
            "vat_role": "vat_input_customs",
            "rate": Decimal(15),
        },
    }
    if "account_id" not in fields:
        fields.setdefault("role", "inventory")
    return CostShare(way=way, net=Decimal(net), tax=Decimal(tax), **{**ways[way], **fields})


def facts(*shares, currency="SAR", rate="1", base=None):
    total = sum((one.net + one.tax for one in shares), Decimal(0))
    return PurchaseFacts(
        source_kind="ap.bill",
        source_id=uuid.UUID(int=1),
        number="BILL-1",
        date=dt.date(2026, 1, 31),
        party_id=PARTY,
        currency=currency,
        rate=Decimal(rate),
        base_currency="SAR",
        total=total,
        shares=shares,
        base=base,
    )


def lines(draft):
    return [
        (line.role or line.account_id, str(line.debit), str(line.credit)) for line in draft.lines
    ]


def test_bill_for_goods_debits_inventory_and_input_vat():
    """P4."""
    posted = post_bill(facts(share()))

    assert lines(posted.draft) == [
        ("inventory", "100", "0"),
        ("vat_input", "15", "0"),
        ("ap_control", "0", "115"),
    ]
    assert (posted.draft.book, posted.total, posted.tax) == ("PUR", Decimal(115), Decimal(15))
    control = posted.draft.lines[-1]
    assert (control.party_kind, control.party_id) == ("supplier", PARTY)
    assert [(one.tax_code, one.taxable_amount) for one in posted.draft.lines[:2]] == [
        ("P15", Decimal(100)),
        ("P15", Decimal(100)),
    ]


def test_vat_that_is_not_recovered_becomes_cost():
    """P5 with code P15NR."""
    posted = post_bill(facts(share(TaxWay.COST, account_id=RENT)))

    assert lines(posted.draft) == [(RENT, "115", "0"), ("ap_control", "0", "115")]


def test_goods_from_abroad_have_no_vat_on_the_bill():
    """P7."""
    posted = post_bill(facts(share(TaxWay.NONE, "500", "0"), currency="EUR", rate="4.06"))

    assert lines(posted.draft) == [("inventory", "2030.00", "0"), ("ap_control", "0", "2030.00")]
    assert [one.amount_currency for one in posted.draft.lines] == [Decimal(500), Decimal(-500)]


def test_reverse_charge_books_both_sides_on_the_net_in_base_currency():
    """P8."""
    posted = post_bill(facts(share(TaxWay.REVERSE, "2000", "0", account_id=RENT)))

    assert lines(posted.draft) == [
        (RENT, "2000", "0"),
        ("vat_input_rc", "300.00", "0"),
        ("vat_output_rc", "0", "300.00"),
        ("ap_control", "0", "2000"),
    ]
    assert {one.taxable_amount for one in posted.draft.lines[:3]} == {Decimal(2000)}
    assert posted.tax == 0


def test_customs_line_is_the_vat_itself():
    """P7: the declaration's value is what the VAT was computed on."""
    posted = post_bill(facts(share(TaxWay.CUSTOMS, "304.50", "0", customs_value=Decimal("2030"))))

    assert lines(posted.draft) == [
        ("vat_input_customs", "304.50", "0"),
        ("ap_control", "0", "304.50"),
    ]
    assert posted.draft.lines[0].taxable_amount == Decimal(2030)


def test_customs_value_follows_from_the_vat_where_it_was_not_typed():
    posted = post_bill(facts(share(TaxWay.CUSTOMS, "304.50", "0")))

    assert posted.draft.lines[0].taxable_amount == Decimal("2030.00")


def test_credit_is_the_other_way_round():
    """P9."""
    posted = post_supplier_credit(
        facts(share(), share(TaxWay.REVERSE, "100", "0", account_id=RENT))
    )

    assert lines(posted.draft) == [
        ("inventory", "0", "100"),
        (RENT, "0", "100"),
        ("vat_input", "0", "15"),
        ("vat_input_rc", "0", "15.00"),
        ("vat_output_rc", "15.00", "0"),
        ("ap_control", "215", "0"),
    ]


def test_prepaid_line_waits_on_its_prepaid_account():
    """P5, G1."""
    prepaid = share(
        net="9000", tax="1350", account_id=RENT, prepaid_account_id=PREPAID, prepaid_line_id=LINE
    )
    posted = post_bill(facts(prepaid))

    assert lines(posted.draft) == [
        (PREPAID, "9000", "0"),
        ("vat_input", "1350", "0"),
        ("ap_control", "0", "10350"),
    ]
    assert posted.waiting == {LINE: Decimal(9000)}


def test_credit_takes_from_the_months_to_come_first():
    prepaid = share(
        net="9000",
        tax="1350",
        account_id=RENT,
        prepaid_account_id=PREPAID,
        prepaid_line_id=LINE,
        waiting=Decimal(6000),
    )
    posted = post_supplier_credit(facts(prepaid))

    assert lines(posted.draft)[:2] == [(PREPAID, "0", "6000"), (RENT, "0", "3000")]
    assert posted.waiting == {LINE: Decimal(6000)}


def test_last_credit_takes_what_is_left_of_the_base_amounts():
    """EUR 100.01 at 4.0512 is 405.16; credits of 33.33, 33.34 and 33.34 leave nothing."""
    part = share(TaxWay.NONE, "33.34", "0")
    posted = post_supplier_credit(
        facts(part, currency="EUR", rate="4.0512", base=(Decimal("135.06"), Decimal(0)))
    )

    assert posted.total == Decimal("135.06")


def test_bill_of_nothing_has_no_journal():
    assert post_bill(facts(share(net="0", tax="0"))).draft is None


def test_months_are_equal_and_the_last_takes_the_residue():
    """G1."""
    months = months_of(Decimal(100), start=dt.date(2026, 1, 1), months=3, currency="SAR")

    assert months == [
        (dt.date(2026, 1, 31), Decimal("33.33")),
        (dt.date(2026, 2, 28), Decimal("33.33")),
        (dt.date(2026, 3, 31), Decimal("33.34")),
    ]
    few = months_of(Decimal("0.05"), start=dt.date(2026, 12, 1), months=10, currency="SAR")
    assert [amount for _, amount in few] == [Decimal("0.00")] * 9 + [Decimal("0.05")]
    assert few[1][0] == dt.date(2027, 1, 31)


def test_credit_lowers_the_months_in_proportion():
    assert lowered([Decimal(3000), Decimal(3000)], Decimal("1000.01"), "SAR") == [
        Decimal("2499.99"),
        Decimal("2500.00"),
    ]
    assert lowered([], Decimal(0), "SAR") == []
