from django.db import migrations, models

import tenancy.constraints


class Migration(migrations.Migration):
    """How old a rate may be, and how the company files its VAT return (accounting.md sections 5 and 9)."""

    dependencies = [("tenancy", "0004_inventory_method")]
    operations = [
        migrations.AlterModelOptions(
            name="company",
            options={
                "permissions": (
                    ("sell_below_minimum_margin", "Sell below the minimum margin"),
                    ("override_credit_limit", "Override the credit limit"),
                    ("ar.invoice.lock", "Lock and unlock invoices"),
                    ("ar.invoice.post", "Post invoices"),
                    ("payments.payment.create", "Register payments"),
                    ("ledger.period.post_closing", "Post into a closing period"),
                ),
                "verbose_name": "company",
                "verbose_name_plural": "companies",
            },
        ),
        migrations.AddField(
            model_name="company",
            name="rate_max_age_days",
            field=models.PositiveSmallIntegerField(
                default=7, db_default=7, verbose_name="longest age of an exchange rate, in days"
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="vat_period",
            field=models.CharField(
                choices=[("month", "Month"), ("quarter", "Quarter")],
                default="quarter",
                db_default="quarter",
                max_length=7,
                verbose_name="VAT period",
            ),
        ),
        migrations.AddField(
            model_name="company",
            name="vat_reverse_charge_in_box_1",
            field=models.BooleanField(
                default=False, db_default=False, verbose_name="reverse charge also in box 1"
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=tenancy.constraints.SqlCheck(
                "rate_max_age_days BETWEEN 0 AND 366", name="company_rate_max_age"
            ),
        ),
        migrations.AddConstraint(
            model_name="company",
            constraint=tenancy.constraints.SqlCheck(
                "vat_period IN ('month', 'quarter')", name="company_vat_period_known"
            ),
        ),
    ]
