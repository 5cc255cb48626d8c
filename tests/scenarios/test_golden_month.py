"""One month of a pharmacy wholesaler, complete, through the services (accounting.md section 13).

Goods and their cost are journals by hand, as in a company without stock keeping; everything else is its document.
"""

import datetime as dt
from decimal import Decimal

import pytest

from ap.services.prepaid import prepaid_run
from ar.models import Invoice
from ar.services.notes import credit_note_create
from ar.typed_credit import parse_credit
from commissions.models import CommissionSnapshot
from commissions.services.snapshots import snapshot_approve
from ledger.models import JournalEntry, JournalLine, Period
from ledger.selectors.balances import trial_balance
from ledger.services.manual import manual_create_posted
from ledger.services.rates import rate_set
from ledger.typed import parse_journal
from payments.models import PaymentAccount
from payments.posting import Party
from payments.revaluation.services import revaluation_post
from payments.services.allocating import credit_allocate
from payments.services.registering import payment_register
from payments.settlement import Part
from payments.sides import side_of
from payments.typed import TypedPayment
from reports.vat.services import vat_return_file, vat_return_prepare
from reports.verify.run import verify_company
from tenancy.models import Membership
from tenancy.services.companies import company_update
from tenancy.services.members import member_change
from tests.builders import fresh, line, lines_of, posted_invoice
from tests.buying import again, code, cost, posted_bill, supplier
from tests.database import check_now
from tests.golden import golden_month

pytestmark = [pytest.mark.django_db, pytest.mark.realdata]
D = Decimal
JANUARY_END = dt.date(2026, 1, 31)


def day(number):
    return f"2026-01-{number:02d}"


def date(number):
    return dt.date(2026, 1, number)


class Month:
    """The month's documents, entered one after the other."""

    def __init__(self, cast, owner):
        self.cast, self.owner = cast, owner
        self.bank = PaymentAccount.objects.get(code="BANK")
        self.card = PaymentAccount.objects.get(code="CARD")
        self.landlord = supplier(owner, "Landlord")
        self.pharma = supplier(owner, "Pharma")
        self.abroad = supplier(owner, "Hosting abroad", country="IE")
        self.exporter = supplier(owner, "Exporter", country="DE")

    def journal(self, number, text, *sides):
        """Post a journal by hand; sides are (account, signed amount[, tax code, taxable amount])."""
        lines = [
            {
                "account_code": account,
                "debit": str(max(D(amount), D(0))),
                "credit": str(max(-D(amount), D(0))),
                "tax_code": tax[0] if tax else "",
                "taxable_amount": tax[1] if tax else "",
            }
            for account, amount, *tax in sides
        ]
        payload = {"date": day(number), "description": text, "lines": lines}
        typed = parse_journal(payload, currency="SAR", today=date(number))
        return manual_create_posted(typed=typed, actor=self.owner)

    def cost_of_sale(self, number, text, amount):
        self.journal(number, text, ("5110", amount), ("1310", -D(amount)))

    def bill(self, number, party, account, amount, tax_code="P15", **fields):
        lines = fields.pop("lines", None) or [
            cost("1", amount, account=code(account), tax_code=tax_code)
        ]
        return posted_bill(self.owner, party, lines, issue_date=day(number), **fields)

    def pay(self, number, bill, amount, **fields):
        return self.money(
            number, amount, direction="out", supplier_id=bill.supplier_id, on=bill, **fields
        )

    def receive(self, number, invoice, amount, **fields):
        return self.money(number, amount, customer_id=invoice.customer_id, on=invoice, **fields)

    def money(self, number, amount, *, on, account=None, settles=None, **fields):
        part = Part(on.pk, D(settles or amount))
        typed = TypedPayment(
            payment_account_id=(account or self.bank).pk,
            amount=D(amount),
            date=date(number),
            strategy="manual",
            allocations=(part,),
            **fields,
        )
        return payment_register(typed=typed, actor=self.owner)

    def sell(self, number, lines, **fields):
        customer = fields.pop("customer", self.cast.customer)
        return posted_invoice(
            self.owner, customer, lines, issue_date=day(number), due_date=day(31), **fields
        )


def zero_rated(quantity, price):
    return line(quantity, price, vat_rate="0", tax_code="SZMED", tax_category="Z")


def goods_in(month):
    """Days 1 to 5: capital, rent for three months, goods received and billed, freight."""
    month.journal(1, "Capital", ("1130", 50000), ("3110", -50000))
    rent = month.bill(
        2,
        month.landlord,
        "1450",
        "9000",
        lines=[
            cost(
                "1",
                "9000",
                account=code("6310"),
                prepaid_account=code("1450"),
                tax_code="P15",
                prepaid_months=3,
                prepaid_start=day(1),
            )
        ],
    )
    month.pay(2, rent, "10350")
    month.journal(3, "GRN-1", ("1310", 18000), ("2130", -18000))
    goods = month.bill(4, month.pharma, "2130", "18000")
    month.bill(5, month.pharma, "1310", "440")
    return goods


