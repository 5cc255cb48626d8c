"""Templates of journals: stored, used with fixed, percentage or open amounts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.errors import N_, DomainError, ValidationErrors
from core.inputs import clean_text, given, parse_decimal
from core.money import ZERO, distribute, percent_of
from core.transactions import write
from documents.typed import Collected
from documents.versions import Conflict
from ledger.errors import JournalNotFound
from ledger.models import JournalTemplate, JournalTemplateLine, ManualJournal
from ledger.services.hand_lines import lines_checked
from ledger.services.manual import PERMISSION
from ledger.typed import TypedJournal, TypedJournalLine, parse_journal
from tenancy.permissions import require
from tenancy.principal import Principal

Mode = JournalTemplateLine.Mode
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TypedTemplateLine:
    """A line of a template as typed; the side is that of `line`, its amount counts where the mode is fixed."""

    line: TypedJournalLine
    side: str
    mode: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class TypedTemplate:
    """A template of journals as typed."""

    name: str
    journal: TypedJournal
    lines: tuple[TypedTemplateLine, ...]
    is_active: bool = True
    version: int | None = None


def parse_template(payload: Mapping[str, Any], *, currency: str, today: dt.date) -> TypedTemplate:
    """Read a typed template: a journal whose lines carry `side`, `mode`, `amount` or `percent`.

    Raises ValidationErrors.
    """
    found = Collected()
    name = found.take(
        lambda: clean_text(payload.get("name"), field="name", min_length=1, max_length=120), ""
    )
    raw_lines = payload.get("lines")
    rows: list[Any] = raw_lines if isinstance(raw_lines, list) else []
    modes = [_mode(row, index, found) for index, row in enumerate(rows)]
    journal = found.take(
        lambda: parse_journal(
            {
                **payload,
                "lines": [
                    _as_line(row, side, mode)
                    for row, (side, mode, _) in zip(rows, modes, strict=True)
                ],
                "date": today.isoformat(),
            },
            currency=currency,
            today=today,
        ),
        None,
    )
    found.done()
    assert journal is not None
    return TypedTemplate(
        name=name,
        journal=journal,
        lines=tuple(
            TypedTemplateLine(line, side, mode, percent)
            for line, (side, mode, percent) in zip(journal.lines, modes, strict=True)
        ),
        is_active=payload.get("is_active", True) is not False,
        version=journal.version,
    )


def _as_line(row: Any, side: str, mode: str) -> dict[str, Any]:
    line = dict(row) if isinstance(row, Mapping) else {}
    for name in ("debit", "credit", "taxable_amount"):
        line.pop(name, None)
    if mode == Mode.FIXED:
        line[side] = line.get("amount")
    return line


def _mode(row: Any, index: int, found: Collected) -> tuple[str, str, Decimal]:
    raw: Mapping[str, Any] = row if isinstance(row, Mapping) else {}
    side, mode = given(raw.get("side"), "debit"), given(raw.get("mode"), Mode.FIXED.value)
    at = f"lines.{index}."
    if side not in ("debit", "credit"):
        found.errors.append(DomainError(N_("A line is a debit or a credit."), field=f"{at}side"))
        side = "debit"
    if mode not in Mode.values:
        found.errors.append(
            DomainError(N_("An amount is fixed, a percent or typed each time."), field=f"{at}mode")
        )
        mode = Mode.EMPTY.value
    percent = ZERO
    if mode == Mode.PERCENT:
        percent = found.take(
            lambda: parse_decimal(
                raw.get("percent"),
                field=f"{at}percent",
                max_digits=7,
                places=4,
                above=ZERO,
                maximum=HUNDRED,
            ),
            ZERO,
        )
    if mode == Mode.FIXED and not raw.get("amount"):
        found.errors.append(
            DomainError(N_("Enter a number."), code="required", field=f"{at}amount")
        )
    return side, mode, percent


def template_get(template_id: uuid.UUID) -> JournalTemplate:
    """Return a template; raises JournalNotFound."""
    template = JournalTemplate.objects.filter(pk=template_id).first()
    if template is None:
        raise JournalNotFound(N_("There is no such template."))
    return template


def _require_name(name: str, template_id: uuid.UUID | None = None) -> None:
    taken = JournalTemplate.objects.filter(name=name)
    if (taken.exclude(pk=template_id) if template_id else taken).exists():
        raise DomainError(
            N_("There is a template of this name already."), code="duplicate_name", field="name"
        )


def _store(template: JournalTemplate, typed: TypedTemplate, actor: Principal) -> JournalTemplate:
    require(actor, PERMISSION)
    _require_name(typed.name, template.pk)
    method = str(actor.company.get("inventory_method") or "manual")
    checked = lines_checked([one.line for one in typed.lines], inventory_method=method)
    if len(checked) < 2:
        raise DomainError(N_("A template has at least two lines."), code="no_lines", field="lines")
    template.name, template.kind = typed.name, typed.journal.kind
    template.currency, template.description = typed.journal.currency, typed.journal.description
    template.is_active = typed.is_active
    template.save()
    JournalTemplateLine.objects.filter(template_id=template.pk).delete()
    JournalTemplateLine.objects.bulk_create(
        JournalTemplateLine(
            template_id=template.pk,
            position=position,
            account_id=line.account_id,
            side=one.side,
            mode=one.mode,
            amount=line.debit or line.credit,
            percent=one.percent,
            party_kind=line.party_kind,
            party_id=line.party_id,
            tax_code=line.tax_code,
            description=line.description,
        )
        for position, (line, one) in enumerate(zip(checked, typed.lines, strict=True), start=1)
    )
    return template


@write
def template_create(*, typed: TypedTemplate, actor: Principal) -> JournalTemplate:
    """Store a new template. Raises ValidationErrors, duplicate_name."""
    return _store(JournalTemplate(), typed, actor)


@write
def template_update(
    *, template_id: uuid.UUID, typed: TypedTemplate, actor: Principal
) -> JournalTemplate:
    """Replace a template; journals made from it stay as they are."""
    template = JournalTemplate.objects.select_for_update().filter(pk=template_id).first()
    if template is None:
        raise JournalNotFound(N_("There is no such template."))
    if typed.version is not None and typed.version != template.version:
        raise Conflict(current_version=template.version, changes={})
    template.version += 1
    return _store(template, typed, actor)


@write
def template_from_journal(
    *, journal_id: uuid.UUID, name: str, mode: str, actor: Principal
) -> JournalTemplate:
    """Save a journal's lines as a template: `fixed` keeps its amounts, `percent` their share, `empty` none."""
    require(actor, PERMISSION)
    journal = ManualJournal.objects.filter(pk=journal_id).first()
    if journal is None:
        raise JournalNotFound(N_("There is no such journal."))
    if mode not in Mode.values:
        raise DomainError(N_("An amount is fixed, a percent or typed each time."), field="mode")
    title = clean_text(name, field="name", min_length=1, max_length=120)
    _require_name(title)
    lines = list(journal.lines.order_by("position"))
    template: JournalTemplate = JournalTemplate.objects.create(
        name=title, kind=journal.kind, currency=journal.currency, description=journal.description
    )
    percents = _shares(
        [line.debit or line.credit for line in lines], [bool(line.debit) for line in lines]
    )
    JournalTemplateLine.objects.bulk_create(
        JournalTemplateLine(
            template_id=template.pk,
            position=line.position,
            account_id=line.account_id,
            side="credit" if line.credit else "debit",
            mode=mode,
            amount=(line.debit or line.credit) if mode == Mode.FIXED else ZERO,
            percent=percent if mode == Mode.PERCENT else ZERO,
            party_kind=line.party_kind,
            party_id=line.party_id,
            tax_code=line.tax_code,
            description=line.description,
        )
        for line, percent in zip(lines, percents, strict=True)
    )
    return template


