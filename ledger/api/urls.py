"""Addresses of the books."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from ledger.api.books import AccountList, JournalDetail, JournalList
from ledger.api.periods import (
    FiscalYearClose,
    FiscalYearList,
    FiscalYearReopen,
    LockDateDetail,
    LockDateList,
    PeriodDetail,
    PeriodList,
)
from ledger.api.rates import ExchangeRateDetail, ExchangeRateImport, ExchangeRateList

urlpatterns: list[URLPattern] = [
    *both("accounts", AccountList, "account-list"),
    *both("periods", PeriodList, "period-list"),
    *both("periods/<uuid:period_id>", PeriodDetail, "period-detail"),
    *both("fiscal-years", FiscalYearList, "fiscal-year-list"),
    *both("fiscal-years/<int:fiscal_year>/close", FiscalYearClose, "fiscal-year-close"),
    *both("fiscal-years/<int:fiscal_year>/reopen", FiscalYearReopen, "fiscal-year-reopen"),
    *both("lock-dates", LockDateList, "lock-date-list"),
    *both("lock-dates/<slug:area>", LockDateDetail, "lock-date-detail"),
    *both("exchange-rates", ExchangeRateList, "exchange-rate-list"),
    *both("exchange-rates/import", ExchangeRateImport, "exchange-rate-import"),
    *both("exchange-rates/<uuid:rate_id>", ExchangeRateDetail, "exchange-rate-detail"),
    *both("journals", JournalList, "journal-list"),
    *both("journals/<uuid:entry_id>", JournalDetail, "journal-detail"),
]
