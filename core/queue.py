"""Hand work to the background, by name, once the open transaction has committed.

The row that says what is to be done (an import job, an outbox row) is written in the same transaction and is the truth:
a message lost on the way is found again by a beat task that looks for waiting rows.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def _send(name: str, args: tuple[Any, ...]) -> None:
    if name not in current_app.tasks:
        current_app.loader.import_default_modules()
    try:
        current_app.tasks[name].apply_async(args=args)
    except (OperationalError, *current_app.connection_for_write().connection_errors):
        # the row stays waiting; beat hands it over when the broker is back
        logger.warning("The queue is unreachable; %s waits for the next round", name)


def enqueue_on_commit(name: str, *args: Any) -> None:
    """Queue the task `name` with plain arguments after commit.

    Company-owned work passes company id and actor id first, as tenancy.celery.CompanyTask expects.
    """
    transaction.on_commit(partial(_send, name, args))
