from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_rules"),
    ]

    operations = [
        migrations.AlterField(
            model_name="account",
            name="kind",
            field=models.CharField(
                choices=[
                    ("header", "Heading"),
                    ("asset", "Asset"),
                    ("contra_asset", "Deduction from assets"),
                    ("liability", "Liability"),
                    ("equity", "Equity"),
                    ("revenue", "Revenue"),
                    ("contra_revenue", "Deduction from revenue"),
                    ("expense", "Expense"),
                    ("contra_expense", "Deduction from expenses"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
    ]
