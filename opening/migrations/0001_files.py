import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import core.fields
import tenancy.constraints
import tenancy.context


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tenancy", "0006_payment_settings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningFile",
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
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("customers", "Open customer documents"),
                            ("suppliers", "Open supplier documents"),
                            ("stock", "Stock"),
                            ("accounts", "Trial balance"),
                        ],
                        max_length=9,
                        verbose_name="step",
                    ),
                ),
                ("date", models.DateField(verbose_name="go-live date")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Uploaded"),
                            ("checked", "Checked"),
                            ("posted", "Posted"),
                            ("undone", "Undone"),
                        ],
                        default="uploaded",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("stored_file", models.CharField(max_length=300)),
                ("mapping", models.JSONField(blank=True, default=dict)),
                ("headings", models.JSONField(default=list)),
                ("sample", models.JSONField(default=list)),
                (
                    "create_parties",
                    models.BooleanField(default=False, verbose_name="add missing parties"),
                ),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("rejected", models.PositiveIntegerField(default=0, verbose_name="refused rows")),
                ("total", core.fields.AmountField(default=0, verbose_name="total")),
                ("problems", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                ("documents", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("posted_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
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
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "opening file",
                "verbose_name_plural": "opening files",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["company", "-created_at"], name="opening_file_by_date")
                ],
                "constraints": [
                    tenancy.constraints.TenantPrimaryKey(name="opening_openingfile_tenant_pk"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "posted"), ("step", "accounts")),
                        fields=("company", "step"),
                        name="opening_trial_balance_once",
                    ),
                    tenancy.constraints.SqlCheck(
                        "step IN ('customers', 'suppliers', 'stock', 'accounts')",
                        name="opening_file_step_known",
                    ),
                    tenancy.constraints.SqlCheck(
                        "state IN ('uploaded', 'checked', 'posted', 'undone')",
                        name="opening_file_state_known",
                    ),
                    tenancy.constraints.SqlCheck(
                        "total <> 'NaN'", name="opening_file_total_finite"
                    ),
                ],
            },
        ),
    ]
