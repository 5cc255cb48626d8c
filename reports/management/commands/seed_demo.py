"""manage.py seed_demo: two demo companies with a year of business (SP-11)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reports.demo.plans import PLANS
from reports.demo.seed import PASSWORD, seed_all


class Command(BaseCommand):
    """Fill the database with the demo companies."""

    help = "Make the two demo companies; does nothing where they exist. Refused in production."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT == "prod":
            raise CommandError(
                "seed_demo makes accounts with a published password: not in production."
            )
        made = seed_all()
        for plan in PLANS:
            state = "made" if plan.slug in made else "was there"
            self.stdout.write(f"{plan.slug:<10} {state:<10} {plan.name}")
            for role, _, _ in plan.people:
                self.stdout.write(f"  {role}@{plan.slug}.mizan.test  {PASSWORD}")
