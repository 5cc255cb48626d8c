"""The Celery application. Tasks live in <app>/tasks.py; one task in the database's outbox is the truth, not the queue."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
app = Celery("mizan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_our_logging(**kwargs: Any) -> None:
    """Having a receiver at all keeps Celery from replacing the log settings of Django."""


@worker_init.connect
def _refuse_unsafe_role(**kwargs: Any) -> None:
    from config.checks import require_safe_role  # noqa: PLC0415  # Django is set up by now, not when this file loads

    require_safe_role()
