import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import core.fields
import tenancy.constraints
import tenancy.context
import tenancy.fields
from audit.operations import AuditTable
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity


class Migration(migrations.Migration):
    """VAT returns with the rows behind their boxes (accounting.md section 9)."""

    initial = True

    dependencies = [
        ("ledger", "0009_closing_index"),
        ("tenancy", "0005_period_settings"),
        ("audit", "0002_audit_entry"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VatReturn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("start_date", models.DateField(verbose_name="first day")),
                ("end_date", models.DateField(verbose_name="last day")),
                (
                    "state",
                    models.CharField(
                        choices=[("prepared", "Prepared"), ("filed", "Filed"), ("paid", "Paid")],
                        default="prepared",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("figures", models.JSONField(verbose_name="boxes")),
                (
                    "correction",
                    core.fields.AmountField(
                        default=0, verbose_name="corrections of previous periods"
                    ),
                ),
                (
                    "correction_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="reason of the corrections"
                    ),
                ),
                (
                    "carried_forward",
                    core.fields.AmountField(default=0, verbose_name="credit carried forward"),
                ),
                ("net_due", core.fields.AmountField(default=0, verbose_name="net VAT due")),
                ("prepared_at", models.DateTimeField(verbose_name="prepared at")),
                ("filed_at", models.DateTimeField(blank=True, null=True, verbose_name="filed at")),
                (
                    "unfile_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="why it was taken back"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.context.current_company_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.company",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "filing_entry",
                    tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
                (
                    "payment_entry",
                    tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "VAT return",
                "verbose_name_plural": "VAT returns",
                "ordering": ("-start_date",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VatReturnRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("box", models.PositiveSmallIntegerField(verbose_name="box")),
                ("is_adjustment", models.BooleanField(default=False, verbose_name="adjustment")),
                ("date", models.DateField(verbose_name="tax date")),
                ("source_kind", models.CharField(max_length=40)),
                ("source_id", models.UUIDField()),
                (
                    "source_number",
                    models.CharField(blank=True, max_length=60, verbose_name="number"),
                ),
                ("party_kind", models.CharField(blank=True, max_length=12)),
                ("party_id", models.UUIDField(blank=True, null=True)),
                ("party_name", models.CharField(blank=True, max_length=300, verbose_name="party")),
                (
                    "party_vat_number",
                    models.CharField(blank=True, max_length=30, verbose_name="VAT number"),
                ),
                ("tax_code", models.CharField(blank=True, max_length=12, verbose_name="VAT code")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("rate", core.fields.RateField(verbose_name="exchange rate")),
                ("net", core.fields.AmountField(verbose_name="net")),
                ("output_vat", core.fields.AmountField(default=0, verbose_name="output VAT")),
                ("input_vat", core.fields.AmountField(default=0, verbose_name="input VAT")),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        default=tenancy.context.current_company_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.company",
                    ),
                ),
                (
                    "entry",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.journalentry",
                    ),
                ),
                (
                    "vat_return",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="reports.vatreturn",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a VAT return",
                "verbose_name_plural": "rows of VAT returns",
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="vatreturn",
            constraint=tenancy.constraints.TenantPrimaryKey(name="reports_vatreturn_tenant_pk"),
        ),
        migrations.AddConstraint(
            model_name="vatreturn",
            constraint=tenancy.constraints.TenantKey(
                "filing_entry", name="vat_return_filing_entry_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturn",
            constraint=tenancy.constraints.TenantKey(
                "payment_entry", name="vat_return_payment_entry_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturn",
            constraint=tenancy.constraints.SqlCheck(
                "end_date >= start_date", name="vat_return_dates_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturn",
            constraint=tenancy.constraints.SqlCheck(
                "state IN ('prepared', 'filed', 'paid')", name="vat_return_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturn",
            constraint=tenancy.constraints.SqlCheck(
                "state = 'prepared' OR filed_at IS NOT NULL", name="vat_return_filed_complete"
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturn",
            constraint=tenancy.constraints.SqlCheck(
                "correction = 0 OR (correction_reason <> '' AND correction BETWEEN -5000 AND 5000)",
                name="vat_return_correction_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturn",
            constraint=tenancy.constraints.SqlCheck(
                "correction <> 'NaN' AND net_due <> 'NaN'", name="vat_return_correction_finite"
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturn",
            constraint=tenancy.constraints.SqlCheck(
                "carried_forward <> 'NaN' AND carried_forward >= 0",
                name="vat_return_carried_finite",
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturn",
            constraint=tenancy.constraints.SqlExclude(
                "USING gist (company_id WITH =, daterange(start_date, end_date, '[]') WITH &&)",
                name="vat_return_no_overlap",
            ),
        ),
        migrations.AddIndex(
            model_name="vatreturnrow",
            index=models.Index(
                fields=["company", "vat_return", "box", "date", "id"], name="vat_return_row_box"
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturnrow",
            constraint=tenancy.constraints.TenantPrimaryKey(name="reports_vatreturnrow_tenant_pk"),
        ),
        migrations.AddConstraint(
            model_name="vatreturnrow",
            constraint=tenancy.constraints.TenantKey(
                "vat_return", name="vat_return_row_vat_return_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturnrow",
            constraint=tenancy.constraints.TenantKey(
                "entry", name="vat_return_row_entry_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturnrow",
            constraint=tenancy.constraints.SqlCheck(
                "box BETWEEN 1 AND 14", name="vat_return_row_box_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturnrow",
            constraint=tenancy.constraints.SqlCheck(
                "net <> 'NaN' AND output_vat <> 'NaN' AND input_vat <> 'NaN'",
                name="vat_return_row_net_finite",
            ),
        ),
        migrations.AddConstraint(
            model_name="vatreturnrow",
            constraint=tenancy.constraints.SqlCheck(
                "rate <> 'NaN' AND rate > 0", name="vat_return_row_rate"
            ),
        ),
        EnableRowSecurity("reports_vatreturn"),
        EnableRowSecurity("reports_vatreturnrow"),
        AuditTable("reports_vatreturn", "reports.vat_return"),
        migrations.RunSQL(sql=[sql_file(__file__, "vat.sql")], reverse_sql=migrations.RunSQL.noop),
    ]
