"""`messages`: collect the strings to translate, check that none is missing, compile."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.messages import CATALOGUE, compile_catalogues, problems, update


class Command(BaseCommand):
    """Without an option: bring the catalogue up to date and compile it."""

    help = "Update, check or compile the Arabic translations (no GNU gettext needed)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the two other ways to run."""
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument("--check", action="store_true", help="fail when a string has no Arabic")
        ways.add_argument("--compile", action="store_true", help="compile only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; raises CommandError when --check finds something."""
        root = settings.BASE_DIR
        if options["check"]:
            found = problems(root)
            for sentence in found:
                self.stderr.write(sentence)
            if found:
                raise CommandError(
                    f"{len(found)} strings need attention: run make messages, then translate."
                )
            self.stdout.write("Every string has its Arabic.")
            return
        if not options["compile"]:
            waiting = update(root)
            self.stdout.write(f"{CATALOGUE}: {waiting} strings await translation.")
        compile_catalogues(root)
