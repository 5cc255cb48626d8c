from django.db import migrations, models

import tenancy.constraints


class Migration(migrations.Migration):
    """Journal kinds of accounting.md section 4."""

    dependencies = [("ledger", "0004_account_kinds")]
    operations = [
        migrations.AlterField(
            model_name="journalentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("normal", "Normal"),
                    ("opening", "Opening"),
                    ("accrual", "Accrual"),
                    ("revaluation", "Revaluation"),
                    ("tax", "Tax"),
                    ("closing", "Closing"),
                    ("reversal", "Reversal"),
                ],
                default="normal",
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=tenancy.constraints.SqlCheck(
                "kind IN ('normal', 'opening', 'accrual', 'revaluation', 'tax', 'closing', 'reversal')",
                name="journal_entry_kind_known",
            ),
        ),
    ]
