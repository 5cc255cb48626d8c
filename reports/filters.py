"""What can be asked of a report, read from an address. Each filter reads its own text and names itself when it cannot."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.dates import add_months, fiscal_year, local_today, month_end, month_start
from core.errors import N_, DomainError
from core.inputs import clean_text, parse_date
from web.formats import format_date
from web.tables import Words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Kind = Literal["day", "choice", "flag", "record", "text"]
#: Suggestions in the form; whoever has more parties types the code.
SUGGESTIONS = 300
EARLIEST = 1990


@dataclass(frozen=True, slots=True)
class Setting:
    """What defaults depend on: the company's day, currency and financial year."""

    today: dt.date
    currency: str
    fiscal_start_month: int = 1

    @property
    def year(self) -> tuple[dt.date, dt.date]:
        """First and last day of the financial year of today."""
        return fiscal_year(self.today, self.fiscal_start_month)


def setting_of(company: Mapping[str, Any]) -> Setting:
    """Return the setting of a company as its principal carries it."""
    return Setting(
        today=local_today(str(company.get("timezone") or "Asia/Riyadh")),
        currency=str(company.get("currency") or "SAR"),
        fiscal_start_month=int(company.get("fiscal_year_start_month") or 1),
    )


@dataclass(frozen=True, slots=True)
class Filter:
    """One question. `read` makes the value of a text or raises DomainError; `default` the value of an empty one."""

    key: str
    label: StrOrPromise
    kind: Kind
    read: Callable[[str, str], Any]
    default: Callable[[Setting], Any] = lambda setting: None
    choices: Callable[[], Sequence[tuple[str, StrOrPromise]]] = tuple
    #: The value as it stands in an address, and as people read it.
    write: Callable[[Any], str] = str
    shown: Callable[[Any], str] = str
    needed: bool = False
    #: The words of a choice that are the same for every company; they stand in the API's description.
    fixed: tuple[str, ...] = ()


def _read_day(text: str, key: str) -> dt.date:
    return parse_date(text, field=key, earliest=EARLIEST)


def _day_shown(value: dt.date) -> str:
    return format_date(value, (get_language() or "en")[:2])


def day(
    key: str,
    label: StrOrPromise,
    *,
    default: Callable[[Setting], dt.date | None] = lambda setting: None,
) -> Filter:
    """A date, YYYY-MM-DD."""
    return Filter(
        key,
        label,
        "day",
        _read_day,
        default,
        write=lambda value: value.isoformat(),
        shown=_day_shown,
    )


def as_of() -> Filter:
    """The end of which day; today when left out."""
    return day("as_of", _("As of"), default=lambda setting: setting.today)


def since(default: Callable[[Setting], dt.date | None] | None = None) -> Filter:
    """The first day; by default of the financial year."""
    return day("from", _("From"), default=default or (lambda setting: setting.year[0]))


def until() -> Filter:
    """The last day; today when left out."""
    return day("to", _("to"), default=lambda setting: setting.today)


def choice(
    key: str,
    label: StrOrPromise,
    choices: Sequence[tuple[str, StrOrPromise]] | Callable[[], Sequence[tuple[str, StrOrPromise]]],
    *,
    default: str = "",
) -> Filter:
    """One of a few words."""
    offered = choices if callable(choices) else lambda: choices

    def read(text: str, field: str) -> str:
        known = [name for name, _label in offered()]
        if text not in known:
            raise DomainError(
                N_("Choose one of: %(choices)s."),
                code="invalid_choice",
                field=field,
                params={"choices": ", ".join(name for name in known if name)},
            )
        return text

    def shown(value: str) -> str:
        return str(dict(offered()).get(value, value))

    return Filter(
        key,
        label,
        "choice",
        read,
        lambda setting: default,
        choices=offered,
        shown=shown,
        fixed=() if callable(choices) else tuple(name for name, _label in choices if name),
    )


