"""Days as the company counts them."""

import datetime as dt

import pytest

from core.dates import add_months, days_overdue, fiscal_year, local_date, month_end, month_start


def test_late_evening_in_utc_is_the_next_day_in_riyadh():
    moment = dt.datetime(2026, 1, 31, 22, 30, tzinfo=dt.UTC)

    assert local_date(moment) == dt.date(2026, 2, 1)
    assert local_date(moment, "UTC") == dt.date(2026, 1, 31)


def test_moment_without_zone_has_no_day():
    with pytest.raises(ValueError, match="time zone"):
        local_date(dt.datetime(2026, 1, 31))  # noqa: DTZ001  # the missing zone is what is tested


def test_months_end_on_their_last_day():
    assert month_start(dt.date(2024, 2, 10)) == dt.date(2024, 2, 1)
    assert month_end(dt.date(2024, 2, 10)) == dt.date(2024, 2, 29)
    assert add_months(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2026, 12, 15), 1) == dt.date(2027, 1, 15)
    assert add_months(dt.date(2026, 1, 15), -1) == dt.date(2025, 12, 15)


def test_financial_year_may_begin_in_any_month():
    assert fiscal_year(dt.date(2026, 3, 1)) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert fiscal_year(dt.date(2026, 3, 31), 4) == (dt.date(2025, 4, 1), dt.date(2026, 3, 31))
    assert fiscal_year(dt.date(2026, 4, 1), 4) == (dt.date(2026, 4, 1), dt.date(2027, 3, 31))


def test_due_day_itself_is_not_overdue():
    assert days_overdue(dt.date(2026, 1, 5), dt.date(2026, 1, 5)) == 0
    assert days_overdue(dt.date(2026, 1, 5), dt.date(2026, 1, 4)) == 0
    assert days_overdue(dt.date(2026, 1, 5), dt.date(2026, 1, 8)) == 3
