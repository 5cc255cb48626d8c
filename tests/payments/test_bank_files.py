"""Bank files: what is read, to the cent; what is refused, and how clearly (issue 3, item 7)."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import DomainError, ValidationErrors
from payments.bank.reading import decoded, format_of, read_statements
from payments.bank.statements import DoesNotAddUp, UnreadableStatement, account_key
from payments.bank.table import CsvRules, csv_amount, read_csv

D = Decimal

MT940 = """:20:STMT1
:25:SA0380000000608010167519
:28C:1/1
:60F:C260101SAR1000,00
:61:2601050105C115,00NTRFINV-2026-00001//BANK1
:86:PAYMENT FROM ALFA
:61:2601060106D57,5NMSCNONREF
:86:CHARGES
:62F:C260106SAR1057,50
-
"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt><Id>S1</Id>
<Acct><Id><IBAN>SA0380000000608010167519</IBAN></Id><Ccy>SAR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="SAR">10.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Dt><Dt>2026-01-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="SAR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-02</Dt></Dt></Bal>
<Ntry><Amt Ccy="SAR">25.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>{status}<BookgDt><Dt>2026-01-02</Dt></BookgDt>
<AcctSvcrRef>R-1</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr>{name}</Dbtr><DbtrAcct><Id><IBAN>SA99 1</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>INV-2026-00001</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="SAR">7.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>PDNG</Sts></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


def camt(version="02", closing="15.00", status="<Sts>BOOK</Sts>", name="<Nm>شركة ألفا</Nm>"):
    return CAMT.format(version=version, closing=closing, status=status, name=name).encode()


def test_mt940_is_read_with_references_and_signs():
    (one,) = read_statements(MT940.encode(), file_format="mt940")

    assert (one.account, one.currency, one.identifier) == (
        "SA0380000000608010167519",
        "SAR",
        "STMT1 1/1",
    )
    assert (one.opening, one.closing) == (D("1000.00"), D("1057.50"))
    assert [entry.amount for entry in one.entries] == [D("115.00"), D("-57.5")]
    first = one.entries[0]
    assert (first.date, first.bank_reference, first.reference) == (
        dt.date(2026, 1, 5),
        "BANK1",
        "INV-2026-00001",
    )
    assert first.narrative == "PAYMENT FROM ALFA"


def test_a_reversed_credit_is_money_out():
    text = MT940.replace("D57,5NMSC", "RC57,5NMSC")

    assert read_statements(text.encode(), file_format="mt940")[0].entries[1].amount == D("-57.5")


@pytest.mark.parametrize(
    ("version", "status", "name"),
    [
        ("02", "<Sts>BOOK</Sts>", "<Nm>شركة ألفا</Nm>"),
        ("08", "<Sts><Cd>BOOK</Cd></Sts>", "<Pty><Nm>شركة ألفا</Nm></Pty>"),
    ],
)
def test_camt_of_every_version_is_read_and_pending_entries_are_left_out(version, status, name):
    (one,) = read_statements(camt(version, status=status, name=name), file_format="camt053")

    assert (one.opening, one.closing, len(one.entries)) == (D("-10.00"), D("15.00"), 1)
    entry = one.entries[0]
    assert (entry.party_name, entry.party_account, entry.bank_reference, entry.narrative) == (
        "شركة ألفا",
        "SA991",
        "R-1",
        "INV-2026-00001",
    )


def test_a_statement_that_does_not_add_up_is_refused_with_the_difference():
    with pytest.raises(DoesNotAddUp, match=r"difference -0\.50"):
        read_statements(camt(closing="14.50"), file_format="camt053")


def test_every_faulty_statement_of_a_file_is_named():
    text = MT940.replace("1057,50", "1,00") + MT940.replace("STMT1", "STMT2").replace(
        "1057,50", "2,00"
    )

    with pytest.raises(ValidationErrors) as caught:
        read_statements(text.encode(), file_format="mt940")

    assert [one.params["statement"] for one in caught.value.errors] == ["STMT1 1/1", "STMT2 1/1"]


@pytest.mark.parametrize(
    "bomb",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><Document>&b;</Document>',
        b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><Document/>',
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>',
    ],
)
def test_xml_with_a_document_type_is_refused(bomb):
    with pytest.raises(UnreadableStatement, match="document type"):
        read_statements(bomb, file_format="camt053")


