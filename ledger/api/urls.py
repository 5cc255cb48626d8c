"""Addresses of the books."""

from __future__ import annotations

from django.urls import URLPattern

from api.urls import both
from ledger.api.accounts import AccountDetail, AccountList, AccountRole
from ledger.api.books import JournalDetail, JournalList
from ledger.api.manual import ManualDetail, ManualList, ManualPost, ManualReverse
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
from ledger.api.templates import (
    RecurringDetail,
    RecurringList,
    RecurringRun,
    TemplateDetail,
    TemplateList,
)

urlpatterns: list[URLPattern] = [
    *both("accounts", AccountList, "account-list"),
    *both("accounts/<uuid:account_id>", AccountDetail, "account-detail"),
    *both("accounts/<uuid:account_id>/role", AccountRole, "account-role"),
    *both("manual-journals", ManualList, "manual-journal-list"),
    *both("manual-journals/<uuid:journal_id>", ManualDetail, "manual-journal-detail"),
    *both("manual-journals/<uuid:journal_id>/post", ManualPost, "manual-journal-post"),
    *both("manual-journals/<uuid:journal_id>/reverse", ManualReverse, "manual-journal-reverse"),
    *both("journal-templates", TemplateList, "journal-template-list"),
    *both("journal-templates/<uuid:template_id>", TemplateDetail, "journal-template-detail"),
    *both("recurring-journals", RecurringList, "recurring-journal-list"),
    *both("recurring-journals/<uuid:schedule_id>", RecurringDetail, "recurring-journal-detail"),
    *both("recurring-journals/<uuid:schedule_id>/run", RecurringRun, "recurring-journal-run"),
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
