"""Matching bank lines: what is booked, what is posted, once each, and undone (issue 3, item 7; R3, R6, T2)."""

import datetime as dt
from decimal import Decimal

import pytest

from core.dates import local_today
from ledger.models import Account, JournalEntry, JournalLine
from payments.bank.errors import (
    AccountRefused,
    MatchDiffers,
    MatchUndone,
)
from payments.models import BankLine, BankMatch, MatchRule, Payment, PaymentAccount
from payments.selectors.bank_bookings import unreconciled
from payments.services.bank_lines import (
    bank_line_match,
    bank_line_pay,
    bank_line_post,
    bank_line_settle,
    bank_line_suspend,
    bank_line_transfer,
)
from payments.services.bank_proposals import (
    bank_line_accept,
    proposals_for,
)
from payments.services.bank_undo import bank_match_undo
from payments.services.reversing import payment_void
from tests.builders import fresh, payment, posted_invoice
from tests.database import check_now
from tests.payments.bank import bank_account, bank_lines, mt940, second_account, take

pytestmark = pytest.mark.django_db
D = Decimal


def entry_of(paid):
    return JournalEntry.objects.get(source_id=paid.pk, purpose="post")


def journal(entry_id):
    return {
        (row.account.role or row.account.code): row.debit - row.credit
        for row in JournalLine.objects.filter(entry_id=entry_id).select_related("account")
    }


def loose():
    return [one.amount for one in unreconciled(bank_account().pk, until=dt.date(2100, 1, 1))]


def best(line):
    return proposals_for(line.payment_account, [line])[line.pk][0]


def test_a_registered_payment_is_matched_and_nothing_is_posted(in_company_a, owner):
    paid = payment(owner, in_company_a.customer, 115, account=bank_account(), reference="TT-99812")
    (line,) = bank_lines(("115", "TT-99812"), actor=owner)
    entries = JournalEntry.objects.count()

    found = best(line)
    assert found.is_sure
    match = bank_line_accept(line_id=line.pk, key=found.key, actor=owner)
    check_now()

    assert match.method == "booked"
    assert match.items.get().entry_id == entry_of(paid).pk
    assert JournalEntry.objects.count() == entries
    assert loose() == []
    line.refresh_from_db()
    assert line.is_matched


def test_a_named_invoice_is_paid_with_one_click(in_company_a, owner):
    invoice = posted_invoice(owner, in_company_a.customer)
    (line,) = bank_lines(("115", f"PAYMENT {invoice.number}"), actor=owner)

    match = bank_line_accept(line_id=line.pk, key=best(line).key, actor=owner)
    check_now()

    assert fresh(invoice).status == "paid"
    paid = Payment.objects.get()
    assert (paid.amount, paid.date, paid.payment_account_id) == (
        D(115),
        line.date,
        line.payment_account_id,
    )
    assert match.payment_id == paid.pk


def test_several_invoices_are_paid_by_one_line(in_company_a, owner):
    some = [posted_invoice(owner, in_company_a.customer) for _ in range(2)]
    text = " ".join(one.number for one in some)
    (line,) = bank_lines(("230", text), actor=owner)

    bank_line_accept(line_id=line.pk, key=best(line).key, actor=owner)

    assert [fresh(one).status for one in some] == ["paid", "paid"]


def test_who_paid_from_an_account_before_is_known(in_company_a, owner):
    first = posted_invoice(owner, in_company_a.customer)
    bank_account()
    camt = """<Document><BkToCstmrStmt><Stmt><Id>{n}</Id><Acct><Id><IBAN>SA0380000000608010167519</IBAN></Id></Acct>
    <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="SAR">{a}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{d}</Dt></Dt></Bal>
    <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="SAR">{b}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{d}</Dt></Dt></Bal>
    <Ntry><Amt Ccy="SAR">115</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{d}</Dt></BookgDt><AcctSvcrRef>{n}</AcctSvcrRef>
    <NtryDtls><TxDtls><RltdPties><DbtrAcct><Id><IBAN>SA4420000001234567891234</IBAN></Id></DbtrAcct></RltdPties></TxDtls></NtryDtls></Ntry>
    </Stmt></BkToCstmrStmt></Document>"""
    day = local_today().isoformat()
    take(owner, camt.format(n="A", a=0, b=115, d=day))
    line = BankLine.objects.get()
    bank_line_pay(
        line_id=line.pk,
        party_kind="customer",
        party_id=in_company_a.customer.pk,
        allocations=[(first.pk, D(115))],
        actor=owner,
    )
    second = posted_invoice(owner, in_company_a.customer)

    take(owner, camt.format(n="B", a=115, b=230, d=day))

    found = best(BankLine.objects.get(is_matched=False))
    assert found.party.id == in_company_a.customer.pk
    assert found.documents == ((second.pk, D(115)),)
    assert "party_account" in {one.key for one in found.reasons}


