import django.db.models.constraints
import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import core.fields
import tenancy.constraints
import tenancy.context
import tenancy.fields


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0006_period_locks"),
        ("tenancy", "0004_inventory_method"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JournalImport",
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
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("stored_file", models.CharField(max_length=300)),
                ("mapping", models.JSONField(blank=True, default=dict)),
                ("accounts", models.JSONField(blank=True, default=dict)),
                ("unknown_accounts", models.JSONField(blank=True, default=list)),
                ("headings", models.JSONField(default=list)),
                ("sample", models.JSONField(default=list)),
                (
                    "create_accounts",
                    models.BooleanField(default=False, verbose_name="make missing accounts"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Uploaded"),
                            ("checked", "Checked"),
                            ("done", "Imported"),
                            ("failed", "Stopped"),
                        ],
                        default="uploaded",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=500)),
                ("entries", models.PositiveIntegerField(default=0, verbose_name="journals")),
                ("lines", models.PositiveIntegerField(default=0, verbose_name="lines")),
                ("rejected", models.PositiveIntegerField(default=0, verbose_name="refused rows")),
                ("skipped", models.PositiveIntegerField(default=0, verbose_name="imported before")),
                ("total", core.fields.AmountField(default=0, verbose_name="total")),
                ("problems", models.JSONField(default=list)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
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
                "verbose_name": "import of journals",
                "verbose_name_plural": "imports of journals",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JournalTemplate",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("normal", "Normal"), ("accrual", "Accrual, reverses itself")],
                        default="normal",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "description",
                    models.CharField(blank=True, max_length=300, verbose_name="description"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                "verbose_name": "journal template",
                "verbose_name_plural": "journal templates",
                "ordering": ("name",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JournalTemplateLine",
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
                ("position", models.PositiveIntegerField()),
                ("side", models.CharField(max_length=6, verbose_name="side")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("fixed", "Fixed amount"),
                            ("percent", "Percent of the amount"),
                            ("empty", "Typed each time"),
                        ],
                        default="fixed",
                        max_length=7,
                        verbose_name="amount",
                    ),
                ),
                ("amount", core.fields.AmountField(default=0, verbose_name="amount")),
                ("percent", core.fields.PercentField(default=0, verbose_name="percent")),
                ("party_kind", models.CharField(blank=True, max_length=12)),
                ("party_id", models.UUIDField(blank=True, null=True)),
                ("tax_code", models.CharField(blank=True, max_length=12, verbose_name="VAT code")),
                (
                    "description",
                    models.CharField(blank=True, max_length=300, verbose_name="description"),
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
                "verbose_name": "line of a journal template",
                "verbose_name_plural": "lines of journal templates",
                "ordering": ("position",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ManualJournal",
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
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number")),
                ("series", models.CharField(blank=True, editable=False, max_length=60)),
                (
                    "sequence_number",
                    models.PositiveIntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="reference of the source"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("posted", "Posted"),
                            ("reversed", "Reversed"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("normal", "Normal"), ("accrual", "Accrual, reverses itself")],
                        default="normal",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("date", models.DateField(verbose_name="date")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("rate", core.fields.RateField(default=1, verbose_name="exchange rate")),
                (
                    "reference",
                    models.CharField(blank=True, max_length=120, verbose_name="reference"),
                ),
                (
                    "description",
                    models.CharField(blank=True, max_length=300, verbose_name="description"),
                ),
                ("total", core.fields.AmountField(default=0, verbose_name="total")),
                ("line_count", models.PositiveIntegerField(default=0)),
                (
                    "reverse_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="reason of the reversal"
                    ),
                ),
                ("recurring_date", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "posted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="posted at"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                "verbose_name": "manual journal",
                "verbose_name_plural": "manual journals",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ManualJournalLine",
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
                ("position", models.PositiveIntegerField()),
                ("debit", core.fields.AmountField(default=0, verbose_name="debit")),
                ("credit", core.fields.AmountField(default=0, verbose_name="credit")),
                ("party_kind", models.CharField(blank=True, max_length=12)),
                ("party_id", models.UUIDField(blank=True, null=True)),
                ("tax_code", models.CharField(blank=True, max_length=12, verbose_name="VAT code")),
                (
                    "taxable_amount",
                    core.fields.AmountField(blank=True, null=True, verbose_name="taxable amount"),
                ),
                (
                    "description",
                    models.CharField(blank=True, max_length=300, verbose_name="description"),
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
                "verbose_name": "line of a manual journal",
                "verbose_name_plural": "lines of manual journals",
                "ordering": ("position",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RecurringJournal",
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
                    "frequency",
                    models.CharField(
                        choices=[("monthly", "Monthly"), ("quarterly", "Quarterly")],
                        max_length=9,
                        verbose_name="frequency",
                    ),
                ),
                ("start_date", models.DateField(verbose_name="first date")),
                ("end_date", models.DateField(blank=True, null=True, verbose_name="last date")),
                ("runs", models.PositiveIntegerField(default=0, verbose_name="dates done")),
                ("next_date", models.DateField(blank=True, null=True, verbose_name="next date")),
                ("amount", core.fields.AmountField(blank=True, null=True, verbose_name="amount")),
                ("post", models.BooleanField(default=False, verbose_name="post at once")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "last_date",
                    models.DateField(blank=True, null=True, verbose_name="last date run"),
                ),
                (
                    "last_result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not run yet"),
                            ("draft", "Draft made"),
                            ("posted", "Posted"),
                            ("failed", "Failed"),
                        ],
                        default="",
                        max_length=6,
                        verbose_name="last result",
                    ),
                ),
                (
                    "last_message",
                    models.CharField(blank=True, max_length=500, verbose_name="message"),
                ),
                ("last_run_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
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
                "verbose_name": "recurring journal",
                "verbose_name_plural": "recurring journals",
                "ordering": ("next_date",),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="journalimport",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="journaltemplateline",
            name="account",
            field=tenancy.fields.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.account",
                verbose_name="account",
            ),
        ),
        migrations.AddField(
            model_name="journaltemplateline",
            name="template",
            field=tenancy.fields.TenantForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="ledger.journaltemplate",
            ),
        ),
        migrations.AddField(
            model_name="manualjournal",
            name="branch",
            field=tenancy.fields.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.branch",
                verbose_name="branch",
            ),
        ),
        migrations.AddField(
            model_name="manualjournal",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="manualjournal",
            name="posted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="manualjournalline",
            name="account",
            field=tenancy.fields.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.account",
                verbose_name="account",
            ),
        ),
        migrations.AddField(
            model_name="manualjournalline",
            name="journal",
            field=tenancy.fields.TenantForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="ledger.manualjournal",
            ),
        ),
        migrations.AddField(
            model_name="recurringjournal",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="recurringjournal",
            name="template",
            field=tenancy.fields.TenantForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.journaltemplate",
                verbose_name="template",
            ),
        ),
        migrations.AddField(
            model_name="manualjournal",
            name="recurring",
            field=tenancy.fields.TenantForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="journals",
                to="ledger.recurringjournal",
                verbose_name="schedule",
            ),
        ),
        migrations.AddIndex(
            model_name="journalimport",
            index=models.Index(fields=["company", "-created_at"], name="journal_import_by_date"),
        ),
        migrations.AddConstraint(
            model_name="journalimport",
            constraint=tenancy.constraints.TenantPrimaryKey(name="ledger_journalimport_tenant_pk"),
        ),
        migrations.AddConstraint(
            model_name="journalimport",
            constraint=tenancy.constraints.SqlCheck(
                "total <> 'NaN' AND total >= 0", name="journal_import_total_bounds"
            ),
        ),
        migrations.AddConstraint(
            model_name="journaltemplate",
            constraint=tenancy.constraints.TenantPrimaryKey(
                name="ledger_journaltemplate_tenant_pk"
            ),
        ),
        migrations.AddConstraint(
            model_name="journaltemplate",
            constraint=models.UniqueConstraint(
                fields=("company", "name"), name="journal_template_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="journaltemplate",
            constraint=tenancy.constraints.SqlCheck(
                "kind IN ('normal', 'accrual')", name="journal_template_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="journaltemplateline",
            constraint=tenancy.constraints.TenantPrimaryKey(
                name="ledger_journaltemplateline_tenant_pk"
            ),
        ),
        migrations.AddConstraint(
            model_name="journaltemplateline",
            constraint=tenancy.constraints.TenantKey(
                "template", name="journal_template_line_template_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="journaltemplateline",
            constraint=tenancy.constraints.TenantKey(
                "account", name="journal_template_line_account_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="journaltemplateline",
            constraint=tenancy.constraints.SqlCheck(
                "amount <> 'NaN' AND amount >= 0 AND percent <> 'NaN' AND percent >= 0",
                name="journal_template_line_amount_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="journaltemplateline",
            constraint=tenancy.constraints.SqlCheck(
                "side IN ('debit', 'credit')", name="journal_template_line_side_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="journaltemplateline",
            constraint=tenancy.constraints.SqlCheck(
                "mode IN ('fixed', 'percent', 'empty')", name="journal_template_line_mode_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="journaltemplateline",
            constraint=tenancy.constraints.SqlCheck(
                "(party_kind = '') = (party_id IS NULL)",
                name="journal_template_line_party_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournalline",
            constraint=tenancy.constraints.TenantPrimaryKey(
                name="ledger_manualjournalline_tenant_pk"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournalline",
            constraint=tenancy.constraints.TenantKey(
                "journal", name="manual_journal_line_journal_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournalline",
            constraint=tenancy.constraints.TenantKey(
                "account", name="manual_journal_line_account_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournalline",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("company", "journal", "position"),
                name="manual_journal_line_position_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournalline",
            constraint=tenancy.constraints.SqlCheck(
                "debit <> 'NaN' AND debit >= 0 AND credit <> 'NaN' AND credit >= 0",
                name="manual_journal_line_debit_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournalline",
            constraint=tenancy.constraints.SqlCheck(
                "debit = 0 OR credit = 0", name="manual_journal_line_one_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournalline",
            constraint=tenancy.constraints.SqlCheck(
                "taxable_amount IS NULL OR taxable_amount <> 'NaN'",
                name="manual_journal_line_taxable_finite",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournalline",
            constraint=tenancy.constraints.SqlCheck(
                "(party_kind = '') = (party_id IS NULL)", name="manual_journal_line_party_complete"
            ),
        ),
        migrations.AddConstraint(
            model_name="recurringjournal",
            constraint=tenancy.constraints.TenantPrimaryKey(
                name="ledger_recurringjournal_tenant_pk"
            ),
        ),
        migrations.AddConstraint(
            model_name="recurringjournal",
            constraint=tenancy.constraints.TenantKey(
                "template", name="recurring_journal_template_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="recurringjournal",
            constraint=tenancy.constraints.SqlCheck(
                "amount IS NULL OR (amount <> 'NaN' AND amount > 0)",
                name="recurring_journal_amount_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="recurringjournal",
            constraint=tenancy.constraints.SqlCheck(
                "frequency IN ('monthly', 'quarterly')", name="recurring_journal_frequency_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="recurringjournal",
            constraint=tenancy.constraints.SqlCheck(
                "end_date IS NULL OR end_date >= start_date",
                name="recurring_journal_dates_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="manualjournal",
            index=models.Index(fields=["company", "-date", "-id"], name="manual_journal_date"),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=tenancy.constraints.TenantPrimaryKey(name="ledger_manualjournal_tenant_pk"),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=tenancy.constraints.TenantKey(
                "branch", name="manual_journal_branch_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=tenancy.constraints.TenantKey(
                "recurring", name="manual_journal_recurring_tenant_fk"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("company", "number"),
                name="manual_journal_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sequence_number__isnull", False)),
                fields=("company", "series", "sequence_number"),
                name="manual_journal_sequence_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("company", "external_id"),
                name="manual_journal_external_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("recurring__isnull", False)),
                fields=("company", "recurring", "recurring_date"),
                name="manual_journal_recurring_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=tenancy.constraints.SqlCheck(
                "total <> 'NaN' AND total >= 0", name="manual_journal_total_bounds"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=tenancy.constraints.SqlCheck(
                "rate <> 'NaN' AND rate > 0", name="manual_journal_rate_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=tenancy.constraints.SqlCheck(
                "kind IN ('normal', 'accrual')", name="manual_journal_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=tenancy.constraints.SqlCheck(
                "status IN ('draft', 'posted', 'reversed')", name="manual_journal_status_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=tenancy.constraints.SqlCheck(
                "status = 'draft' OR (number <> '' AND posted_at IS NOT NULL AND line_count >= 2)",
                name="manual_journal_number_when_posted",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualjournal",
            constraint=tenancy.constraints.SqlCheck(
                "(recurring_id IS NULL) = (recurring_date IS NULL)",
                name="manual_journal_recurring_complete",
            ),
        ),
    ]
