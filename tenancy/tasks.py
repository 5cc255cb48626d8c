"""Regular work of every company, one task for each: one company's trouble keeps none of the others waiting."""

from __future__ import annotations

from celery import current_app, shared_task
from django.db import connection


@shared_task(name="tenancy.each_company")
def each_company(task: str) -> None:
    """Queue the company task `task` (company id, no actor) for every company. For entries of the beat schedule."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_company_ids()")
        companies = [row[0] for row in cursor.fetchall()]
    for company_id in companies:
        current_app.tasks[task].apply_async(args=(company_id, None))
