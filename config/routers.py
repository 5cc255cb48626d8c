"""Which connection may change the schema."""

from typing import Any


class OwnerMigrates:
    """Only the owner's connection runs migrations; everything else uses the application role."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Allow schema changes on the alias `owner` alone."""
        return db == "owner"
