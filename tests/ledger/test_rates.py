"""Exchange rates: files that are wrong, corrections, base currencies (FT-4)."""

import datetime as dt
import gzip
from decimal import Decimal

import pytest

from ar.services.invoices import invoice_update
from ar.services.posting import invoice_post
from core.dates import local_today
from ledger.errors import RateExists
from ledger.rate_files import RateFileError, open_rate_file, rates_of
from ledger.services.rates import rate_correct, rate_delete, rate_set
from tenancy.errors import PermissionRefused
from tests.builders import draft_invoice, fresh, posted_invoice, typed_invoice
from tests.database import refuses, value

pytestmark = pytest.mark.django_db

ECB = "Date,USD,JPY,GBP\n2026-01-05,1.1000,160.5,\n2026-01-06,1.1100,N/A,0.86\n"


def rates(text, base="SAR", **options):
    file = open_rate_file(text.encode())
    return {
        (row.date.day, row.currency): row.rate
        for row in rates_of(file, base_currency=base, **options)
    }


def test_cross_rates_by_the_peg_by_the_table_and_for_the_euro():
    riyal = rates(ECB)
    assert riyal[5, "EUR"] == Decimal("4.125")
    assert riyal[5, "USD"] == Decimal("3.75")
    assert riyal[5, "JPY"] == Decimal("0.02570093")
    assert (5, "GBP") not in riyal
    assert (6, "JPY") not in riyal
    assert rates(ECB, "EUR")[5, "USD"] == Decimal("0.90909091")
    assert rates(ECB, "USD")[5, "EUR"] == Decimal("1.1")
    assert rates(ECB, "AED")[5, "USD"] == Decimal("3.6725")


def test_packed_files_are_opened():
    assert open_rate_file(gzip.compress(ECB.encode())).layout == "ecb"
    assert open_rate_file(b"\xef\xbb\xbf" + ECB.encode()).layout == "ecb"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,c\n1,2,3\n", "expected"),
        ("", "expected"),
        ("Date,USD,JPY\n2026-13-01,1,2\n", "2026-13-01"),
        ("Date,USD,JPY\n2026-01-05,1,0\n", "greater than zero"),
        ("Date,USD,JPY\n2026-01-05,1,NaN\n", "greater than zero"),
        ("Date,USD,JPY\n2026-01-05,1,-2\n", "greater than zero"),
        ("Date,From,To,Average,EndOfDay\n2026-01-05,EUR,SAR,1,1\n", "Row 2"),
    ],
)
def test_wrong_files_say_the_row(text, said):
    with pytest.raises(RateFileError, match=said):
        rates(text)


def test_table_without_the_base_currency_is_refused():
    with pytest.raises(RateFileError, match="KWD"):
        rates(ECB, "KWD")
    with pytest.raises(RateFileError):
        open_rate_file(b"\x1f\x8bnothing")


def test_correcting_a_rate_is_audited_and_documents_keep_theirs(in_company_a, owner):
    today = local_today()
    stored = rate_set(currency="EUR", date=today, rate=Decimal("4.05"), source="Typed", actor=owner)
    posted = posted_invoice(owner, in_company_a.customer, currency="EUR")
    with refuses(RateExists, field="date"):
        rate_set(currency="EUR", date=today, rate=Decimal(4), actor=owner)
    with refuses(PermissionRefused):
        rate_correct(rate_id=stored.pk, rate=Decimal(4), actor=in_company_a.principal("sales"))

    rate_correct(rate_id=stored.pk, rate=Decimal("4.06"), source="Bank", actor=owner)

    assert fresh(posted).exchange_rate == Decimal("4.05")
    assert value("SELECT count(*) FROM audit_log WHERE entity_type = 'ledger.exchange_rate'") == 2
    later = invoice_post(
        invoice_id=draft_invoice(owner, in_company_a.customer, currency="EUR").pk, actor=owner
    )
    assert later.exchange_rate == Decimal("4.06")
    rate_delete(rate_id=stored.pk, actor=owner)
    assert value("SELECT count(*) FROM ledger_exchangerate") == 0


def test_document_without_a_rate_of_its_days_is_refused(in_company_a, owner):
    old = local_today() - dt.timedelta(days=8)
    rate_set(currency="EUR", date=old, rate=Decimal("4.05"), actor=owner)

    with refuses(Exception, code="rate_missing", field="exchange_rate"):
        posted_invoice(owner, in_company_a.customer, currency="EUR")


def test_document_says_where_its_rate_is_from(in_company_a, owner):
    today = local_today()
    friday = today - dt.timedelta(days=2)
    rate_set(currency="EUR", date=friday, rate=Decimal("4.05"), source="Bank", actor=owner)

    found = fresh(posted_invoice(owner, in_company_a.customer, currency="EUR"))
    typed = fresh(
        posted_invoice(
            owner,
            in_company_a.customer,
            currency="EUR",
            exchange_rate="4.10",
            rate_reason="Contract of May",
        )
    )
    own = fresh(posted_invoice(owner, in_company_a.customer))

    assert (found.rate_source, found.rate_date, found.rate_reason) == ("Bank", friday, "")
    assert (typed.rate_source, typed.rate_date) == ("", None)
    assert typed.rate_reason == "Contract of May"
    assert (own.rate_source, own.rate_date, own.exchange_rate) == ("", None, 1)


def test_rate_of_the_table_sent_back_unchanged_stays_the_tables(in_company_a, owner):
    rate_set(currency="EUR", date=local_today(), rate=Decimal("4.05"), source="Bank", actor=owner)
    draft = draft_invoice(owner, in_company_a.customer, currency="EUR")
    again = typed_invoice(
        owner, in_company_a.customer, currency="EUR", exchange_rate="4.05", reference="PO-1"
    )
    kept = invoice_update(invoice_id=draft.pk, typed=again, actor=owner)
    assert (kept.rate_source, kept.reference) == ("Bank", "PO-1")

    other = typed_invoice(owner, in_company_a.customer, currency="EUR", exchange_rate="4.06")
    changed = invoice_update(invoice_id=draft.pk, typed=other, actor=owner)
    assert (changed.rate_source, changed.rate_date) == ("", None)
