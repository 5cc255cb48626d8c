"""Upkeep of the audit log."""

from __future__ import annotations

from celery import shared_task
from django.db import connection

from core.dates import local_today


@shared_task(name="audit.make_partitions")
def make_partitions() -> None:
    """Make the partitions of this month and the next one; rows without one wait in the default partition."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_partitions(%s)", [local_today()])
