from django.db import migrations

from tenancy.rls import PinSearchPath


class Migration(migrations.Migration):
    """The guard of bank matches reads real tables only."""

    dependencies = [("payments", "0013_instalments")]
    operations = [PinSearchPath("payments_bank_match_moves_line()")]