def flag(key: str, label: StrOrPromise) -> Filter:
    """Yes or no."""

    def read(text: str, field: str) -> bool:
        if text in ("true", "1", "on"):
            return True
        if text in ("false", "0", ""):
            return False
        raise DomainError(N_("Send true or false."), code="invalid", field=field)

    return Filter(
        key,
        label,
        "flag",
        read,
        lambda setting: False,
        write=lambda value: "true" if value else "",
        shown=lambda value: str(label) if value else "",
    )


def text(key: str, label: StrOrPromise, *, default: str = "", length: int = 60) -> Filter:
    """A short text."""
    return Filter(
        key,
        label,
        "text",
        lambda value, field: clean_text(value, field=field, max_length=length),
        lambda setting: default,
    )


def found_or_refused(found: Any, field: str) -> Any:
    """Return what was found. Raises DomainError at the field."""
    if found is None:
        raise DomainError(N_("There is no such record."), code="not_found", field=field)
    return found


def record(
    key: str,
    label: StrOrPromise,
    rows: Callable[[], QuerySet[Any]],
    *,
    code: str = "code",
    needed: bool = False,
) -> Filter:
    """One record by its id or its code, such as an account or a customer."""

    def read(value: str, field: str) -> Any:
        found = None
        try:
            found = rows().filter(pk=uuid.UUID(value)).first()
        except ValueError:
            typed = clean_text(value, field=field, max_length=60)
            found = rows().filter(**{code: typed}).first()
        return found_or_refused(found, field)

    def suggestions() -> list[tuple[str, str]]:
        return [
            (str(getattr(one, code)), str(Words(one.name, getattr(one, "name_arabic", ""))))
            for one in rows().order_by(code)[:SUGGESTIONS]
        ]

    def shown(one: Any) -> str:
        return f"{getattr(one, code)} {Words(one.name, getattr(one, 'name_arabic', ''))}"

    return Filter(
        key,
        label,
        "record",
        read,
        choices=suggestions,
        write=lambda one: str(getattr(one, code)),
        shown=shown,
        needed=needed,
    )


def read_values(
    filters: Sequence[Filter], query: Mapping[str, str], setting: Setting
) -> tuple[dict[str, Any], list[DomainError]]:
    """Return the value of every filter, and what was wrong; a wrong one has its default."""
    values: dict[str, Any] = {}
    errors: list[DomainError] = []
    for one in filters:
        typed = query.get(one.key, "").strip()
        values[one.key] = one.default(setting)
        if not typed:
            if one.needed:
                errors.append(
                    DomainError(N_("This field is required."), code="required", field=one.key)
                )
            continue
        try:
            values[one.key] = one.read(typed[:200].replace("\0", ""), one.key)
        except DomainError as error:
            errors.append(error)
    first, last = values.get("from"), values.get("to") or values.get("as_of")
    if first and last and first > last:
        errors.append(
            DomainError(
                N_("The first day is after the last one."), code="days_in_order", field="from"
            )
        )
    return values, errors


@dataclass(frozen=True, slots=True)
class Preset:
    """A span of days one click away."""

    label: StrOrPromise
    first: dt.date
    last: dt.date


def presets(setting: Setting) -> tuple[Preset, ...]:
    """Return the spans people ask for, by the company's day and financial year."""
    today = setting.today
    month = month_start(today)
    quarter = add_months(month, -((today.month - 1) % 3))
    year, year_end = setting.year
    return (
        Preset(_("This month"), month, month_end(today)),
        Preset(_("Last month"), add_months(month, -1), month_end(add_months(month, -1))),
        Preset(_("This quarter"), quarter, month_end(add_months(quarter, 2))),
        Preset(_("Last quarter"), add_months(quarter, -3), month_end(add_months(quarter, -1))),
        Preset(_("This year"), year, year_end),
        Preset(_("Last year"), add_months(year, -12), month_end(add_months(year, -1))),
    )