@pytest.mark.parametrize(
    ("data", "file_format"),
    [
        (b"", "mt940"),
        (b"hello", "mt940"),
        (b":20:X\n:25:1\n:60F:C260101SAR1,00\n:61:nonsense\n:62F:C260101SAR1,00", "mt940"),
        (b":20:X\n:25:1\n:60F:C260101SAR1,00\n", "mt940"),
        (b"<a><b></a>", "camt053"),
        (b"<Document/>", "camt053"),
        (b"<OFX><BANKMSGSRSV1>", "ofx"),
        (b"OFXHEADER:100\nrubbish", "ofx"),
        (b"\xff\xfe\x00", "ofx"),
        (b"a,b\n1,2", "csv"),
        (b"x", "pdf"),
    ],
)
def test_what_is_no_statement_is_refused_with_a_reason(data, file_format):
    with pytest.raises(DomainError) as caught:
        read_statements(data, file_format=file_format)

    assert caught.value.message


def test_format_is_told_by_content():
    assert format_of(MT940.encode()) == "mt940"
    assert format_of(camt()) == "camt053"
    assert format_of(b"OFXHEADER:100\n") == "ofx"
    assert format_of(b"a;b;c", "June.CSV") == "csv"
    with pytest.raises(UnreadableStatement):
        format_of(b"%PDF-1.7", "statement.pdf")
    with pytest.raises(UnreadableStatement, match="empty"):
        format_of(b" \n", "a.csv")


def test_encoding_is_chosen_not_guessed():
    data = "شركة".encode("cp1256")

    assert decoded(data, "cp1256") == "شركة"
    with pytest.raises(UnreadableStatement) as caught:
        decoded(data, "utf-8")
    assert caught.value.field == "encoding"


# CSV

BALANCES = CsvRules(
    date_format="%d/%m/%Y",
    columns={
        "date": "Date",
        "debit": "Debit",
        "credit": "Credit",
        "balance": "Balance",
        "description": "Details",
    },
    currency="SAR",
    account="1",
)
ROWS = [
    "Account statement,,,,",
    "Date,Details,Debit,Credit,Balance",
    '05/01/2026,"Payment, ALFA",,"1,150.00","2,150.00"',
    "06/01/2026,Charges,57.50,,2092.50",
]


def csv_of(*rows):
    return "\n".join(rows)


def test_csv_takes_its_balances_from_the_column():
    (one,) = read_csv(csv_of(*ROWS), BALANCES)

    assert (one.opening, one.closing) == (D("1000.00"), D("2092.50"))
    assert [entry.amount for entry in one.entries] == [D("1150.00"), D("-57.50")]
    assert one.entries[0].narrative == "Payment, ALFA"


def test_csv_with_the_newest_first_is_turned():
    (one,) = read_csv(csv_of(*ROWS[:2], ROWS[3], ROWS[2]), BALANCES)

    assert (one.opening, one.closing, one.entries[0].date) == (
        D("1000.00"),
        D("2092.50"),
        dt.date(2026, 1, 5),
    )


def test_csv_names_the_row_whose_balance_breaks():
    with pytest.raises(DoesNotAddUp, match="Row 4"):
        read_csv(csv_of(*ROWS[:3], "06/01/2026,Charges,57.50,,2092.51"), BALANCES)


def test_csv_without_balances_needs_them_typed():
    columns = {"date": "Date", "amount": "Amount"}
    rules = CsvRules(columns=columns, currency="SAR", account="1")
    text = csv_of("Date,Amount", "2026-01-05,-5.00")

    with pytest.raises(UnreadableStatement) as caught:
        read_csv(text, rules)
    assert caught.value.field == "opening_balance"

    typed = CsvRules(columns=columns, currency="SAR", account="1", opening=D(10), closing=D(5))
    assert read_statements(text.encode(), file_format="csv", rules=typed)[0].closing == D(5)
    wrong = CsvRules(columns=columns, currency="SAR", account="1", opening=D(10), closing=D(6))
    with pytest.raises(DoesNotAddUp):
        read_statements(text.encode(), file_format="csv", rules=wrong)


