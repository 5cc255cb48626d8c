from django.db import migrations, models

from audit.operations import RebuildHistory


class Migration(migrations.Migration):
    """Where the exchange rate of a document is from; of a typed one the reason (accounting.md section 5)."""

    dependencies = [
        ("ap", "0007_import_heartbeat"),
    ]

    operations = [
        migrations.AddField(
            model_name="bill",
            name="rate_date",
            field=models.DateField(blank=True, null=True, verbose_name="day of the rate"),
        ),
        migrations.AddField(
            model_name="bill",
            name="rate_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="why the rate was typed"
            ),
        ),
        migrations.AddField(
            model_name="bill",
            name="rate_source",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="historicalbill",
            name="rate_date",
            field=models.DateField(blank=True, null=True, verbose_name="day of the rate"),
        ),
        migrations.AddField(
            model_name="historicalbill",
            name="rate_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="why the rate was typed"
            ),
        ),
        migrations.AddField(
            model_name="historicalbill",
            name="rate_source",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="historicalsuppliercredit",
            name="rate_date",
            field=models.DateField(blank=True, null=True, verbose_name="day of the rate"),
        ),
        migrations.AddField(
            model_name="historicalsuppliercredit",
            name="rate_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="why the rate was typed"
            ),
        ),
        migrations.AddField(
            model_name="historicalsuppliercredit",
            name="rate_source",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="suppliercredit",
            name="rate_date",
            field=models.DateField(blank=True, null=True, verbose_name="day of the rate"),
        ),
        migrations.AddField(
            model_name="suppliercredit",
            name="rate_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="why the rate was typed"
            ),
        ),
        migrations.AddField(
            model_name="suppliercredit",
            name="rate_source",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="source"),
        ),
        RebuildHistory("ap_bill", "ap_historicalbill"),
        RebuildHistory("ap_suppliercredit", "ap_historicalsuppliercredit"),
    ]
