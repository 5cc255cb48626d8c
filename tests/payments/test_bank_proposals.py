"""Proposals for bank lines: what is found, why, and how sure (issue 3, item 7). Pure."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from payments.bank.matching import mentions, proposals, same_name
from payments.bank.posting import (
    LinePosting,
    VatCode,
    post_settlement,
    post_to_account,
)
from payments.bank.proposals import (
    SURE,
    Booking,
    Candidates,
    CardReceipt,
    LineFacts,
    OpenDocument,
    OwnAccount,
    OwnLine,
    Party,
    RuleFacts,
)

D = Decimal
DAY = dt.date(2026, 1, 24)
BANK, CARD, OTHER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
ALFA = Party("customer", uuid.uuid4(), "Alfa Trading Company", "شركة ألفا للتجارة")
BETA = Party("supplier", uuid.uuid4(), "Beta Supplies", "", frozenset({"SA0380000000608010167519"}))


def line(amount, text="", *, day=DAY, **fields):
    return LineFacts(uuid.uuid4(), BANK, day, D(amount), "SAR", text, **fields)


def booking(amount, days=0, **fields):
    return Booking(uuid.uuid4(), DAY - dt.timedelta(days=days), D(amount), **fields)


def document(amount, number, party=ALFA, days=10, **fields):
    day = DAY - dt.timedelta(days=days)
    return OpenDocument(uuid.uuid4(), party, number, day, day, D(amount), **fields)


def best(of, **among):
    return proposals(of, Candidates(**{key: tuple(value) for key, value in among.items()}))


def reasons(proposal):
    return {one.key for one in proposal.reasons}


@pytest.mark.parametrize(
    ("text", "number", "found"),
    [
        ("payment inv-2026-00012 thanks", "INV-2026-00012", True),
        ("INV 2026 00012", "INV-2026-00012", True),
        ("INV202600012", "INV-2026-00012", True),
        ("INV-2026-000123", "INV-2026-00012", False),
        ("XINV-2026-00012", "INV-2026-00012", False),
        ("invoice 7", "7", False),
        ("ABCDE", "ABCDE", False),
        ("anything", "", False),
    ],
)
def test_a_number_is_found_however_it_is_written_and_never_inside_another(text, number, found):
    assert mentions(text, number) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("FROM ALFA TRADING CO RIYADH", True),
        ("حوالة من شركة الفا للتجارة", True),
        ("FROM THE TRADING COMPANY", False),
        ("ALFALFA FARMS", False),
    ],
)
def test_a_party_is_told_by_the_words_that_are_its_own(text, found):
    assert same_name(text, ALFA) is found


def test_the_only_booking_of_the_amount_with_its_reference_is_sure():
    one = booking("115", 1, number="REC-2026-00001", reference="TT-99812")

    (found,) = best(line("115", "TRANSFER TT-99812"), bookings=[one])

    assert found.method == "booked"
    assert found.entries == (one.entry_id,)
    assert found.is_sure
    assert {"only_amount", "reference", "near_days"} <= reasons(found)


def test_two_bookings_of_one_amount_are_left_to_a_person():
    found = best(line("115"), bookings=[booking("115"), booking("115")])

    assert len(found) == 2
    assert not any(one.is_sure for one in found)


def test_a_booking_far_away_is_no_proposal():
    assert best(line("115"), bookings=[booking("115", 60)]) == []


def test_a_paying_in_slip_is_several_bookings_of_one_day():
    slip = [booking("100", 1), booking("50", 1), booking("30", 2)]

    found = best(line("150"), bookings=slip)

    assert found[0].entries == (slip[0].entry_id, slip[1].entry_id)
    assert "sum" in reasons(found[0])


def test_a_named_invoice_with_its_amount_is_sure():
    one = document("115", "INV-2026-00012")

    (found,) = best(line("115", "INV-2026-00012 from ALFA"), documents=[one])

    assert (found.method, found.documents, found.party) == ("payment", ((one.id, D(115)),), ALFA)
    assert found.is_sure


def test_several_named_invoices_are_paid_together():
    some = [document("115", "INV-2026-00012"), document("230", "INV-2026-00013")]

    found = best(line("345", "INV-2026-00012 INV-2026-00013"), documents=some)

    assert found[0].is_sure
    assert dict(found[0].documents) == {some[0].id: D(115), some[1].id: D(230)}


def test_part_of_a_named_invoice_is_proposed_but_not_sure():
    one = document("115", "INV-2026-00012")

    (found,) = best(line("100", "INV-2026-00012"), documents=[one])

    assert found.documents == ((one.id, D(100)),)
    assert SURE > found.score >= 70
    assert "part" in reasons(found)


def test_more_than_a_named_invoice_stays_on_account():
    one = document("115", "INV-2026-00012")

    (found,) = best(line("120", "INV-2026-00012"), documents=[one])

    assert found.documents == ((one.id, D(115)),)
    assert "on_account" in reasons(found)


def test_a_bill_is_found_by_the_suppliers_own_number():
    one = document("57.50", "BILL-2026-00001", BETA, their_number="B-7781")

    found = best(line("-57.50", "PAID B-7781"), documents=[one])

    assert (found[0].method, found[0].documents) == ("payment", ((one.id, D("57.50")),))


def test_a_known_account_finds_the_documents_of_its_party():
    some = [document("100", "BILL-1", BETA, 20), document("50", "BILL-2", BETA, 10)]
    paid = line("-150", "X", party_account="SA03 8000 0000 6080 1016 7519")

    found = best(paid, documents=some, parties=[BETA])

    assert {key for key, _ in found[0].documents} == {one.id for one in some}
    assert "party_account" in reasons(found[0])


def test_money_in_never_pays_a_bill():
    assert best(line("57.50", "B-7781"), documents=[document("57.50", "B-7781", BETA)]) == []


def test_an_amount_alone_is_a_guess():
    (found,) = best(line("115"), documents=[document("115", "INV-2026-00012")])

    assert found.score <= 60


def test_a_rule_takes_text_sign_account_and_amount():
    rule = RuleFacts(uuid.uuid4(), "Charges", "service fee", "out", BANK, D(1), D(100))

    (found,) = best(line("-57.50", "Monthly SERVICE FEE 01/26"), rules=[rule])
    assert (found.rule_id, found.is_sure) == (rule.id, True)
    assert best(line("57.50", "service fee"), rules=[rule]) == []
    assert best(line("-157.50", "service fee"), rules=[rule]) == []
    assert best(line("-57.50", "rent"), rules=[rule]) == []


def test_a_rule_in_arabic_ignores_spelling_habits():
    rule = RuleFacts(uuid.uuid4(), "رسوم", "رسوم الحوالة")

    assert best(line("-5", "رسوم الحواله رقم ١٢"), rules=[rule])


def test_a_transfer_is_the_opposite_line_of_another_account():
    own = OwnLine(uuid.uuid4(), OTHER, "BANK2", DAY, D(500))
    account = OwnAccount(OTHER, "BANK2", frozenset({"SA4420000001234567891234"}))

    (found,) = best(
        line("-500", "TO SA44 2000 0001 2345 6789 1234"), own_lines=[own], own_accounts=[account]
    )

    assert (found.method, found.own_line_id, found.is_sure) == ("transfer", own.id, True)


def test_card_receipts_less_a_fee_are_a_settlement():
    """The golden BNK-1: 29.97 by mada, 29.69 paid out."""
    receipt = CardReceipt(uuid.uuid4(), CARD, DAY - dt.timedelta(days=1), D("29.97"))

    (found,) = best(line("29.69", "MADA POS SETTLEMENT"), receipts=[receipt])

    assert (found.method, found.gross, found.entries) == (
        "settlement",
        D("29.97"),
        (receipt.entry_id,),
    )
    assert found.is_sure


def test_a_fee_of_more_than_four_percent_is_no_settlement():
    receipt = CardReceipt(uuid.uuid4(), CARD, DAY, D("29.97"))

    assert best(line("28.00", "MADA"), receipts=[receipt]) == []


def test_the_opening_balance_is_all_that_was_booked_before():
    some = [booking("1000", 10), booking("-100", 5)]

    found = best(line("900", is_opening=True), bookings=some)

    assert set(found[0].entries) == {one.entry_id for one in some}
    assert found[0].is_sure


# journals


def facts(amount):
    return LinePosting(uuid.uuid4(), DAY, BANK, D(amount), "SAR", D(1), "SAR")


def sides(draft):
    return [
        (one.role or one.account_id, one.debit - one.credit, one.tax_code, one.taxable_amount)
        for one in draft.lines
    ]


P15 = VatCode("P15", D(15), "vat_input")


def test_card_settlement_is_the_golden_journal():
    """R3, BNK-1: D bank 29.69, D fees 0.24, D input VAT 0.04, C clearing 29.97."""
    draft = post_settlement(facts("29.69"), clearing_account_id=CARD, gross=D("29.97"), vat=P15)

    assert sides(draft) == [
        (BANK, D("29.69"), "", None),
        ("card_fees", D("0.24"), "P15", D("0.24")),
        ("vat_input", D("0.04"), "P15", D("0.24")),
        (CARD, D("-29.97"), "", None),
    ]


def test_settlement_without_a_fee_has_two_lines():
    draft = post_settlement(facts("29.97"), clearing_account_id=CARD, gross=D("29.97"), vat=P15)

    assert len(draft.lines) == 2


def test_bank_charges_split_their_vat():
    draft = post_to_account(facts("-57.50"), account_id=OTHER, vat=P15)

    assert sides(draft) == [
        (BANK, D("-57.50"), "", None),
        (OTHER, D("50.00"), "P15", D("50.00")),
        ("vat_input", D("7.50"), "P15", D("50.00")),
    ]
    assert draft.book == "PAY"


def test_exempt_interest_carries_its_code_and_taxable_amount():
    exempt = VatCode("SE", D(0))

    assert sides(post_to_account(facts("12.00"), account_id=OTHER, vat=exempt)) == [
        (BANK, D("12.00"), "", None),
        (OTHER, D("-12.00"), "SE", D("12.00")),
    ]


def test_reverse_charge_books_both_sides_on_top():
    code = VatCode("PRC", D(15), "vat_input_rc", "vat_output_rc")

    assert sides(post_to_account(facts("-100.00"), account_id=OTHER, vat=code)) == [
        (BANK, D("-100.00"), "", None),
        (OTHER, D("100.00"), "PRC", D("100.00")),
        ("vat_input_rc", D("15.00"), "PRC", D("100.00")),
        ("vat_output_rc", D("-15.00"), "PRC", D("100.00")),
    ]
