"""Exchange rates: base units for one foreign unit (accounting.md section 5)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from django.db import connection

from core.errors import N_, DomainError
from core.transactions import write
from ledger.errors import RateExists, RateMissing
from ledger.models import ExchangeRate
from ledger.rate_files import RateRow
from tenancy.context import current_company_id
from tenancy.permissions import require
from tenancy.principal import Principal

BATCH = 5000

_LATEST = """
SELECT r.rate, r.date, r.source, c.rate_max_age_days
FROM tenancy_company c
LEFT JOIN LATERAL (
    SELECT rate, date, source FROM ledger_exchangerate
    WHERE company_id = c.id AND currency = %s AND date <= %s ORDER BY date DESC LIMIT 1) AS r ON true
WHERE c.id = %s
"""


@dataclass(frozen=True, slots=True)
class RateQuote:
    """A rate with the day and source it comes from; base units for one foreign unit."""

    rate: Decimal
    date: dt.date
    source: str


def rate_quote(*, currency: str, base_currency: str, date: dt.date) -> RateQuote:
    """Return the last rate on or before the date, not older than the company allows. One statement.

    Raises RateMissing, naming currency, date and what to do; it never guesses a rate.
    """
    if currency == base_currency:
        return RateQuote(Decimal(1), date, "")
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [currency, date, current_company_id()])
        rate, day, source, longest = cursor.fetchone()
    if rate is None:
        raise RateMissing(
            N_(
                "There is no exchange rate for %(currency)s on %(date)s or before. "
                "Add one under Exchange rates, or type the rate on the document."
            ),
            field="exchange_rate",
            params={"currency": currency, "date": date.isoformat()},
        )
    if (date - day).days > longest:
        raise RateMissing(
            N_(
                "The last exchange rate for %(currency)s before %(date)s is of %(found)s, more than %(days)s days "
                "old. Add a newer one under Exchange rates, or type the rate on the document."
            ),
            field="exchange_rate",
            params={
                "currency": currency,
                "date": date.isoformat(),
                "found": day.isoformat(),
                "days": longest,
            },
        )
    return RateQuote(rate, day, source)


def rate_on(*, currency: str, base_currency: str, date: dt.date) -> Decimal:
    """Return the rate of `rate_quote`. Raises RateMissing."""
    return rate_quote(currency=currency, base_currency=base_currency, date=date).rate


@write
def rate_set(
    *, currency: str, date: dt.date, rate: Decimal, source: str = "", actor: Principal
) -> ExchangeRate:
    """Store the rate of a currency for a day. Raises RateExists: a day has one rate, and documents keep theirs."""
    require(actor, "ledger.rate.edit")
    if currency == actor.currency:
        raise DomainError(
            N_("The base currency has no exchange rate."), code="base_currency", field="currency"
        )
    if ExchangeRate.objects.filter(currency=currency, date=date).exists():
        raise RateExists(
            N_("There is a rate for this day already. Correct that one."), field="date"
        )
    stored: ExchangeRate = ExchangeRate.objects.create(
        currency=currency, date=date, rate=rate, source=source
    )
    return stored


@write
def rate_correct(
    *, rate_id: uuid.UUID, rate: Decimal, source: str = "", actor: Principal
) -> ExchangeRate:
    """Correct the rate of a day; the audit log keeps both. Posted documents keep the rate they were posted with."""
    require(actor, "ledger.rate.edit")
    stored: ExchangeRate = ExchangeRate.objects.select_for_update().get(pk=rate_id)
    stored.rate = rate
    stored.source = source or stored.source
    stored.save(update_fields=["rate", "source"])
    return stored


@write
def rate_delete(*, rate_id: uuid.UUID, actor: Principal) -> None:
    """Take a rate out of the table; the audit log keeps it. Posted documents keep theirs."""
    require(actor, "ledger.rate.edit")
    ExchangeRate.objects.get(pk=rate_id).delete()


@dataclass(frozen=True, slots=True)
class RatesImported:
    """What an import did: rates read, stored anew, corrected, equal already, and different but kept."""

    read: int
    stored: int
    corrected: int
    unchanged: int
    kept: int


@write
def rates_import(
    *, rows: Iterable[RateRow], source: str, replace: bool = False, actor: Principal
) -> RatesImported:
    """Store the rates of a file. A day that has another rate keeps it, unless `replace` corrects it (audited)."""
    require(actor, "ledger.rate.edit")
    done = RatesImported(0, 0, 0, 0, 0)
    waiting = iter(rows)
    while part := list(islice(waiting, BATCH)):
        done = _store(part, source, replace, done)
    return done


def _store(
    rows: Sequence[RateRow], source: str, replace: bool, done: RatesImported
) -> RatesImported:
    have = {
        (rate.currency, rate.date): rate
        for rate in ExchangeRate.objects.filter(
            date__gte=min(row.date for row in rows),
            date__lte=max(row.date for row in rows),
            currency__in={row.currency for row in rows},
        )
    }
    new, different, unchanged = [], [], 0
    for row in rows:
        found = have.get((row.currency, row.date))
        if found is None:
            new.append(
                ExchangeRate(currency=row.currency, date=row.date, rate=row.rate, source=source)
            )
        elif found.rate == row.rate:
            unchanged += 1
        else:
            found.rate, found.source = row.rate, source
            different.append(found)
    ExchangeRate.objects.bulk_create(new, batch_size=BATCH)
    if replace and different:
        ExchangeRate.objects.bulk_update(different, ["rate", "source"], batch_size=500)
    return RatesImported(
        done.read + len(rows),
        done.stored + len(new),
        done.corrected + (len(different) if replace else 0),
        done.unchanged + unchanged,
        done.kept + (0 if replace else len(different)),
    )
