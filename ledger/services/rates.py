"""Exchange rates: base units for one foreign unit (accounting.md section 5)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core.errors import N_
from core.transactions import write
from ledger.errors import RateMissing
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
    *, currency: str, date: dt.date, rate: Decimal, source: str, actor: Principal
) -> ExchangeRate:
    """Store the rate of a day, or correct it. Documents keep the rate they were posted with."""
    require(actor, "ledger.rate.edit")
    stored: ExchangeRate
    stored, _ = ExchangeRate.objects.update_or_create(
        currency=currency, date=date, defaults={"rate": rate, "source": source}
    )
    return stored


@write
def rate_set(
    *, currency: str, date: dt.date, rate: Decimal, source: str = "", actor: Principal
) -> ExchangeRate:
    """Store the rate of a currency for a day. Raises RateExists: frozen documents keep theirs, a day has one."""
    require(actor, "ledger.rate.edit")
    if currency == actor.currency:
        raise DomainError(
            N_("The base currency has no exchange rate."), code="base_currency", field="currency"
        )
    if ExchangeRate.objects.filter(currency=currency, date=date).exists():
        raise RateExists(N_("There is a rate for this day already."), field="date")
    return ExchangeRate.objects.create(  # type: ignore[no-any-return]  # untyped manager
        currency=currency, date=date, rate=rate, source=source
    )
