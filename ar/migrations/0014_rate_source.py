from django.db import migrations, models

from audit.operations import RebuildHistory


class Migration(migrations.Migration):
    """Where the exchange rate of a document is from; of a typed one the reason (accounting.md section 5)."""

    dependencies = [
        ("ar", "0013_import_heartbeat"),
    ]

    operations = [
        migrations.AddField(
            model_name="creditnote",
            name="rate_date",
            field=models.DateField(blank=True, null=True, verbose_name="day of the rate"),
        ),
        migrations.AddField(
            model_name="creditnote",
            name="rate_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="why the rate was typed"
            ),
        ),
        migrations.AddField(
            model_name="creditnote",
            name="rate_source",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="historicalcreditnote",
            name="rate_date",
            field=models.DateField(blank=True, null=True, verbose_name="day of the rate"),
        ),
        migrations.AddField(
            model_name="historicalcreditnote",
            name="rate_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="why the rate was typed"
            ),
        ),
        migrations.AddField(
            model_name="historicalcreditnote",
            name="rate_source",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="historicalinvoice",
            name="rate_date",
            field=models.DateField(blank=True, null=True, verbose_name="day of the rate"),
        ),
        migrations.AddField(
            model_name="historicalinvoice",
            name="rate_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="why the rate was typed"
            ),
        ),
        migrations.AddField(
            model_name="historicalinvoice",
            name="rate_source",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="rate_date",
            field=models.DateField(blank=True, null=True, verbose_name="day of the rate"),
        ),
        migrations.AddField(
            model_name="invoice",
            name="rate_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="why the rate was typed"
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="rate_source",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="source"),
        ),
        RebuildHistory("ar_invoice", "ar_historicalinvoice"),
        RebuildHistory("ar_creditnote", "ar_historicalcreditnote"),
    ]
