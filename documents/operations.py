"""Migration operation that puts a document's two tables under the guards of documents/sql."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import migrations

TEMPLATE = Path(__file__).resolve().parent / "sql" / "document.sql"


class GuardDocument(migrations.RunSQL):
    """Freeze posted rows, check totals and journal at commit, keep the summary by state.

    `again`: the guards are there already and only written anew; going back leaves them.
    """

    def __init__(self, header: str, lines: str, *, kind: str, again: bool = False) -> None:
        self._args, self._kwargs = [header, lines], {"kind": kind, "again": again}
        text = TEMPLATE.read_text(encoding="utf-8")
        for name, value in (("header", header), ("lines", lines), ("kind", kind)):
            text = text.replace(f"@{name}@", value)
        drop = (
            f"DROP TRIGGER a_guard ON {header}; DROP FUNCTION {header}_guard_lines() CASCADE; "
            f"SET LOCAL ROLE app_sec; DROP FUNCTION {header}_posted_complete(), "
            f"{header}_keep_summary() CASCADE; RESET ROLE"
        )
        super().__init__(sql=[text], reverse_sql=migrations.RunSQL.noop if again else [drop])

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, self._args, self._kwargs
