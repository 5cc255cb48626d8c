"""Addresses of the books."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from ledger.api.books import (
    AccountList,
    ExchangeRateList,
    JournalDetail,
    JournalList,
    PeriodDetail,
    PeriodList,
)

urlpatterns: list[URLPattern] = [
    *both("accounts", AccountList, "account-list"),
    *both("periods", PeriodList, "period-list"),
    *both("periods/<uuid:period_id>", PeriodDetail, "period-detail"),
    *both("exchange-rates", ExchangeRateList, "exchange-rate-list"),
    *both("journals", JournalList, "journal-list"),
    *both("journals/<uuid:entry_id>", JournalDetail, "journal-detail"),
]
