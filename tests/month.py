"""The complete month of the worked cases, posted journal by journal through the ledger's service.

Documents of the month (bills, stock, card settlements) are kept by journals here: what a test needs is the ledger after
them. VAT codes stand where the documents put them: on VAT lines, and on the lines of zero-rated and exempt amounts.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from ledger.models import Account
from ledger.posting import JournalDraft, PostingLine
from ledger.services.journal import journal_post

ZERO = Decimal(0)

#: (reference, account) -> (VAT code, taxable amount).
TAXED = {
    ("BILL-5", "1410"): ("P15", "9000.00"),
    ("BILL-1", "1410"): ("P15", "18000.00"),
    ("BILL-2", "1410"): ("P15", "440.00"),
    ("INV-1", "2410"): ("S15", "10000.00"),
    ("INV-1", "4110"): ("S15", "10000.00"),
    ("INV-2", "4120"): ("SZMED", "6000.00"),
    ("INV-4", "4130"): ("SXG", "4051.20"),
    ("CN-1", "2410"): ("S15", "1000.00"),
    ("CN-1", "4210"): ("S15", "1000.00"),
    ("INV-3", "2410"): ("S15", "26.06"),
    ("INV-3", "4110"): ("S15", "26.06"),
    ("BNK-1", "1410"): ("P15", "0.24"),
    ("ADV-1", "2410"): ("S15", "1000.00"),
    ("ADV-1", "2310"): ("S15", "1000.00"),
    ("BILL-3", "1430"): ("PRC", "2000.00"),
    ("BILL-3", "2420"): ("PRC", "2000.00"),
    ("BILL-3", "6430"): ("PRC", "2000.00"),
    ("BILL-4", "1310"): ("PO", "2030.00"),
    ("CUS-1", "1420"): ("PIMP", "2030.00"),
    ("INV-5", "4120"): ("SZMED", "2480.00"),
}
BOOKS = {
    "INV": "SAL",
    "CN-": "SAL",
    "BIL": "PUR",
    "RCP": "REC",
    "PAY": "PAY",
    "GRN": "STK",
    "ADJ": "STK",
    "COM": "COM",
    "REV": "FX",
}
PARTIES = {"1210": "customer", "2110": "supplier", "2310": "customer"}


def _line(
    ref: str, line: dict[str, Any], accounts: dict[str, uuid.UUID], parties: dict[str, uuid.UUID]
) -> PostingLine:
    code, taxable = TAXED.get((ref, line["account"]), ("", None))
    debit, credit = Decimal(line["debit"]), Decimal(line["credit"])
    party = PARTIES.get(line["account"], "")
    return PostingLine(
        account_id=accounts[line["account"]],
        debit=debit,
        credit=credit,
        amount_currency=debit - credit,
        tax_code=code,
        taxable_amount=None if taxable is None else Decimal(taxable),
        party_kind=party,
        party_id=parties[party] if party else None,
    )


def month_drafts(
    month: dict[str, Any], *, parties: dict[str, uuid.UUID], currency: str = "SAR"
) -> dict[str, JournalDraft]:
    """Return the month's journals by reference; `parties` names a customer and a supplier."""
    accounts = dict(Account.objects.values_list("code", "pk"))
    return {
        entry["ref"]: JournalDraft(
            date=dt.date.fromisoformat(entry["date"]),
            book=BOOKS.get(entry["ref"][:3], "GEN"),
            kind=entry["kind"],
            source_kind="month",
            source_id=uuid.uuid5(uuid.NAMESPACE_URL, entry["ref"]),
            source_number=entry["ref"],
            description=entry["what"],
            currency=currency,
            lines=tuple(_line(entry["ref"], line, accounts, parties) for line in entry["lines"]),
        )
        for entry in month["entries"]
    }


def post_month(
    month: dict[str, Any], *, parties: dict[str, uuid.UUID], without: tuple[str, ...] = ()
) -> None:
    """Post the month's journals in their order, without those that the test makes itself."""
    drafts = month_drafts(month, parties=parties)
    journal_post([draft for ref, draft in drafts.items() if ref not in without])
