"""The Celery application. Tasks live in <app>/tasks.py; the database's outbox is the truth, not the queue."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init

from config.checks import require_safe_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
app = Celery("mizan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _keep_our_logging(**kwargs: Any) -> None:
    """Having a receiver at all keeps Celery from replacing the log settings of Django."""


def _refuse_unsafe_role(**kwargs: Any) -> None:
    """Stop the worker before it takes a job as a role that row-level security does not bind."""
    require_safe_role()


setup_logging.connect(_keep_our_logging)
worker_init.connect(_refuse_unsafe_role)
