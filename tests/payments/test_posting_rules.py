"""The posting tables of money as exact lines (docs/posting-rules.md; accounting.md section 4: R1 to R5, P10 to P13, S11)."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from payments.posting import (
    MoneyFacts,
    Party,
    SettlementFacts,
    allocation_moves,
    post_money,
    post_settlement,
    turned,
)
from payments.settlement import Item, Part, settle
from payments.sides import CUSTOMER, SUPPLIER

D = Decimal
TILL = uuid.UUID(int=1)
DAY = dt.date(2026, 1, 31)


def money(side=CUSTOMER, *, direction=None, currency="SAR", rate="1", amount="100", **fields):
    """Return the facts of a payment; base = amount x rate."""
    facts = {
        "base_amount": (D(amount) * D(rate)).quantize(D("0.01")),
        "direction": direction or side.money,
    }
    return MoneyFacts(
        payment_id=uuid.UUID(int=3),
        number="REC-1",
        date=DAY,
        account_id=TILL,
        party=Party(side, uuid.UUID(int=2)),
        currency=currency,
        rate=D(rate),
        amount=D(amount),
        **(facts | fields),
    )


def item(kind, *, currency="SAR", rate="1", open_amount="100", carrying=None):
    value = D(carrying) if carrying else (D(open_amount) * D(rate)).quantize(D("0.01"))
    return Item(kind, uuid.uuid4(), kind, DAY, DAY, currency, D(rate), D(open_amount), value)


def lines(draft):
    """Return (account, debit, credit, currency, amount) of each line, sorted."""
    return sorted(
        (
            line.role or "account",
            f"{line.debit:.2f}",
            f"{line.credit:.2f}",
            line.currency,
            f"{line.amount_currency:.2f}",
        )
        for line in draft.lines
    )


def together(facts, source, target, part):
    row = settle(source, target, part, base_currency="SAR")
    return lines(post_money(facts, allocation_moves([row], facts.party, base_currency="SAR")))


def alone(side, source, target, part, *, is_advance=False):
    row = settle(source, target, part, base_currency="SAR")
    moves = allocation_moves(
        [row], Party(side, uuid.UUID(int=2)), base_currency="SAR", is_advance=is_advance
    )
    return moves, post_settlement(
        SettlementFacts(uuid.uuid4(), DAY, "X", source.currency, source.rate, "REC"), moves
    )


def test_receipt_debits_the_till_and_credits_the_customer():
    draft = post_money(money(currency="USD", rate="3.75"))

    assert lines(draft) == [
        ("account", "375.00", "0.00", "USD", "100.00"),
        ("ar_control", "0.00", "375.00", "USD", "-100.00"),
    ]
    assert (draft.book, draft.purpose) == ("REC", "post")
    assert draft.lines[1].party_kind == "customer"


def test_payment_debits_the_supplier_and_credits_the_bank():
    draft = post_money(money(SUPPLIER))

    assert draft.book == "PAY"
    assert lines(draft) == [
        ("account", "0.00", "100.00", "SAR", "-100.00"),
        ("ap_control", "100.00", "0.00", "SAR", "100.00"),
    ]


def test_withheld_tax_is_owed_to_the_authority():
    """P11: D payables 1,000.00, C bank 950.00, C withholding tax 50.00."""
    facts = money(SUPPLIER, amount="950", withholding=D(50), base_withholding=D(50))

    assert lines(post_money(facts)) == [
        ("account", "0.00", "950.00", "SAR", "-950.00"),
        ("ap_control", "1000.00", "0.00", "SAR", "1000.00"),
        ("wht_payable", "0.00", "50.00", "SAR", "-50.00"),
    ]


def test_advance_stands_apart_until_it_is_used():
    """P13: D advances, C bank; used: D payables, C advances."""
    facts = money(SUPPLIER, is_advance=True)
    assert lines(post_money(facts))[1][:2] == ("supplier_advances", "100.00")

    _, draft = alone(SUPPLIER, item("payment"), item("bill"), Part(TILL, D(60)), is_advance=True)
    assert lines(draft) == [
        ("ap_control", "60.00", "0.00", "SAR", "60.00"),
        ("supplier_advances", "0.00", "60.00", "SAR", "-60.00"),
    ]


@pytest.mark.parametrize(
    ("side", "direction", "control"),
    [(CUSTOMER, "out", ("ar_control", "100.00")), (SUPPLIER, "in", ("ap_control", "0.00"))],
)
def test_refund_turns_the_sides(side, direction, control):
    """R5: D receivables, C bank; from a supplier D bank, C payables."""
    draft = post_money(money(side, direction=direction))

    assert lines(draft)[1][:2] == control


def test_foreign_receipt_realises_its_gain_in_the_same_entry():
    """R2: EUR 500.00 at 4.0620 for an invoice at 4.0512."""
    facts = money(currency="EUR", rate="4.0620", amount="500", base_amount=D("2031.00"))
    source = item("payment", currency="EUR", rate="4.0620", open_amount="500")
    target = item("invoice", currency="EUR", rate="4.0512", open_amount="1150", carrying="4658.88")

    assert together(facts, source, target, Part(target.id, D(500))) == [
        ("account", "2031.00", "0.00", "EUR", "500.00"),
        ("ar_control", "0.00", "2025.60", "EUR", "-500.00"),
        ("fx_gain_realised", "0.00", "5.40", "EUR", "0.00"),
    ]
    assert (target.open_amount, target.carrying) == (D(650), D("2633.28"))


def test_what_a_receivable_gains_a_payable_loses():
    source = item("payment", currency="EUR", rate="4.0620", open_amount="500")
    target = item("bill", currency="EUR", rate="4.0512", open_amount="1150", carrying="4658.88")
    _, draft = alone(SUPPLIER, source, target, Part(target.id, D(500)))

    assert lines(draft) == [
        ("ap_control", "0.00", "5.40", "EUR", "0.00"),
        ("fx_loss_realised", "5.40", "0.00", "EUR", "0.00"),
    ]


def test_third_currency_relieves_what_the_user_states():
    """SAR 4,000.00 settles EUR 985.00: relieved 3,990.43, gain 9.57, left EUR 15.00 = 60.77."""
    facts = money(amount="4000", base_amount=D(4000))
    source = item("payment", open_amount="4000")
    target = item("invoice", currency="EUR", rate="4.0512", open_amount="1000", carrying="4051.20")

    assert together(facts, source, target, Part(target.id, D(985), D(4000))) == [
        ("account", "4000.00", "0.00", "SAR", "4000.00"),
        ("ar_control", "0.00", "3990.43", "EUR", "-985.00"),
        ("fx_gain_realised", "0.00", "9.57", "SAR", "-9.57"),
    ]
    assert (target.open_amount, target.carrying) == (D(15), D("60.77"))


def test_discount_without_credit_note_is_borne_whole():
    """S11: D discount t, C receivables; the bank brings the rest."""
    facts = money(amount="1127", base_amount=D(1127))
    source = item("payment", open_amount="1127")
    target = item("invoice", open_amount="1150")

    assert together(facts, source, target, Part(target.id, D(1150), discount=D(23))) == [
        ("account", "1127.00", "0.00", "SAR", "1127.00"),
        ("ar_control", "0.00", "1150.00", "SAR", "-1150.00"),
        ("settlement_discount_allowed", "23.00", "0.00", "SAR", "23.00"),
    ]


def test_discount_received_is_a_rebate():
    source, target = item("payment", open_amount="980"), item("bill", open_amount="1000")
    _, draft = alone(SUPPLIER, source, target, Part(target.id, D(1000), discount=D(20)))

    assert lines(draft) == [
        ("ap_control", "20.00", "0.00", "SAR", "20.00"),
        ("supplier_rebates", "0.00", "20.00", "SAR", "-20.00"),
    ]


def test_small_difference_closes_the_document():
    """R4: D small differences, C receivables."""
    source, target = item("payment", open_amount="99.60"), item("invoice", open_amount="100")
    _, draft = alone(CUSTOMER, source, target, Part(target.id, D(100), write_off=D("0.40")))

    assert lines(draft) == [
        ("ar_control", "0.00", "0.40", "SAR", "-0.40"),
        ("small_difference_write_off", "0.40", "0.00", "SAR", "0.40"),
    ]
    assert target.open_amount == 0


def test_allocation_at_equal_rates_has_no_journal_and_its_undoing_none():
    moves, draft = alone(CUSTOMER, item("payment"), item("invoice"), Part(TILL, D(50)))

    assert draft is None
    facts = SettlementFacts(uuid.uuid4(), DAY, "X", "SAR", D(1), "REC")
    assert post_settlement(facts, turned(moves)) is None


def test_undoing_mirrors_the_differences():
    source = item("payment", currency="EUR", rate="4.0620", open_amount="500")
    target = item("invoice", currency="EUR", rate="4.0512", open_amount="500")
    moves, draft = alone(CUSTOMER, source, target, Part(target.id, D(500)))
    back = post_settlement(
        SettlementFacts(uuid.uuid4(), DAY, "X", "EUR", D(1), "REC"), turned(moves)
    )

    assert [(line.role, line.debit, line.credit) for line in back.lines] == [
        (line.role, line.credit, line.debit) for line in draft.lines
    ]
