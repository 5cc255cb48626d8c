"""Bank statements through the API: import, propose, match, undo, rules (issue 3, item 7)."""

import base64
import uuid

import pytest

from ledger.models import Account
from payments.models import BankLine, BankMatch, PaymentAccount
from tests.api.conftest import api_of
from tests.builders import posted_invoice
from tests.payments.bank import bank_account, bank_lines, mt940

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]


def file_of(text, **fields):
    return {
        "file_name": "statement.sta",
        "content_base64": base64.b64encode(text.encode()).decode(),
        **fields,
    }


def fields_of(answer):
    return {one["field"] for one in answer.json()["errors"]}


@pytest.fixture
def account(company_a):
    with company_a.acting():
        return bank_account()


@pytest.fixture
def line(company_a):
    with company_a.acting() as actor:
        return bank_lines(("-57.50", "SERVICE FEE"), actor=actor)[0]


def test_a_file_is_imported_and_its_statements_are_listed(api, account):
    answer = api.post("bank-statements", file_of(mt940([("115", "A"), ("-5", "B")], opening="10")))

    assert answer.status_code == 201, answer.content
    file = answer.json()
    assert (file["state"], file["format"]) == ("done", "mt940")
    (statement,) = file["statements"]
    assert (statement["opening_balance"], statement["closing_balance"]) == ("10.00", "120.00")
    assert api.get("bank-statements").json()["count"] == 1
    assert api.get(f"bank-files/{file['id']}").json()["statements"][0]["id"] == statement["id"]
    lines = api.get(f"bank-lines?statement={statement['id']}&is_matched=false").json()
    assert [one["amount"] for one in lines["results"]] == ["10.00", "115.00", "-5.00"]


def test_csv_is_read_by_the_columns_sent(api, account):
    body = file_of(
        "Day;Text;Sum;Balance\n05/01/2026;A;115,00;115,00\n",
        file_name="a.csv",
        payment_account=str(account.pk),
        csv={
            "delimiter": ";",
            "decimal_mark": ",",
            "date_format": "%d/%m/%Y",
            "columns": {"date": "Day", "amount": "Sum", "balance": "Balance"},
        },
    )

    assert api.post("bank-statements", body).status_code == 201


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"content_base64": "***"}, "content_base64"),
        ({"content_base64": ""}, "content_base64"),
        ({"file_name": ""}, "file_name"),
        ({"format": "pdf"}, "format"),
        ({"encoding": "koi8"}, "encoding"),
        ({"payment_account": "x"}, "payment_account"),
        ({"csv": {"delimiter": "x"}}, "csv.delimiter"),
        ({"csv": {"columns": {"what": "A"}}}, "csv.columns.what"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_bad_input_is_refused_at_its_field(api, account, change, field):
    answer = api.post("bank-statements", file_of(mt940([("1", "A")])) | change)

    assert answer.status_code == 400
    assert field in fields_of(answer)


def test_the_same_file_twice_is_a_conflict_and_a_faulty_one_an_error(api, account):
    body = file_of(mt940([("115", "A")]))
    assert api.post("bank-statements", body).status_code == 201

    again = api.post("bank-statements", body)
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "statement_known")
    wrong = api.post("bank-statements", file_of(mt940([("1", "B")], name="S2", closing="9")))
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (
        400,
        "statement_does_not_add_up",
    )
    assert api.get("bank-statements").json()["count"] == 1


def test_a_proposal_is_confirmed_by_its_key_and_undone(company_a, api, account):
    with company_a.acting() as actor:
        invoice = posted_invoice(actor, company_a.customer)
        (line,) = bank_lines(("115", invoice.number), actor=actor)

    found = api.get(f"bank-lines/{line.pk}/proposals").json()
    best = found["proposals"][0]
    assert (best["method"], best["is_sure"], best["party"]) == (
        "payment",
        True,
        str(company_a.customer.pk),
    )
    assert best["allocations"] == [{"document": str(invoice.pk), "amount": "115.00"}]
    assert best["reasons"]

    match = api.post(f"bank-lines/{line.pk}/match", {"proposal": best["key"]})
    assert match.status_code == 201, match.content
    assert api.get(f"invoices/{invoice.pk}").json()["status"] == "paid"
    assert api.post(f"bank-lines/{line.pk}/match", {"proposal": best["key"]}).status_code == 409

    undone = api.post(f"bank-matches/{match.json()['id']}/undo")
    assert undone.status_code == 200
    assert api.get(f"invoices/{invoice.pk}").json()["status"] == "posted"
    assert api.post(f"bank-matches/{match.json()['id']}/undo").status_code == 409