def test_a_rule_posts_charges_with_their_vat(in_company_a, owner):
    charges = Account.objects.get(role="bank_charges")
    rule = MatchRule.objects.create(
        name="Charges", text="service fee", sign="out", account=charges, tax_code="P15"
    )
    (line,) = bank_lines(("-57.50", "MONTHLY SERVICE FEE"), actor=owner)

    found = best(line)
    match = bank_line_accept(line_id=line.pk, key=found.key, actor=owner)
    check_now()

    assert match.rule_id == rule.pk
    assert journal(match.entry_id) == {
        "bank_main": D("-57.50"),
        "bank_charges": D(50),
        "vat_input": D("7.50"),
    }
    entry = JournalEntry.objects.get(pk=match.entry_id)
    assert (entry.source_kind, entry.source_id, entry.book) == (
        "payments.bank_line",
        match.pk,
        "PAY",
    )
    vat = JournalLine.objects.get(entry_id=entry.pk, account__role="vat_input")
    assert (vat.tax_code, vat.taxable_amount) == ("P15", D(50))


def test_tax_paid_to_the_authority_is_posted_to_its_account(in_company_a, owner):
    """T2."""
    account = Account.objects.get(role="vat_settlement")
    (line,) = bank_lines(("-1000", "ZATCA SADAD"), actor=owner)

    match = bank_line_post(line_id=line.pk, account_id=account.pk, actor=owner)

    assert journal(match.entry_id) == {"bank_main": D(-1000), "vat_settlement": D(1000)}


def test_control_accounts_take_no_bank_line(in_company_a, owner):
    (line,) = bank_lines(("-57.50", "X"), actor=owner)

    for role in ("ar_control", "ap_control"):
        with pytest.raises(AccountRefused) as caught:
            bank_line_post(
                line_id=line.pk, account_id=Account.objects.get(role=role).pk, actor=owner
            )
        assert caught.value.field == "account"


def test_card_settlement_is_the_golden_case(in_company_a, owner):
    """BNK-1: 29.97 by mada; the bank pays 29.69; fee 0.24 and VAT 0.04."""
    card = PaymentAccount.objects.get(code="CARD")
    receipt = payment(owner, in_company_a.customer, "29.97", account=card)
    (line,) = bank_lines(("29.69", "MADA POS SETTLEMENT"), actor=owner)

    found = best(line)
    assert found.is_sure
    match = bank_line_accept(line_id=line.pk, key=found.key, actor=owner)
    check_now()

    assert journal(match.entry_id) == {
        "bank_main": D("29.69"),
        "card_fees": D("0.24"),
        "vat_input": D("0.04"),
        "card_clearing": D("-29.97"),
    }
    assert unreconciled(card.pk, until=local_today()) == []
    assert entry_of(receipt).pk in {item.entry_id for item in match.items.all()}


def test_a_settlement_of_more_than_was_received_is_refused(in_company_a, owner):
    card = PaymentAccount.objects.get(code="CARD")
    receipt = payment(owner, in_company_a.customer, "20", account=card)
    (line,) = bank_lines(("29.69", "MADA"), actor=owner)

    with pytest.raises(MatchDiffers):
        bank_line_settle(
            line_id=line.pk,
            entries=[entry_of(receipt).pk],
            payment_account_id=card.pk,
            actor=owner,
        )


def test_a_transfer_matches_both_lines_with_one_entry(in_company_a, owner):
    other = second_account()
    (out,) = bank_lines(("-500", "TRANSFER"), actor=owner)
    take(owner, mt940([("500", "TRANSFER")], name="B2", iban=other.iban))
    arrived = BankLine.objects.get(payment_account_id=other.pk)

    match = bank_line_accept(line_id=out.pk, key=best(out).key, actor=owner)
    check_now()

    arrived.refresh_from_db()
    assert arrived.is_matched
    assert journal(match.entry_id) == {"bank_main": D(-500), "1140": D(500)}
    assert BankMatch.objects.count() == 2


