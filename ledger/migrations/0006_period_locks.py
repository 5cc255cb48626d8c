import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import tenancy.constraints
import tenancy.context
from audit.operations import AuditTable
from core.sql import sql_file
from tenancy.rls import EnableRowSecurity


class Migration(migrations.Migration):
    """Lock dates, adjustments, year ends told apart in the kept balances (accounting.md section 10)."""

    dependencies = [
        ("ledger", "0005_journal_kinds"),
        ("audit", "0002_audit_entry"),
        ("tenancy", "0003_owner_race"),
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LockDate",
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
                    "area",
                    models.CharField(
                        choices=[
                            ("sales", "Sales"),
                            ("purchases", "Purchases"),
                            ("money", "Money"),
                            ("stock", "Stock"),
                            ("general", "All books"),
                            ("tax", "VAT"),
                        ],
                        max_length=10,
                        verbose_name="area",
                    ),
                ),
                ("until", models.DateField(verbose_name="locked until")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="changed at")),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                "verbose_name": "lock date",
                "verbose_name_plural": "lock dates",
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(model_name="accountbalance", name="account_balance_once"),
        migrations.AddField(
            model_name="accountbalance",
            name="is_closing",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="journalentry",
            name="is_adjustment",
            field=models.BooleanField(default=False, editable=False, verbose_name="adjustment"),
        ),
        migrations.AddField(
            model_name="journalentry",
            name="is_closing",
            field=models.BooleanField(default=False, editable=False, verbose_name="year end"),
        ),
        migrations.AddField(
            model_name="period",
            name="reopen_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="why it was reopened"),
        ),
        migrations.AddConstraint(
            model_name="accountbalance",
            constraint=models.UniqueConstraint(
                fields=("company", "account", "period", "currency", "is_closing"),
                name="account_balance_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="lockdate",
            constraint=tenancy.constraints.TenantPrimaryKey(name="ledger_lockdate_tenant_pk"),
        ),
        migrations.AddConstraint(
            model_name="lockdate",
            constraint=models.UniqueConstraint(fields=("company", "area"), name="lock_date_once"),
        ),
        migrations.AddConstraint(
            model_name="lockdate",
            constraint=tenancy.constraints.SqlCheck(
                "area IN ('sales', 'purchases', 'money', 'stock', 'general', 'tax')",
                name="lock_date_area_known",
            ),
        ),
        EnableRowSecurity("ledger_lockdate"),
        AuditTable("ledger_lockdate", "ledger.lock_date"),
        migrations.RunSQL(
            sql=[sql_file(__file__, "locks.sql")], reverse_sql=migrations.RunSQL.noop
        ),
    ]
