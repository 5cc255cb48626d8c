"""Audit entries in words: who did what, which field went from what to what."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from audit.models import AuditEntry
from core.fields import AmountField, UnitPriceField
from web.formats import format_date, format_quantity, format_unit_price

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Kinds of records with their models; kinds without a model of their own keep their name.
MODELS = {
    "ar.credit_note": "ar.CreditNote",
    "ap.supplier_credit": "ap.SupplierCredit",
    "ap.prepaid_part": "ap.PrepaidPart",
    "commissions.snapshot": "commissions.CommissionSnapshot",
    "documents.number_sequence": "documents.NumberSequence",
    "tenancy.grant": "tenancy.CompanyUserGrant",
}
KINDS = (
    "ar.invoice",
    "ar.credit_note",
    "ar.write_off",
    "ar.prepayment_use",
    "ar.customer",
    "ar.reminder",
    "ar.recurring_invoice",
    "documents.payment_terms",
    "ap.bill",
    "ap.supplier_credit",
    "ap.supplier",
    "ap.prepaid_part",
    "inventory.item",
    "payments.payment",
    "payments.allocation",
    "payments.payment_account",
    "payments.bank_file",
    "payments.bank_statement",
    "payments.bank_match",
    "payments.match_rule",
    "commissions.snapshot",
    "ledger.journal_entry",
    "ledger.account",
    "ledger.period",
    "ledger.exchange_rate",
    "tenancy.company",
    "tenancy.membership",
    "tenancy.user",
    "documents.draft",
)
ACTIONS: dict[str, StrOrPromise] = {
    "CREATE": gettext_lazy("created"),
    "UPDATE": gettext_lazy("changed"),
    "DELETE": gettext_lazy("deleted"),
    "POST": gettext_lazy("posted"),
    "VOID": gettext_lazy("voided"),
    "LOCK": gettext_lazy("locked"),
    "UNLOCK": gettext_lazy("unlocked"),
    "LOGIN": gettext_lazy("signed in"),
    "PRINT": gettext_lazy("printed"),
    "EXPORT": gettext_lazy("exported"),
    "IMPORT": gettext_lazy("imported"),
    "ATTACH": gettext_lazy("attached a file"),
    "DETACH": gettext_lazy("removed a file"),
}
ICONS = {
    "ATTACH": "attachment",
    "DETACH": "attachment",
    "CREATE": "plus",
    "UPDATE": "draft",
    "DELETE": "trash",
    "POST": "posted",
    "VOID": "void",
    "LOCK": "lock",
    "UNLOCK": "unlock",
    "LOGIN": "user",
    "PRINT": "print",
    "EXPORT": "download",
    "IMPORT": "import",
}
SOURCES: dict[str, StrOrPromise] = {
    "app": "",
    "api": gettext_lazy("through the API"),
    "admin": gettext_lazy("in the administration"),
    "task": gettext_lazy("by the system"),
    "sql": gettext_lazy("directly in the database"),
}
#: Columns that say nothing to a person.
_TECHNICAL = frozenset(
    [
        "id",
        "company_id",
        "version",
        "updated_at",
        "created_at",
        "search_text",
        "seller",
        "buyer",
        "tax_breakdown",
        "is_posted",
        "series",
        "sequence_number",
        "line_count",
        "external_id",
        "created_by_id",
        "posted_by_id",
        "locked_by_id",
        "locked_at",
        "posted_at",
        "issued_at",
        "commission_base",
        "branch_id",
        "base_total",
        "base_tax_amount",
        "allocated_base",
        "paid_at",
        "history",
        "session_hash",
        "last_login",
        "password",
        "source_id",
        "entry_id",
        "period_id",
        "reverses_id",
        "undoes_id",
    ]
)
_LINE_FIELDS = ("description", "quantity", "unit_price", "discount_percent", "tax_rate")
_NUMBER = re.compile(r"-?\d+\.\d+\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MOST_CHANGES = 12


@dataclass(frozen=True, slots=True)
class Change:
    """A field that changed, as people read it."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Happening:
    """An audit entry in words."""

    entry: AuditEntry
    who: str
    action: StrOrPromise
    icon: str
    kind: str
    name: str
    source: StrOrPromise
    changes: tuple[Change, ...]
    more: int


def _model(kind: str) -> Any:
    path = MODELS.get(kind) or kind.replace("_", "")
    try:
        return apps.get_model(path)
    except (LookupError, ValueError):
        return None


def kind_label(kind: str) -> str:
    """Return what a kind of record is called."""
    model = _model(kind)
    return str(capfirst(model._meta.verbose_name)) if model is not None else kind