def test_undoing_one_side_of_a_transfer_opens_both(in_company_a, owner):
    other = second_account()
    (out,) = bank_lines(("-500", "TRANSFER"), actor=owner)
    take(owner, mt940([("500", "TRANSFER")], name="B2", iban=other.iban))
    arrived = BankLine.objects.get(payment_account_id=other.pk)
    match = bank_line_transfer(
        line_id=out.pk, payment_account_id=other.pk, own_line_id=arrived.pk, actor=owner
    )

    bank_match_undo(match_id=match.pk, actor=owner)
    check_now()

    assert not BankLine.objects.filter(is_matched=True).exists()
    assert loose() == []


def test_a_transfer_whose_other_line_is_not_there_yet_is_found_by_it_later(in_company_a, owner):
    other = second_account()
    (out,) = bank_lines(("-500", "TRANSFER"), actor=owner)
    bank_line_transfer(line_id=out.pk, payment_account_id=other.pk, actor=owner)

    take(owner, mt940([("500", "TRANSFER")], name="B2", iban=other.iban))

    found = best(BankLine.objects.select_related("payment_account").get(is_matched=False))
    assert found.method == "booked"


def test_unidentified_money_waits_in_suspense(in_company_a, owner):
    (line,) = bank_lines(("70", "?"), actor=owner)

    match = bank_line_suspend(line_id=line.pk, actor=owner)

    assert journal(match.entry_id) == {"bank_main": D(70), "bank_suspense": D(-70)}


def test_the_balance_before_the_first_statement_is_matched_with_what_was_booked(
    in_company_a, owner
):
    payment(
        owner,
        in_company_a.customer,
        100,
        account=bank_account(),
        date=local_today() - dt.timedelta(days=3),
    )
    payment(
        owner,
        in_company_a.customer,
        50,
        account=bank_account(),
        date=local_today() - dt.timedelta(days=2),
    )
    take(owner, mt940([("1", "X")], opening="150"))
    line = BankLine.objects.select_related("payment_account").get(is_opening=True)

    bank_line_accept(line_id=line.pk, key=best(line).key, actor=owner)
    check_now()

    assert loose() == []


# undoing


def test_undoing_a_posting_reverses_it_and_opens_the_line(in_company_a, owner):
    (line,) = bank_lines(("70", "?"), actor=owner)
    match = bank_line_suspend(line_id=line.pk, actor=owner)

    bank_match_undo(match_id=match.pk, actor=owner)
    check_now()

    line.refresh_from_db()
    assert not line.is_matched
    mirror = JournalEntry.objects.get(reverses_id=match.entry_id)
    assert journal(mirror.pk) == {"bank_main": D(-70), "bank_suspense": D(70)}
    assert loose() == []
    bank_line_suspend(line_id=line.pk, actor=owner)
    with pytest.raises(MatchUndone):
        bank_match_undo(match_id=match.pk, actor=owner)


def test_undoing_a_created_payment_reopens_its_invoice(in_company_a, owner):
    """R6."""
    invoice = posted_invoice(owner, in_company_a.customer)
    (line,) = bank_lines(("115", invoice.number), actor=owner)
    match = bank_line_accept(line_id=line.pk, key=best(line).key, actor=owner)

    bank_match_undo(match_id=match.pk, actor=owner)
    check_now()

    assert fresh(invoice).status == "posted"
    assert Payment.objects.get().status == "void"


def test_a_match_can_go_while_its_booking_stays(in_company_a, owner):
    (line,) = bank_lines(("70", "?"), actor=owner)
    match = bank_line_suspend(line_id=line.pk, actor=owner)

    bank_match_undo(match_id=match.pk, actor=owner, keep_booking=True)

    assert loose() == [D(70)]


def test_a_bounced_payment_is_two_lines_and_two_bookings(in_company_a, owner):
    paid = payment(owner, in_company_a.customer, 115, account=bank_account())
    first, second = bank_lines(("115", "CHEQUE"), ("-115", "RETURNED CHEQUE"), actor=owner)
    bank_line_match(line_id=first.pk, entries=[entry_of(paid).pk], actor=owner)
    payment_void(payment_id=paid.pk, actor=owner)

    found = best(second)
    bank_line_accept(line_id=second.pk, key=found.key, actor=owner)
    check_now()

    assert loose() == []


# refusals