def test_a_repeated_request_matches_once(company_a, api, line):
    body, key = {"method": "suspense"}, {"Idempotency_Key": "bank-1"}

    first = api.post(f"bank-lines/{line.pk}/match", body, **key)
    second = api.post(f"bank-lines/{line.pk}/match", body, **key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    with company_a.acting():
        assert BankMatch.objects.count() == 1


def test_a_line_is_posted_to_an_account_with_its_vat(company_a, api, line):
    with company_a.acting():
        charges = Account.objects.get(role="bank_charges")

    answer = api.post(
        f"bank-lines/{line.pk}/match",
        {"method": "account", "account": str(charges.pk), "tax_code": "P15"},
    )

    assert answer.status_code == 201
    assert answer.json()["entry"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "method"),
        ({"method": "magic"}, "method"),
        ({"method": "booked"}, "entries"),
        ({"method": "booked", "entries": ["x"]}, "entries.0"),
        ({"method": "payment"}, "customer"),
        ({"method": "account"}, "account"),
        ({"method": "transfer"}, "payment_account"),
        ({"method": "suspense", "surprise": 1}, "surprise"),
    ],
)
def test_bad_matches_are_refused_at_their_field(api, line, body, field):
    answer = api.post(f"bank-lines/{line.pk}/match", body)

    assert answer.status_code == 400
    assert field in fields_of(answer)


def test_sure_matches_are_confirmed_together(company_a, api, account):
    with company_a.acting() as actor:
        invoice = posted_invoice(actor, company_a.customer)
        bank_lines(("115", invoice.number), ("9", "?"), actor=actor)

    answer = api.post("bank-lines/match-sure", {"payment_account": str(account.pk)})

    assert (len(answer.json()["matches"]), answer.json()["refused"]) == (1, [])


def test_rules_are_kept_and_outdated_changes_refused(company_a, api, line):
    with company_a.acting():
        charges = Account.objects.get(role="bank_charges")
        control = Account.objects.get(role="ar_control")
    body = {"name": "Charges", "text": "service fee", "account": str(charges.pk), "tax_code": "P15"}

    rule = api.post("bank-rules", body).json()
    assert rule["version"] == 1
    assert api.get(f"bank-lines/{line.pk}/proposals").json()["proposals"][0]["rule"] == rule["id"]
    changed = api.put(f"bank-rules/{rule['id']}", body | {"sign": "out", "version": 1})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert api.put(f"bank-rules/{rule['id']}", body | {"version": 1}).status_code == 409
    for change, field in (
        ({"account": str(control.pk)}, "account"),
        ({"text": "ab"}, "text"),
        ({"tax_code": "NO"}, "tax_code"),
        ({"amount_from": "9", "amount_to": "1"}, "amount_to"),
        ({"name": "Charges"}, "name"),
    ):
        answer = api.post("bank-rules", body | {"name": "Other"} | change)
        assert answer.status_code == 400, change
        assert field in fields_of(answer)
    assert api.delete(f"bank-rules/{rule['id']}").status_code == 204
    assert api.get("bank-rules").json()["count"] == 0


def test_accounts_show_both_balances(api, line):
    (bank,) = [one for one in api.get("bank-accounts").json()["results"] if one["code"] == "BANK"]

    assert (bank["book_balance"], bank["statement_balance"], bank["unmatched_lines"]) == (
        "0.00",
        "-57.50",
        1,
    )


@pytest.mark.parametrize("role", ["sales", "cashier"])
def test_bank_is_closed_to_sellers(company_a, line, role):
    api = api_of(company_a, role)

    assert api.get("bank-lines").status_code == 403
    assert api.post(f"bank-lines/{line.pk}/match", {"method": "suspense"}).status_code == 403
    assert api.post("bank-statements", {}).status_code == 403


def test_an_auditor_reads_and_changes_nothing(company_a, line):
    api = api_of(company_a, "auditor")

    assert api.get("bank-lines").json()["count"] == 1
    assert api.post(f"bank-lines/{line.pk}/match", {"method": "suspense"}).status_code == 403


def test_rows_of_another_company_are_not_there(company_a, company_b, line):
    other = api_of(company_b)

    assert other.get("bank-lines").json()["count"] == 0
    assert other.get(f"bank-lines/{line.pk}/proposals").status_code == 404
    assert other.post(f"bank-lines/{line.pk}/match", {"method": "suspense"}).status_code == 404
    assert other.post(f"bank-matches/{uuid.uuid4()}/undo").status_code == 404
    with company_a.acting():
        assert not BankLine.objects.get(pk=line.pk).is_matched
        assert PaymentAccount.objects.filter(code="BANK").exists()
