"""What a report is: who may see it, what may be asked of it, and who builds it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reports.filters import Filter, Setting
from web.tables import ReportTable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Rows on one page of the screen; exports have all of them.
PAGE_ROWS = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody wants to see: the values of the filters, in the company's currency.

    `limit` None: everything, for an export; then `rows` of the table may be a generator.
    """

    values: Mapping[str, Any]
    setting: Setting
    after: str = ""
    limit: int | None = PAGE_ROWS

    @property
    def currency(self) -> str:
        return self.setting.currency

    @property
    def today(self) -> dt.date:
        return self.setting.today

    def day(self, key: str) -> dt.date:
        """Return the value of a filter that always has a day."""
        value = self.values[key]
        assert isinstance(value, dt.date), key
        return value

    def get(self, key: str) -> Any:
        return self.values.get(key)


@dataclass(frozen=True, slots=True)
class Report:
    """One entry of the hub. `is_long`: exports run in the background, pages are cut by a cursor."""

    key: str
    title: StrOrPromise
    group: str
    text: StrOrPromise
    permission: str
    filters: tuple[Filter, ...]
    build: Callable[[Ask], ReportTable]
    is_long: bool = False
    icon: str = "trial-balance"
    #: False: opened from a record, needs one, and so stands in the hub with its form only.
    needs: tuple[str, ...] = field(default=())
