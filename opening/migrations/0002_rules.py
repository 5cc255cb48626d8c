from django.db import migrations

from audit.operations import AuditTable
from tenancy.rls import EnableRowSecurity


class Migration(migrations.Migration):
    dependencies = [("opening", "0001_files"), ("audit", "0002_audit_entry")]
    operations = [
        EnableRowSecurity("opening_openingfile"),
        AuditTable(
            "opening_openingfile",
            "opening.file",
            quiet="problems,notes,documents,sample,mapping",
            events="insert update",
        ),
    ]
