"""`serve`: the same as `make run` after its environment is installed."""

from typing import Any

from django.core.management.base import BaseCommand

from config.services.run import run


class Command(BaseCommand):
    """Start servers, web, worker and beat under one supervisor."""

    help = "Serve Mizan; Ctrl-C stops everything that was started."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until stopped."""
        raise SystemExit(run())
