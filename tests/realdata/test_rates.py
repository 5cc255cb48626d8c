"""Real exchange rates with known answers: the European Central Bank's table and rates per US dollar (FT-4)."""

import datetime as dt
import itertools
import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from ledger.errors import RateMissing
from ledger.models import ExchangeRate
from ledger.rate_files import open_rate_file, quotes_of, rates_of, source_of
from ledger.services.rates import rate_on, rate_quote, rates_import

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "data/fx-rates"


@pytest.fixture(scope="module")
def known(folder):
    return json.loads((folder / "known_answers.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def ecb(folder):
    return open_rate_file((folder / "ecb_euro_reference_rates.csv.gz").read_bytes())


@pytest.fixture(scope="module")
def usd(folder):
    return open_rate_file((folder / "usd_daily_14_currencies.csv.gz").read_bytes())


def test_central_bank_table_is_read_completely(ecb, known):
    days = list(quotes_of(ecb))

    assert len(days) == known["ecb_days"]
    assert days[0].date.isoformat() == known["ecb_first"]
    assert days[-1].date.isoformat() == known["ecb_last"]
    assert sum(len(one.values) for one in days) == known["ecb_cells_filled"]
    assert len({currency for one in days for currency in one.values}) == known["ecb_currencies"]
    for currency in ("USD", "JPY"):
        total = sum(one.values.get(currency, Decimal(0)) for one in days)
        assert total == Decimal(known[f"ecb_sum_{currency}"])
    gaps = [(b.date - a.date).days for a, b in itertools.pairwise(days)]
    assert max(gaps) == known["ecb_longest_gap_days_between_quotes"]


def test_riyal_rates_follow_by_the_peg(ecb, known):
    euro = {
        row.date.isoformat(): row.rate
        for row in rates_of(ecb, base_currency="SAR", currencies={"EUR"})
    }
    (answers,) = [answer for key, answer in known.items() if key.startswith("sar_per_eur")]

    for day, rate in answers.items():
        assert euro[day] == Decimal(rate)
    assert {row.rate for row in rates_of(ecb, base_currency="SAR", currencies={"USD"})} == {
        Decimal("3.75")
    }
    assert source_of(ecb, "SAR") == "European Central Bank; SAR 3.75 per USD"


def test_rates_per_dollar_are_read_completely(usd, known):
    days = list(quotes_of(usd))
    riyal = [one.values["SAR"] for one in days]

    assert days[0].date.isoformat() == known["usd_first"]
    assert days[-1].date.isoformat() == known["usd_last"]
    low, high, total = known["usd_sar_min_max_sum"]
    assert (min(riyal), max(riyal), sum(riyal)) == (Decimal(low), Decimal(high), Decimal(total))
    quoted = {currency for one in days for currency in one.values} | {"USD"}
    assert sorted(quoted) == known["usd_currencies"]
    dollar = next(rates_of(usd, base_currency="SAR", currencies={"USD"}))
    assert dollar.rate == riyal[0]


def test_import_keeps_what_is_there_unless_told_to_correct(in_company_a, owner, ecb):
    since = dt.date(2019, 12, 1)

    def rows():
        return list(rates_of(ecb, base_currency="SAR", currencies={"EUR", "USD"}, since=since))

    first = rates_import(rows=rows(), source=source_of(ecb, "SAR"), actor=owner)
    again = rates_import(rows=rows(), source=source_of(ecb, "SAR"), actor=owner)
    ExchangeRate.objects.filter(currency="EUR", date=dt.date(2019, 12, 31)).update(rate=5)
    kept = rates_import(rows=rows(), source="ECB", actor=owner)
    corrected = rates_import(rows=rows(), source="ECB", replace=True, actor=owner)

    assert first.stored == first.read == ExchangeRate.objects.count()
    assert (again.stored, again.unchanged) == (0, again.read)
    assert (kept.kept, kept.corrected) == (1, 0)
    assert (corrected.kept, corrected.corrected) == (0, 1)
    assert rate_on(currency="EUR", base_currency="SAR", date=dt.date(2019, 12, 31)) == Decimal(
        "4.21275"
    )


def test_weekends_take_the_last_earlier_day_and_old_rates_count_as_missing(
    in_company_a, owner, ecb
):
    rates_import(
        rows=rates_of(ecb, base_currency="SAR", currencies={"EUR"}, since=dt.date(2019, 12, 20)),
        source="ECB",
        actor=owner,
    )
    # Christmas: Tuesday the 24th is the last day before Friday the 27th
    quote = rate_quote(currency="EUR", base_currency="SAR", date=dt.date(2019, 12, 26))
    assert quote.date == dt.date(2019, 12, 24)
    assert rate_on(currency="EUR", base_currency="SAR", date=dt.date(2020, 1, 7)) == Decimal(
        "4.21275"
    )

    with pytest.raises(RateMissing) as caught:
        rate_on(currency="EUR", base_currency="SAR", date=dt.date(2020, 1, 8))
    assert "EUR" in caught.value.message
    assert "2020-01-08" in caught.value.message
    assert "2019-12-31" in caught.value.message
    with pytest.raises(RateMissing, match="no exchange rate for USD on 2019-12-31"):
        rate_on(currency="USD", base_currency="SAR", date=dt.date(2019, 12, 31))


@pytest.mark.django_db(transaction=True)
def test_command_imports_a_file_and_says_what_it_did(company_a, folder):
    out = StringIO()
    call_command(
        "import_rates",
        folder / "ecb_euro_reference_rates.csv.gz",
        "--company",
        company_a.company.slug,
        "--currency",
        "EUR",
        "--from",
        "2019-01-01",
        stdout=out,
    )

    summary = json.loads(out.getvalue())
    assert summary["stored"] == summary["read"] == 255
    with company_a.acting():
        assert ExchangeRate.objects.count() == 255