@pytest.mark.parametrize(
    ("typed", "mark", "amount"),
    [
        ("1,234.50", ".", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("(57.50)", ".", "-57.50"),
        ("57.50-", ".", "-57.50"),
        ("57.50 DR", ".", "-57.50"),
        ("57.50CR", ".", "57.50"),
        ("١٬٢٣٤٫٥٠", ".", "1234.50"),
        ("SAR 12.00", ".", "12.00"),
    ],
)
def test_csv_amounts_are_read_as_banks_print_them(typed, mark, amount):
    assert csv_amount(typed, mark, row=1) == D(amount)


@pytest.mark.parametrize("typed", ["1,23.50", "1.234.50", "$120", "1e5", "abc", "12,5", "NaN"])
def test_csv_amounts_that_could_mean_something_else_are_refused(typed):
    with pytest.raises(UnreadableStatement):
        csv_amount(typed, ".", row=1)


def test_csv_date_of_another_format_is_refused_with_an_example():
    with pytest.raises(UnreadableStatement, match="Row 3"):
        read_csv(csv_of(*ROWS[:2], "2026-01-05,x,,1.00,1.00"), BALANCES)


def test_account_numbers_are_compared_without_punctuation():
    assert account_key("sa03 8000-0000 6080") == "SA03800000006080"


# the real files


@pytest.fixture
def bank_data(shared_data) -> Path:
    return shared_data / "data" / "bank-statements"


@pytest.mark.realdata
def test_every_good_real_statement_is_read_to_the_cent(bank_data):
    known = json.loads((bank_data / "known_answers.json").read_text())
    compared = 0
    for name, answer in known.items():
        data = (bank_data / name).read_bytes()
        kind = format_of(data, name)
        if kind == "mt940":
            if not all(one["reconciles"] for one in answer["statements"]):
                continue
            found = read_statements(data, file_format=kind)
            for one, right in zip(found, answer["statements"], strict=True):
                assert (
                    one.currency,
                    one.opening,
                    len(one.entries),
                    one.credits,
                    one.debits,
                    one.closing,
                ) == (
                    right["currency"],
                    D(right["opening"]),
                    right["transactions"],
                    D(right["credits"]),
                    D(right["debits"]),
                    D(right["closing"]),
                ), name
                compared += 1
        elif kind == "camt053":
            if not all(one["opening_plus_entries_equals_closing"] for one in answer["statements"]):
                continue
            found = read_statements(data, file_format=kind)
            for one, right in zip(found, answer["statements"], strict=True):
                assert one.identifier == right["id"]
                assert (len(one.entries), one.credits, one.debits, one.movement) == (
                    right["entries"],
                    D(right["credits"]),
                    D(right["debits"]),
                    D(right["net"]),
                ), name
                assert (one.opening, one.closing) == (
                    D(right["balances"]["OPBD"][0]),
                    D(right["balances"]["CLBD"][0]),
                )
                compared += 1
        elif not answer["unreadable_amounts"]:
            found = read_statements(data, file_format=kind)
            assert len(found) == answer["accounts"]
            assert sum(len(one.entries) for one in found) == answer["transactions"]
            assert sum(one.movement for one in found) == D(answer["sum"])
            assert [one.closing for one in found] == [D(sum) for sum in answer["ledger_balances"]]
            assert {one.currency for one in found} == set(answer["currency"])
            compared += len(found)
    assert compared == 26 + 2 + 2 + 3 + 4


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mt940_jejik_abnamro.sta", "19321/1 does not add up"),
        ("mt940_jejik_ing.sta", "difference 49.06"),
        ("mt940_jejik_rabobank.sta", "940A110617 00000/00 does not add up"),
        ("camt_camt053.v2.minimal.xml", "mixes the currencies"),
        ("camt_camt053.v4.xml", "mixes the currencies"),
        ("ofx_decimal_error.ofx", "the amount '$120' cannot be read"),
    ],
)
def test_every_faulty_real_file_is_refused_and_says_why(bank_data, name, said):
    data = (bank_data / name).read_bytes()

    with pytest.raises(DomainError) as caught:
        read_statements(data, file_format=format_of(data, name))

    errors = caught.value.errors if isinstance(caught.value, ValidationErrors) else [caught.value]
    assert any(said in one.message for one in errors)
