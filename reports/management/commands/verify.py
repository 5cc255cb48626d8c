"""manage.py verify: all invariants over all companies; a row for each check, exit code 1 when one fails."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reports.verify.run import Outcome, company_ids, verify_company, verify_database


class Command(BaseCommand):
    """Check every invariant of every company."""

    help = "Check every invariant of every company; exits 1 when one is broken."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--company", metavar="SLUG", help="check this company only")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = sum([self._show(outcome) for outcome in verify_database()])
        count = 0
        for company_id in company_ids():
            for outcome in verify_company(company_id):
                if options["company"] and outcome.company != options["company"]:
                    break
                failed += self._show(outcome)
            else:
                count += 1
        self.stdout.write(f"{count} companies, {failed} failed checks")
        if failed:
            sys.exit(1)

    def _show(self, outcome: Outcome) -> bool:
        word = "FAIL" if outcome.count else "OK"
        where = outcome.company or "(database)"
        self.stdout.write(f"{word:<5} {where:<20} {outcome.check.name:<30} {outcome.count}")
        for breach in outcome.breaches:
            self.stdout.write(f"      {breach.what}: {breach.detail}")
        if outcome.count > len(outcome.breaches):
            self.stdout.write(f"      and {outcome.count - len(outcome.breaches)} more")
        return bool(outcome.count)
