"""Columns of files for the books: which heading means which field. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import N_, DomainError


class MissingColumns(DomainError):
    """The file lacks columns an import cannot do without, or the mapping names others."""

    code = "missing_columns"


@dataclass(frozen=True, slots=True)
class FileField:
    """A field a column can be mapped to, and the headings people use for it (folded)."""

    name: str
    label: str
    headings: tuple[str, ...]
    required: bool = False


def _fold(heading: str) -> str:
    return re.sub(r"[^\w]|_", "", heading).casefold()


def guess_columns(fields: Sequence[FileField], headings: Sequence[str]) -> dict[str, str]:
    """Return field -> heading as the headings suggest; each heading serves one field."""
    folded: dict[str, str] = {}
    for heading in headings:
        folded.setdefault(_fold(heading), heading)
    guess: dict[str, str] = {}
    for field in fields:
        for candidate in (_fold(field.name), *field.headings):
            found = folded.get(candidate)
            if found is not None and found not in guess.values():
                guess[field.name] = found
                break
    return guess


def positions_of(
    fields: Sequence[FileField],
    headings: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    *,
    one_of: Sequence[Sequence[str]] = (),
) -> dict[str, int]:
    """Return field -> position of its column. `one_of`: groups of fields of which one at least is needed.

    Raises MissingColumns.
    """
    chosen = {
        name: heading
        for name, heading in (mapping or guess_columns(fields, headings)).items()
        if heading
    }
    known = {field.name for field in fields}
    absent = sorted(
        {name for name in chosen if name not in known}
        | {heading for heading in chosen.values() if heading not in headings}
    )
    if absent:
        raise MissingColumns(
            N_("The file has no column %(columns)s."),
            field="mapping",
            params={"columns": ", ".join(absent)},
        )
    missing = [field.name for field in fields if field.required and field.name not in chosen]
    missing += [group[0] for group in one_of if not set(group) & set(chosen)]
    if missing:
        raise MissingColumns(
            N_("Choose a column for: %(columns)s."),
            field="mapping",
            params={"columns": ", ".join(missing)},
        )
    return {name: list(headings).index(heading) for name, heading in chosen.items()}


def labels_of(fields: Sequence[FileField]) -> dict[str, str]:
    """Return the label of each field, untranslated."""
    return {field.name: field.label for field in fields}


@dataclass(frozen=True, slots=True)
class RowRefused:
    """One refused row: where it is and why."""

    row: int
    key: str
    error: DomainError

    def as_json(self) -> dict[str, object]:
        """Return it as a job keeps it for its page."""
        return {
            "row": self.row,
            "key": self.key.replace("\x00", "")[:120],
            "field": self.error.field or "",
            "reason": str(self.error),
        }
