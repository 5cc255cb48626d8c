"""`migrate` on the owner's connection, unless another is named."""

from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as DjangoMigrate


class Command(DjangoMigrate):
    """Django's migrate; the application role may not change the schema, so `owner` is the default."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Change the default of --database."""
        super().add_arguments(parser)
        parser.set_defaults(database="owner")