def _shares(amounts: Sequence[Decimal], debits: Sequence[bool]) -> list[Decimal]:
    """Return each amount's percent of its side; two digits, 100 in all."""
    percents = [ZERO] * len(amounts)
    for side in (True, False):
        places = [at for at, is_debit in enumerate(debits) if is_debit is side]
        weights = [amounts[at] for at in places]
        if any(weights):
            for at, share in zip(places, distribute(HUNDRED, weights, "SAR"), strict=True):
                percents[at] = share
    return percents


def journal_from_template(
    *,
    template: JournalTemplate,
    date: dt.date,
    amount: Decimal | None,
    lines: Sequence[JournalTemplateLine] | None = None,
) -> TypedJournal:
    """Return the journal a template makes: percents of `amount`, each side's last percent line taking the residue.

    Raises ValidationErrors when a percent line has no amount to be a percent of.
    """
    stored = list(template.lines.order_by("position") if lines is None else lines)
    amounts = _amounts(stored, amount, template.currency)
    return TypedJournal(
        date=date,
        kind=template.kind,
        currency=template.currency,
        rate=None,
        reference="",
        description=template.description or template.name,
        lines=tuple(
            TypedJournalLine(
                account_id=line.account_id,
                account_code="",
                debit=value if line.side == "debit" else ZERO,
                credit=value if line.side == "credit" else ZERO,
                party_kind=line.party_kind,
                party_id=line.party_id,
                tax_code=line.tax_code,
                description=line.description,
            )
            for line, value in zip(stored, amounts, strict=True)
        ),
    )


def _amounts(
    lines: Sequence[JournalTemplateLine], amount: Decimal | None, currency: str
) -> list[Decimal]:
    if amount is None and any(line.mode == Mode.PERCENT for line in lines):
        raise ValidationErrors(
            [
                DomainError(
                    N_("This template takes percents: enter the amount."),
                    code="required",
                    field="amount",
                )
            ]
        )
    values = [line.amount if line.mode == Mode.FIXED else ZERO for line in lines]
    for side in ("debit", "credit"):
        places = [
            at for at, line in enumerate(lines) if line.mode == Mode.PERCENT and line.side == side
        ]
        if not places:
            continue
        percents = [lines[at].percent for at in places]
        whole = percent_of(amount or ZERO, sum(percents, ZERO), currency)
        for at, share in zip(places, distribute(whole, percents, currency), strict=True):
            values[at] = share
    return values
