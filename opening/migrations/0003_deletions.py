from django.db import migrations

from audit.operations import AuditTable


class Migration(migrations.Migration):
    """A file that was taken away leaves a trace."""

    dependencies = [("opening", "0002_rules")]
    operations = [AuditTable("opening_openingfile", "opening.file", events="delete")]
