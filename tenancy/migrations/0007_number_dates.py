from django.db import migrations, models


class Migration(migrations.Migration):
    """How far dates may run backwards inside a number series; empty: not looked at (accounting.md 12, check 10)."""

    dependencies = [("tenancy", "0006_payment_settings")]
    operations = [
        migrations.AddField(
            model_name="company",
            name="number_backdating_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                verbose_name="days a document may be dated before its predecessor in number",
            ),
        ),
    ]
