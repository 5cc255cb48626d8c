import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

import core.fields
import tenancy.constraints
import tenancy.context
from audit.operations import AuditTable
from tenancy.rls import EnableRowSecurity


class Migration(migrations.Migration):
    """Named payment terms, for customers, suppliers and single documents."""

    dependencies = [("documents", "0002_rules")]
    operations = [
        migrations.CreateModel(
            name="PaymentTerms",
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
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "name_arabic",
                    models.CharField(blank=True, max_length=120, verbose_name="name in Arabic"),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("receipt", "Due on receipt"),
                            ("net", "Days after the date of the document"),
                            ("month_end", "Days after the end of the month"),
                        ],
                        default="net",
                        max_length=9,
                        verbose_name="due",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(default=0, verbose_name="days")),
                (
                    "discount_percent",
                    core.fields.PercentField(
                        default=0, verbose_name="discount for paying early, percent"
                    ),
                ),
                (
                    "discount_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="within days"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
            ],
            options={
                "verbose_name": "payment terms",
                "verbose_name_plural": "payment terms",
                "ordering": ("code",),
                "abstract": False,
                "constraints": [
                    tenancy.constraints.TenantPrimaryKey(name="documents_paymentterms_tenant_pk"),
                    models.UniqueConstraint(
                        fields=("company", "code"), name="payment_terms_code_once"
                    ),
                    tenancy.constraints.SqlCheck(
                        "days <= 365 AND discount_days <= 365 AND discount_percent <> 'NaN' "
                        "AND discount_percent >= 0 AND discount_percent < 100 "
                        "AND (rule <> 'receipt' OR days = 0)",
                        name="payment_terms_bounds",
                    ),
                    tenancy.constraints.SqlCheck(
                        "rule IN ('receipt', 'net', 'month_end')", name="payment_terms_rule_known"
                    ),
                ],
            },
        ),
        EnableRowSecurity("documents_paymentterms"),
        AuditTable("documents_paymentterms", "documents.payment_terms"),
    ]