def sales(month, seller):
    """Days 6 to 23: two sales and an export, receipts, commission, a return, a sale by card."""
    first = month.sell(6, [line("1500", "6.666667", discount_percent="0")], salesperson=seller)
    month.cost_of_sale(6, "INV-1", "6286.36")
    medicines = month.sell(8, [zero_rated("800", "7.5")])
    month.cost_of_sale(8, "INV-2", "3352.73")
    export = month.sell(
        10,
        [line("200", "5", vat_rate="0", tax_code="SXG", tax_category="Z")],
        currency="EUR",
        exchange_rate="4.0512",
        customer=month.cast.other_customer,
    )
    month.cost_of_sale(10, "INV-4", "838.18")
    month.receive(12, first, "4600")
    month.receive(20, first, "6900")
    check_now()
    snapshot_approve(
        snapshot_id=CommissionSnapshot.objects.get(invoice=first).pk,
        actor=month.owner,
        date=date(20),
    )
    typed = parse_credit(
        {
            "reason": "150 strips returned",
            "date": day(22),
            "lines": [{"line": str(lines_of(first)[0].pk), "quantity": "150"}],
        },
        invoice_id=first.pk,
    )
    note = credit_note_create(typed=typed, actor=month.owner)
    month.cost_of_sale(22, "CN-1", "-628.64")
    credit_allocate(
        credit_id=note.pk,
        party=Party(side_of("customer"), medicines.customer_id),
        actor=month.owner,
        allocations=((medicines.pk, D("1150")),),
        date=date(22),
    )
    simplified = month.sell(23, [line("3", "9.99")], prices_include_tax=True)
    month.cost_of_sale(23, "INV-3", "12.57")
    month.receive(23, simplified, "29.97", account=month.card)
    month.journal(
        24,
        "Card settlement",
        ("1130", "29.69"),
        ("6170", "0.24", "P15", "0.24"),
        ("1410", "0.04", "P15", "0.24"),
        ("1150", "-29.97"),
    )
    return medicines, export


def prepayment(month):
    """Day 25: a customer pays before the supply; a tax invoice is due at once (S9)."""
    invoice = month.sell(25, [line("1", "1000")], kind="prepayment")
    month.receive(25, invoice, "1150")


def purchases(month, goods):
    """Days 26 to 29: a service and goods from abroad, VAT at customs, payments."""
    hosting = month.bill(26, month.abroad, "6430", "2000", tax_code="PRC")
    imported = month.bill(
        27,
        month.exporter,
        "1310",
        "500",
        tax_code="PO",
        currency="EUR",
        exchange_rate="4.06",
    )
    month.journal(27, "Customs", ("1420", "304.50", "PIMP", "2030"), ("1130", "-304.50"))
    month.pay(27, hosting, "1900", withholding_tax=D(100), settles="2000")
    month.pay(29, goods, "20700")
    return imported


def month_end(month, export):
    """Days 28 to 31: the export is paid, the last sale, damaged goods, rent, revaluation."""
    month.receive(28, export, "1000", currency="EUR", exchange_rate=D("4.0620"))
    month.sell(30, [zero_rated("310", "8")])
    month.cost_of_sale(30, "INV-5", "2071.91")
    month.journal(30, "Damaged", ("5220", "83.82"), ("1310", "-83.82"))
    prepaid_run(until=JANUARY_END, actor=month.owner)
    rate_set(currency="EUR", date=JANUARY_END, rate=D("4.07"), actor=month.owner)
    revaluation_post(period_id=Period.objects.get(start_date=date(1)).pk, actor=month.owner)


def balances():
    return {row.code: row.balance for row in trial_balance(JANUARY_END) if row.balance}


@pytest.fixture
def seller(in_company_a, owner):
    user = in_company_a.users["sales"]
    member_change(
        membership_id=Membership.objects.get(user=user).pk,
        actor_id=owner.user_id,
        commission_percent=D(3),
    )
    company_update(
        company=in_company_a.company, changes={"vat_period": "month"}, actor_id=owner.user_id
    )
    return user.pk


def test_the_month_ends_with_the_golden_figures(in_company_a, shared_data, seller):
    golden = golden_month(shared_data)
    month = Month(in_company_a, in_company_a.principal("owner"))
    goods = goods_in(month)
    medicines, export = sales(month, seller)
    prepayment(month)
    imported = purchases(month, goods)
    month_end(month, export)
    check_now()

    expected = golden["trial_balance_before_vat_settlement"]
    assert balances() == {account: D(amount) for account, amount in expected.items()}

    vat_return = vat_return_prepare(date=date(15), actor=month.owner)
    vat_return_file(vat_return_id=vat_return.pk, actor=month.owner)
    check_now()

    assert balances() == {k: D(v) for k, v in golden["trial_balance"].items()}
    assert vat_return.net_due == D(golden["vat_return"]["13 total VAT due for the period"])
    open_sales = {row.total: row.open_amount for row in Invoice.objects.filter(open_amount__gt=0)}
    assert sorted(open_sales.values()) == sorted(D(v) for v in golden["ar_open_items"].values())
    assert fresh(medicines).open_amount == D("4850")
    assert again(imported).open_amount == D("500")
    payable = sum(
        row.credit - row.debit
        for row in JournalLine.objects.filter(account__role="commission_payable")
    )
    assert payable == D(golden["commission_payable"])
    assert JournalEntry.objects.filter(date__lte=JANUARY_END).count() >= len(golden["entries"])
    failed = [one for one in verify_company(in_company_a.company.pk) if one.count]
    assert not failed, failed
