"""Migration operation that puts a document's two tables under the guards of documents/sql/guards.sql."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_NEW = "REFERENCING NEW TABLE AS new_rows"
_OLD = "REFERENCING OLD TABLE AS old_rows"
_BOTH = "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows"


class GuardDocument(migrations.RunSQL):
    """Freeze posted rows, check totals and journal at commit, keep the summary by state."""

    def __init__(self, header: str, lines: str, *, kind: str) -> None:
        self._args, self._kwargs = [header, lines], {"kind": kind}
        create = [
            f"GRANT SELECT ON {header}, {lines} TO app_sec",
            f"CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON {header} "
            "FOR EACH ROW EXECUTE FUNCTION documents_guard_header()",
            f"CREATE CONSTRAINT TRIGGER b_posted_complete AFTER INSERT OR UPDATE OF status ON {header} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status <> 'draft') "
            f"EXECUTE FUNCTION documents_posted_complete('{lines}', '{kind}')",
        ]
        drop = [
            f"DROP TRIGGER a_guard ON {header}",
            f"DROP TRIGGER b_posted_complete ON {header}",
        ]
        for event, rows in (("insert", _NEW), ("update", _BOTH), ("delete", _OLD)):
            create.append(
                f"CREATE TRIGGER c_summary_{event} AFTER {event.upper()} ON {header} {rows} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION documents_keep_summary('{kind}')"
            )
            create.append(
                f"CREATE TRIGGER a_guard_{event} AFTER {event.upper()} ON {lines} {rows} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION documents_guard_lines('{header}')"
            )
            drop.append(f"DROP TRIGGER c_summary_{event} ON {header}")
            drop.append(f"DROP TRIGGER a_guard_{event} ON {lines}")
        super().__init__(sql=create, reverse_sql=drop)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, self._args, self._kwargs
