"""`prepare`: everything between a running database and a running site, in one process. Part of `make run`."""

from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from config.checks import require_safe_role
from config.messages import compile_catalogues
from config.static_files import collect_when_changed


class Command(BaseCommand):
    """Migrate, compile translations, collect static files, fill an empty database with the demo companies."""

    help = "Make the database and files ready to serve; harmless to repeat."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every step that is needed; raises CommandError when the database cannot be brought up to date."""
        self._migrate()
        require_safe_role()
        compile_catalogues(settings.BASE_DIR)
        if collect_when_changed():
            self.stdout.write("Static files collected.")
        if settings.SEED_DEMO and settings.ENVIRONMENT == "dev" and self._has_no_company():
            self._seed()

    def _migrate(self) -> None:
        alias = "owner" if "owner" in connections.databases else DEFAULT_DB_ALIAS
        executor = MigrationExecutor(connections[alias])
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not waiting:
            return
        if alias != "owner":
            raise CommandError(
                f"{len(waiting)} migrations are waiting: set DATABASE_OWNER_URL to the owner's address to apply them."
            )
        self.stdout.write(f"Applying {len(waiting)} migrations.")
        call_command("migrate", database="owner", interactive=False, verbosity=0)

    def _has_no_company(self) -> bool:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("SELECT NOT EXISTS (SELECT FROM tenancy_company_ids())")
            row = cursor.fetchone()
        return bool(row and row[0])

    def _seed(self) -> None:
        if "seed_demo" in get_commands():
            self.stdout.write("Filling the empty database with the demo companies.")
            call_command("seed_demo")