def _field(model: Any, column: str) -> Any:
    if model is None:
        return None
    for name in (column, column.removesuffix("_id")):
        try:
            return model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
    return None


def _shown(value: Any, field: Any, people: Mapping[int, str]) -> str:
    """Return a stored value as people read it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field is not None and field.is_relation:
        return people.get(value, "…") if isinstance(value, int) else "…"
    if isinstance(value, (dict, list)):
        return "…"
    # a generated column (what is open) is of the kind it computes
    if isinstance(getattr(field, "output_field", field), (AmountField, UnitPriceField)):
        return _money(value)
    return _written(str(value))


def _money(value: Any) -> str:
    """Return an amount or price as it is printed: two digits, more where it has more (KWD, exact prices)."""
    try:
        return format_unit_price(Decimal(str(value)), "SAR")
    except InvalidOperation:
        return str(value)


def _written(text: str) -> str:
    if _NUMBER.match(text):
        try:
            return format_quantity(Decimal(text))
        except InvalidOperation:
            return text
    if _DAY.match(text):
        return format_date(dt.date.fromisoformat(text), (get_language() or "en")[:2])
    if (
        len(text) > 10 and text[4:5] == "-" and (moment := parse_datetime(text))
    ):  # longer than a date
        return f"{format_date(moment.date(), (get_language() or 'en')[:2])} {moment:%H:%M}"
    return text if len(text) <= 120 else f"{text[:117]}…"  # one line of a timeline


def _line_changes(
    old: list[Mapping[str, Any]], new: list[Mapping[str, Any]], model: Any
) -> Iterator[Change]:
    """Yield what changed in the lines of a document."""
    line = model._meta.get_field("lines").related_model if model is not None else None
    before = {row.get("id"): row for row in old}
    after = {row.get("id"): row for row in new}
    for key, row in after.items():
        if key not in before:
            yield Change(
                _("Line %(position)s") % {"position": row.get("position", "")}, "", _line_text(row)
            )
            continue
        for name in _LINE_FIELDS:
            was, now = before[key].get(name), row.get(name)
            if was != now:
                field = _field(line, name)
                label = field.verbose_name if field is not None else name
                yield Change(
                    f"{_('Line %(position)s') % {'position': row.get('position', '')}}: {label}",
                    _shown(was, field, {}),
                    _shown(now, field, {}),
                )
    for key, row in before.items():
        if key not in after:
            yield Change(
                _("Line %(position)s") % {"position": row.get("position", "")}, _line_text(row), ""
            )


def _line_text(row: Mapping[str, Any]) -> str:
    return " · ".join(
        part
        for part in (
            str(row.get("description", "")),
            _shown(row.get("quantity"), None, {}),
            "" if row.get("unit_price") is None else _money(row["unit_price"]),
        )
        if part
    )


def _changes(entry: AuditEntry, people: Mapping[int, str]) -> Iterator[Change]:
    old, new = entry.old or {}, entry.new or {}
    model = _model(entry.entity_type)
    lines_old, lines_new = old.get("lines", []), new.get("lines", [])
    # an import counts its lines: a number under the same name
    has_lines = "lines" in old or "lines" in new
    if has_lines and isinstance(lines_old, list) and isinstance(lines_new, list):
        yield from _line_changes(lines_old, lines_new, model)
        return
    if entry.action in ("CREATE", "DELETE") or not old:
        return
    for column in new:
        if column in _TECHNICAL or old.get(column) == new[column]:
            continue
        field = _field(model, column)
        if field is None:
            continue
        yield Change(
            str(capfirst(field.verbose_name)),
            _shown(old.get(column), field, people),
            _shown(new[column], field, people),
        )


def _name(entry: AuditEntry) -> str:
    row = (entry.new or {}) | (entry.old or {})
    for column in ("number", "code", "source_number", "slug", "start_date", "email"):
        if row.get(column):
            return str(row[column])
    return str(row.get("name", ""))


def in_words(entry: AuditEntry, people: Mapping[int, str]) -> Happening:
    """Return the entry in words; `people` gives names for user ids inside the values."""
    changes = list(_changes(entry, people))
    return Happening(
        entry=entry,
        who=str(entry.actor) if entry.actor_id and entry.actor else "",
        action=ACTIONS.get(entry.action, entry.action.lower()),
        icon=ICONS.get(entry.action, "draft"),
        kind=kind_label(entry.entity_type),
        name=_name(entry),
        source=SOURCES.get(entry.source, entry.source),
        changes=tuple(changes[:_MOST_CHANGES]),
        more=max(0, len(changes) - _MOST_CHANGES),
    )
