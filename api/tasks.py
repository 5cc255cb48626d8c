"""Upkeep of the API."""

from __future__ import annotations

from celery import shared_task
from django.db import connection


@shared_task(name="api.purge_idempotency_keys")
def purge_idempotency_keys() -> int:
    """Delete answers that are no longer kept; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api_idempotency_purge()")
        return int(cursor.fetchone()[0])
