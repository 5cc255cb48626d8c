"""Gapless numbers: one counter row per (branch, kind, year), locked until the posting commits (PS-14, D1)."""

from __future__ import annotations

import uuid

from django.db import connection

from core.ids import uuid7
from tenancy.context import current_company_id


def numbers_take(
    *, branch_id: uuid.UUID, kind: str, prefix: str, year: int, count: int = 1
) -> tuple[str, list[int]]:
    """Take `count` consecutive numbers in one statement; returns the series and the numbers.

    The counter row stays locked until commit, so a rollback gives the numbers back and no gap can appear.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_numbersequence AS s "
            "(id, company_id, branch_id, kind, year, series, last_number) "
            "SELECT %s, b.company_id, b.id, %s, %s, %s || '-' || %s || "
            "CASE WHEN b.is_default THEN '' ELSE '-' || b.code END, %s "
            "FROM tenancy_branch b WHERE b.company_id = %s AND b.id = %s "
            "ON CONFLICT (company_id, branch_id, kind, year) "
            "DO UPDATE SET last_number = s.last_number + EXCLUDED.last_number "
            "RETURNING series, last_number",
            [uuid7(), kind, year, prefix, str(year), count, current_company_id(), branch_id],
        )
        series, last = cursor.fetchone()
    return series, list(range(last - count + 1, last + 1))


def format_number(series: str, number: int) -> str:
    """Return the printed number, for example INV-2026-00042."""
    return f"{series}-{number:05d}"
