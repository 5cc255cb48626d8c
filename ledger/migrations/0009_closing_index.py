from django.db import migrations, models


class Migration(migrations.Migration):
    """Find year ends by date; the new columns have defaults of the database, so that raw inserts go on working."""

    dependencies = [
        ("ledger", "0008_manual_rules"),
        ("tenancy", "0005_period_settings"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accountbalance",
            name="is_closing",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="journalentry",
            name="is_adjustment",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="adjustment"
            ),
        ),
        migrations.AlterField(
            model_name="journalentry",
            name="is_closing",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="year end"
            ),
        ),
        migrations.AlterField(
            model_name="period",
            name="reopen_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=300, verbose_name="why it was reopened"
            ),
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(
                condition=models.Q(("is_closing", True)),
                fields=["company", "date"],
                name="journal_entry_closing",
            ),
        ),
    ]
