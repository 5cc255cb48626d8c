import django.db.models.deletion
from django.db import migrations

import tenancy.fields


class Migration(migrations.Migration):
    """Lines name their record as lines of documents do: the audit of lines reads this column."""

    dependencies = [("ledger", "0009_closing_index")]
    operations = [
        migrations.AlterField(
            model_name="journaltemplateline",
            name="template",
            field=tenancy.fields.TenantForeignKey(
                db_column="document_id",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="ledger.journaltemplate",
            ),
        ),
        migrations.AlterField(
            model_name="manualjournalline",
            name="journal",
            field=tenancy.fields.TenantForeignKey(
                db_column="document_id",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="ledger.manualjournal",
            ),
        ),
    ]
