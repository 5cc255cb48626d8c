"""Measure the jobs asked for and print their tables."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Sequence

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from bench import jobs, volume_jobs
from bench.world import World
from config.memory import settle

SMALL, LARGE = 26_000, 260_000


def measure(only: Sequence[str], *, quick: bool) -> int:
    """Print a table for each job; returns 0."""
    logging.disable(logging.WARNING)
    settings.DEBUG = False
    settings.ROOT_URLCONF = "bench.urls"
    settings.ALLOWED_HOSTS = ["*"]
    rates = settings.REST_FRAMEWORK.get("DEFAULT_THROTTLE_RATES", {})
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = dict.fromkeys(rates)
    call_command("migrate", database="owner", verbosity=0, skip_checks=True)
    _describe()
    rounds = 12 if quick else 60
    sizes = (SMALL,) if quick else (SMALL, LARGE)
    world = World()
    settle()  # as a web process does
    if "preview" in only:
        jobs.preview(world, rounds=rounds).show()
    if "line" in only:
        jobs.add_line(world, rounds=rounds).show()
    if "post" in only:
        jobs.post(world, rounds=rounds).show()
    if "payment" in only:
        jobs.payment(world, rounds=rounds).show()
    if "pdf" in only:
        jobs.pdf(world, rounds=rounds).show()
    if "import" in only:
        volume_jobs.imports(quick=quick).show()
    if "list" in only:
        volume_jobs.lists(sizes=sizes, rounds=rounds).show()
    if "balance" in only:
        volume_jobs.balance(sizes=sizes, rounds=rounds).show()
    if "ageing" in only:
        volume_jobs.ageing(sizes=sizes, rounds=rounds).show()
    return 0


def _describe() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit'), "
            "current_user"
        )
        version, fsync, durable, role = cursor.fetchone()
    print(
        f"PostgreSQL {version}, fsync {fsync}, synchronous_commit {durable}, role {role}; Python "
        f"{platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}."
    )
