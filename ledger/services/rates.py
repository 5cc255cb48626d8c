"""Exchange rates: base units for one foreign unit (accounting.md section 5)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core.errors import N_, DomainError
from core.transactions import write
from ledger.errors import RateExists, RateMissing
from ledger.models import ExchangeRate
from tenancy.permissions import require
from tenancy.principal import Principal


def rate_on(*, currency: str, base_currency: str, date: dt.date) -> Decimal:
    """Return the latest rate on or before the date; raises RateMissing, never guesses one."""
    if currency == base_currency:
        return Decimal(1)
    rate = (
        ExchangeRate.objects.filter(currency=currency, date__lte=date)
        .order_by("-date")
        .values_list("rate", flat=True)
        .first()
    )
    if rate is None:
        raise RateMissing(
            N_("There is no exchange rate for %(currency)s on %(date)s."),
            field="exchange_rate",
            params={"currency": currency, "date": date.isoformat()},
        )
    return rate


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
        raise RateExists(N_("There is a rate for this day already."), field="date")
    stored: ExchangeRate = ExchangeRate.objects.create(
        currency=currency, date=date, rate=rate, source=source
    )
    return stored
