"""Bank pages: upload, columns, matching, undo, rules, details (issue 3, item 7)."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger.models import Account, JournalEntry
from payments.models import BankLine, BankMatch, BankStatement, MatchRule, PaymentAccount
from tests.ar.signed_in import signed_in
from tests.builders import fresh, payment, posted_invoice
from tests.payments.bank import IBAN, bank_account, bank_lines, mt940, second_account

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]


@pytest.fixture
def account(company_a):
    with company_a.acting():
        return bank_account()


@pytest.fixture
def client(company_a):
    return signed_in(company_a, "accountant")


def work(account):
    return reverse("payments:bank-account", args=[account.pk])


def upload(client, text, name="a.sta", **fields):
    file = SimpleUploadedFile(name, text.encode())
    return client.post(
        reverse("payments:bank-upload"), {"file": file, "encoding": "utf-8", **fields}
    )


def lines_of(company, *entries):
    with company.acting() as actor:
        return bank_lines(*entries, actor=actor)


def proposal_in(page):
    return re.search(r'name="proposal" value="([^"]+)"', page.content.decode()).group(1)


def test_accounts_are_listed_with_their_balances(company_a, client, account):
    lines_of(company_a, ("115", "A"))

    page = client.get(reverse("payments:bank-home"))

    assert page.status_code == 200
    assert "115.00" in page.content.decode()
    assert work(account) in page.content.decode()


def test_an_upload_leads_to_its_lines(company_a, client, account):
    answer = upload(client, mt940([("115", "A")]))

    assert answer.status_code == 303
    assert answer["Location"] == work(account)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (mt940([("1", "A")], closing="9"), "does not add up"),
        ("hello", "This is no MT940"),
        (mt940([("1", "A")], iban="1"), "No payment account has the number 1"),
        (mt940([("1", "A")], currency="EUR"), "is in EUR"),
    ],
)
def test_a_faulty_upload_says_why_and_stores_nothing(company_a, client, account, text, said):
    answer = upload(client, text, name="a.bin")

    assert answer.status_code == 422
    assert said in answer.content.decode()
    with company_a.acting():
        assert not BankStatement.objects.exists()


def test_the_same_file_twice_is_refused_on_the_page(client, account):
    upload(client, mt940([("115", "A")]))

    answer = upload(client, mt940([("115", "A")]))

    assert answer.status_code == 422
    assert "was imported on" in answer.content.decode()


def test_csv_asks_for_its_columns_and_remembers_them(company_a, client, account):
    text = "Date,Details,Amount,Balance\n2026-01-05,A,115.00,115.00\n"
    missing = upload(client, text, name="a.csv")
    assert missing.status_code == 422
    columns = upload(client, text, name="a.csv", payment_account=str(account.pk))
    assert columns.status_code == 303

    page = client.get(columns["Location"])
    assert "Details" in page.content.decode()
    wrong = client.post(
        columns["Location"],
        {"import": "1", "delimiter": ",", "decimal_mark": ".", "date_format": "%Y-%m-%d"},
    )
    assert wrong.status_code == 422
    done = client.post(
        columns["Location"],
        {
            "import": "1",
            "delimiter": ",",
            "decimal_mark": ".",
            "date_format": "%Y-%m-%d",
            "column_date": "Date",
            "column_amount": "Amount",
            "column_balance": "Balance",
            "column_description": "Details",
        },
    )

    assert done["Location"] == work(account)
    again = upload(
        client, text + "2026-01-06,B,1.00,116.00\n", name="b.csv", payment_account=str(account.pk)
    )
    kept = client.get(again["Location"]).content.decode()
    assert '<option value="Details" selected>' in kept


def test_one_click_confirms_and_shows_the_next_line(company_a, client, account):
    with company_a.acting() as actor:
        invoice = posted_invoice(actor, company_a.customer)
    first, second = lines_of(company_a, ("115", invoice.number), ("9", "?"))
    page = client.get(work(account))
    assert invoice.number in page.content.decode()

    answer = client.post(work(account), {"line": str(first.pk), "proposal": proposal_in(page)})

    assert answer.status_code == 303
    assert f"line={second.pk}" in answer["Location"]
    assert fresh_status(company_a, invoice) == "paid"
    after = client.get(answer["Location"]).content.decode()
    assert "Matched:" in after
    with company_a.acting():
        match = BankMatch.objects.get()
    undone = client.post(reverse("payments:bank-undo", args=[match.pk]))
    assert undone.status_code == 303
    assert fresh_status(company_a, invoice) == "posted"


def fresh_status(company, invoice):
    with company.acting():
        return fresh(invoice).status


def test_a_stale_proposal_is_refused_beside_its_line(company_a, client, account):
    (line,) = lines_of(company_a, ("9", "?"))

    answer = client.post(work(account), {"line": str(line.pk), "proposal": "booked|gone"})

    assert answer.status_code == 422
    assert "not possible any more" in answer.content.decode()


def test_every_way_by_hand_works(company_a, client, account):
    with company_a.acting() as actor:
        paid = payment(actor, company_a.customer, 70, account=account)
        entry = JournalEntry.objects.get(source_id=paid.pk)
        card = PaymentAccount.objects.get(code="CARD")
        receipt = payment(actor, company_a.customer, 30, account=card)
        receipt_entry = JournalEntry.objects.get(source_id=receipt.pk)
        charges = Account.objects.get(role="bank_charges")
        other = second_account()
    lines = lines_of(
        company_a, ("70", "a"), ("29", "b"), ("-5", "c"), ("-8", "d"), ("11", "e"), ("12", "f")
    )
    posts = [
        {"way": "bookings", "entry": str(entry.pk)},
        {"way": "cards", "entry": str(receipt_entry.pk), "payment_account": str(card.pk)},
        {"way": "account", "account": str(charges.pk), "tax_code": "", "rule_text": "monthly fee"},
        {"way": "transfer", "payment_account": str(other.pk)},
        {"way": "party", "party": f"{company_a.customer.code} · x"},
        {"way": "suspense"},
    ]

    for line, data in zip(lines, posts, strict=True):
        if data["way"] != "suspense":
            shown = client.get(f"{work(account)}?line={line.pk}&way={data['way']}")
            assert shown.status_code == 200
        answer = client.post(work(account), {"line": str(line.pk), **data})
        assert answer.status_code == 303, answer.content.decode()

    with company_a.acting():
        assert not BankLine.objects.filter(is_matched=False).exists()
        assert MatchRule.objects.get().text == "monthly fee"
    for show in ("matched", "all"):
        assert client.get(f"{work(account)}?show={show}").status_code == 200
    assert "Everything is matched" in client.get(work(account)).content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"way": "bookings"}, "Choose at least one booking."),
        ({"way": "party", "party": "nobody"}, "Nobody has this code or name."),
        ({"way": "account"}, "This field is required."),
        ({}, "Choose how the line is matched."),
    ],
)
def test_wrong_input_is_said_where_it_is(company_a, client, account, data, said):
    (line,) = lines_of(company_a, ("70", "?"))

    answer = client.post(work(account), {"line": str(line.pk), **data})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    with company_a.acting():
        assert not BankMatch.objects.exists()


def test_sure_matches_are_confirmed_together(company_a, client, account):
    with company_a.acting() as actor:
        invoice = posted_invoice(actor, company_a.customer)
    lines_of(company_a, ("115", invoice.number), ("9", "?"))
    assert "Confirm 1 sure match" in client.get(work(account)).content.decode()

    client.post(reverse("payments:bank-confirm-sure", args=[account.pk]))

    assert fresh_status(company_a, invoice) == "paid"


def test_bank_details_are_checked(company_a, client, account):
    address = reverse("payments:bank-details", args=[account.pk])

    wrong = client.post(address, {"iban": IBAN[:-1] + "8"})
    assert wrong.status_code == 422
    assert "wrong digit" in wrong.content.decode()
    assert client.post(address, {"iban": "SA03 8000 0000 6080 1016 7519"}).status_code == 302
    with company_a.acting():
        account.refresh_from_db()
        assert account.iban == IBAN


def test_rules_are_made_changed_and_put_out_of_use(company_a, client):
    with company_a.acting():
        charges = Account.objects.get(role="bank_charges")
    form = {
        "name": "Fees",
        "position": "10",
        "text": "service fee",
        "sign": "out",
        "account": str(charges.pk),
        "tax_code": "P15",
        "is_active": "on",
    }
    assert client.post(reverse("payments:bank-rule-create"), form).status_code == 302
    with company_a.acting():
        rule = MatchRule.objects.get()
    assert "Fees" in client.get(reverse("payments:bank-rules")).content.decode()
    address = reverse("payments:bank-rule", args=[rule.pk])
    short = client.post(address, form | {"text": "x", "version": "1"})
    assert short.status_code == 422
    assert client.post(address, {"delete": "1"}).status_code == 302
    with company_a.acting():
        assert not MatchRule.objects.exists()


def test_a_statement_is_removed_on_its_page(company_a, client, account):
    lines_of(company_a, ("9", "?"))
    with company_a.acting():
        statement = BankStatement.objects.get()
    assert client.get(reverse("payments:bank-statements", args=[account.pk])).status_code == 200

    client.post(reverse("payments:bank-statement-remove", args=[statement.pk]))

    with company_a.acting():
        assert not BankStatement.objects.exists()


@pytest.mark.parametrize("role", ["sales", "cashier"])
def test_sellers_do_not_see_the_bank(company_a, account, role):
    client = signed_in(company_a, role)

    assert client.get(reverse("payments:bank-home")).status_code == 403
    assert client.get(work(account)).status_code == 403


def test_an_auditor_sees_and_does_not_match(company_a, account):
    (line,) = lines_of(company_a, ("9", "?"))
    client = signed_in(company_a, "auditor")

    page = client.get(work(account))
    assert page.status_code == 200
    assert 'value="suspense"' not in page.content.decode()
    assert client.post(work(account), {"line": str(line.pk), "way": "suspense"}).status_code == 403


def test_lines_of_another_company_are_not_there(company_a, company_b, account):
    (line,) = lines_of(company_a, ("9", "?"))
    other = signed_in(company_b)

    assert other.get(work(account)).status_code == 404
    assert other.post(work(account), {"line": str(line.pk), "way": "suspense"}).status_code == 404


def test_the_page_takes_the_same_statements_for_few_and_many_lines(company_a, client, account):

    lines_of(company_a, *[("9", f"line {n}") for n in range(3)])
    client.get(work(account))
    with CaptureQueriesContext(connection) as few:
        client.get(work(account))
    with company_a.acting() as actor:
        bank_lines(
            *[(str(n + 20), f"more {n}") for n in range(40)], actor=actor, name="S2", opening="27"
        )
    with CaptureQueriesContext(connection) as many:
        client.get(work(account))

    assert len(many) == len(few)
