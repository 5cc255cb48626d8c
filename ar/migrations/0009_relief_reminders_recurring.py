from decimal import Decimal

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
        ("ar", "0008_invoice_kinds"),
        ("documents", "0005_payment_terms"),
        ("ledger", "0005_journal_kinds"),
        ("tenancy", "0003_owner_race"),
        ("tenancy", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecurringInvoice",
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
                ("content", models.JSONField()),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("weekly", "Every week"),
                            ("monthly", "Every month"),
                            ("quarterly", "Every quarter"),
                        ],
                        default="monthly",
                        max_length=9,
                        verbose_name="how often",
                    ),
                ),
                ("start_date", models.DateField(verbose_name="first date")),
                ("end_date", models.DateField(blank=True, null=True, verbose_name="last date")),
                ("next_date", models.DateField(blank=True, null=True, verbose_name="next date")),
                ("post", models.BooleanField(default=False, verbose_name="post it at once")),
                ("is_active", models.BooleanField(default=True, verbose_name="running")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "branch",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.branch",
                        verbose_name="branch",
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
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ar.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "source",
                    tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ar.invoice",
                        verbose_name="made from",
                    ),
                ),
            ],
            options={
                "verbose_name": "recurring invoice",
                "verbose_name_plural": "recurring invoices",
                "ordering": ("name",),
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["company", "next_date"],
                        name="recurring_invoice_due",
                    )
                ],
                "constraints": [
                    tenancy.constraints.TenantPrimaryKey(name="ar_recurringinvoice_tenant_pk"),
                    tenancy.constraints.TenantKey(
                        "customer", name="recurringinvoice_customer_tenant_fk"
                    ),
                    tenancy.constraints.TenantKey(
                        "branch", name="recurringinvoice_branch_tenant_fk"
                    ),
                    tenancy.constraints.TenantKey(
                        "source", name="recurringinvoice_source_tenant_fk"
                    ),
                    tenancy.constraints.SqlCheck(
                        "frequency IN ('weekly', 'monthly', 'quarterly')",
                        name="recurring_invoice_frequency_known",
                    ),
                    tenancy.constraints.SqlCheck(
                        "end_date IS NULL OR end_date >= start_date",
                        name="recurring_invoice_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecurringRun",
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
                ("date", models.DateField(verbose_name="date")),
                (
                    "error",
                    models.CharField(blank=True, max_length=500, verbose_name="why it failed"),
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
                (
                    "invoice",
                    tenancy.fields.TenantForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ar.invoice",
                    ),
                ),
                (
                    "recurring",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="ar.recurringinvoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "run of a recurring invoice",
                "verbose_name_plural": "runs of recurring invoices",
                "abstract": False,
                "constraints": [
                    tenancy.constraints.TenantPrimaryKey(name="ar_recurringrun_tenant_pk"),
                    tenancy.constraints.TenantKey(
                        "recurring", name="recurringrun_recurring_tenant_fk"
                    ),
                    tenancy.constraints.TenantKey("invoice", name="recurringrun_invoice_tenant_fk"),
                    models.UniqueConstraint(
                        fields=("company", "recurring", "date"), name="recurring_run_once_a_date"
                    ),
                    tenancy.constraints.SqlCheck(
                        "(invoice_id IS NULL) = (error <> '')", name="recurring_run_has_a_result"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderLevel",
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
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                (
                    "days_overdue",
                    models.PositiveSmallIntegerField(verbose_name="days after the due date"),
                ),
                (
                    "days_since_last",
                    models.PositiveSmallIntegerField(verbose_name="days after the last reminder"),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                (
                    "subject_arabic",
                    models.CharField(max_length=200, verbose_name="subject in Arabic"),
                ),
                ("body", models.TextField(max_length=4000, verbose_name="text")),
                ("body_arabic", models.TextField(max_length=4000, verbose_name="text in Arabic")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
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
                "verbose_name": "reminder level",
                "verbose_name_plural": "reminder levels",
                "ordering": ("level",),
                "abstract": False,
                "constraints": [
                    tenancy.constraints.TenantPrimaryKey(name="ar_reminderlevel_tenant_pk"),
                    models.UniqueConstraint(
                        fields=("company", "level"), name="reminder_level_once"
                    ),
                    tenancy.constraints.SqlCheck(
                        "level BETWEEN 1 AND 3 AND days_overdue <= 365 AND days_since_last <= 365",
                        name="reminder_level_bounds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
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
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("date", models.DateField(verbose_name="date")),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("subject", models.CharField(max_length=300, verbose_name="subject")),
                ("body", models.TextField(max_length=6000, verbose_name="text")),
                ("amount", core.fields.AmountField(verbose_name="overdue in base currency")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("sent", "Sent"),
                            ("failed", "Not delivered"),
                        ],
                        default="queued",
                        max_length=6,
                        verbose_name="status",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="answer")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
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
                (
                    "customer",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ar.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "abstract": False,
                "indexes": [
                    models.Index(
                        fields=["company", "customer", "-date"], name="reminder_by_customer"
                    ),
                    models.Index(fields=["company", "-created_at"], name="reminder_by_date"),
                ],
                "constraints": [
                    tenancy.constraints.TenantPrimaryKey(name="ar_reminder_tenant_pk"),
                    tenancy.constraints.TenantKey("customer", name="reminder_customer_tenant_fk"),
                    tenancy.constraints.SqlCheck(
                        "amount <> 'NaN' AND amount >= 0", name="reminder_amount_bounds"
                    ),
                    tenancy.constraints.SqlCheck(
                        "level BETWEEN 1 AND 3", name="reminder_level_known"
                    ),
                    tenancy.constraints.SqlCheck(
                        "status IN ('queued', 'sent', 'failed')", name="reminder_status_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderItem",
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
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
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
                    "invoice",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ar.invoice",
                    ),
                ),
                (
                    "reminder",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="ar.reminder",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice of a reminder",
                "verbose_name_plural": "invoices of a reminder",
                "abstract": False,
                "indexes": [models.Index(fields=["company", "reminder"], name="reminder_item_of")],
                "constraints": [
                    tenancy.constraints.TenantPrimaryKey(name="ar_reminderitem_tenant_pk"),
                    tenancy.constraints.TenantKey(
                        "reminder", name="reminderitem_reminder_tenant_fk"
                    ),
                    tenancy.constraints.TenantKey("invoice", name="reminderitem_invoice_tenant_fk"),
                    models.UniqueConstraint(
                        fields=("company", "invoice", "level"),
                        name="reminder_level_once_for_invoice",
                    ),
                    tenancy.constraints.SqlCheck(
                        "level BETWEEN 1 AND 3", name="reminder_item_level_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WriteOff",
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
                ("date", models.DateField(verbose_name="date")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("amount", core.fields.AmountField(verbose_name="amount")),
                ("tax_amount", core.fields.AmountField(default=Decimal("0"), verbose_name="VAT")),
                ("base_amount", core.fields.AmountField(verbose_name="amount in base currency")),
                ("shares", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[("posted", "Posted"), ("void", "Undone")],
                        default="posted",
                        max_length=6,
                        verbose_name="status",
                    ),
                ),
                ("undone_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("number", models.CharField(max_length=60, verbose_name="number")),
                ("series", models.CharField(blank=True, editable=False, max_length=60)),
                (
                    "sequence_number",
                    models.PositiveIntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "against_allowance",
                    models.BooleanField(default=False, verbose_name="against the allowance"),
                ),
                (
                    "vat_relief",
                    models.BooleanField(default=False, verbose_name="VAT is claimed back"),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "vat_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="why VAT is claimed back"
                    ),
                ),
                (
                    "branch",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.branch",
                        verbose_name="branch",
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
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "invoice",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ar.invoice",
                        verbose_name="invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "write-off",
                "verbose_name_plural": "write-offs",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["company", "invoice"], name="write_off_by_invoice"),
                    models.Index(fields=["company", "-date", "-id"], name="write_off_by_date"),
                ],
                "constraints": [
                    tenancy.constraints.TenantPrimaryKey(name="ar_writeoff_tenant_pk"),
                    tenancy.constraints.TenantKey("invoice", name="writeoff_invoice_tenant_fk"),
                    tenancy.constraints.TenantKey("entry", name="writeoff_entry_tenant_fk"),
                    tenancy.constraints.SqlCheck(
                        "amount <> 'NaN' AND amount >= 0 AND tax_amount <> 'NaN' AND tax_amount >= 0 AND base_amount <> 'NaN' AND base_amount >= 0",
                        name="writeoff_amount_bounds",
                    ),
                    tenancy.constraints.SqlCheck(
                        "amount = round(amount, currency_digits(currency)) AND tax_amount = round(tax_amount, currency_digits(currency))",
                        name="writeoff_amount_minor_units",
                    ),
                    tenancy.constraints.SqlCheck("amount > 0", name="writeoff_takes_something"),
                    tenancy.constraints.SqlCheck(
                        "status IN ('posted', 'void')", name="writeoff_status_known"
                    ),
                    tenancy.constraints.TenantKey("branch", name="writeoff_branch_tenant_fk"),
                    models.UniqueConstraint(
                        fields=("company", "number"), name="write_off_number_once"
                    ),
                    models.UniqueConstraint(
                        fields=("company", "series", "sequence_number"),
                        name="write_off_sequence_once",
                    ),
                    tenancy.constraints.SqlCheck("reason <> ''", name="write_off_has_reason"),
                    tenancy.constraints.SqlCheck(
                        "vat_relief = (vat_reason <> '') AND (vat_relief OR tax_amount = 0)",
                        name="write_off_vat_relief_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PrepaymentUse",
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
                ("date", models.DateField(verbose_name="date")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("amount", core.fields.AmountField(verbose_name="amount")),
                ("tax_amount", core.fields.AmountField(default=Decimal("0"), verbose_name="VAT")),
                ("base_amount", core.fields.AmountField(verbose_name="amount in base currency")),
                ("shares", models.JSONField(default=list)),
                (
                    "status",
                    models.CharField(
                        choices=[("posted", "Posted"), ("void", "Undone")],
                        default="posted",
                        max_length=6,
                        verbose_name="status",
                    ),
                ),
                ("undone_on", models.DateField(blank=True, null=True)),
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
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "invoice",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ar.invoice",
                        verbose_name="invoice",
                    ),
                ),
                (
                    "prepayment",
                    tenancy.fields.TenantForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="ar.invoice",
                        verbose_name="prepayment invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "prepayment used",
                "verbose_name_plural": "prepayments used",
                "abstract": False,
                "indexes": [
                    models.Index(fields=["company", "invoice"], name="prepayment_use_by_invoice"),
                    models.Index(fields=["company", "prepayment"], name="prepayment_use_by_source"),
                ],
                "constraints": [
                    tenancy.constraints.TenantPrimaryKey(name="ar_prepaymentuse_tenant_pk"),
                    tenancy.constraints.TenantKey(
                        "invoice", name="prepaymentuse_invoice_tenant_fk"
                    ),
                    tenancy.constraints.TenantKey("entry", name="prepaymentuse_entry_tenant_fk"),
                    tenancy.constraints.SqlCheck(
                        "amount <> 'NaN' AND amount >= 0 AND tax_amount <> 'NaN' AND tax_amount >= 0 AND base_amount <> 'NaN' AND base_amount >= 0",
                        name="prepaymentuse_amount_bounds",
                    ),
                    tenancy.constraints.SqlCheck(
                        "amount = round(amount, currency_digits(currency)) AND tax_amount = round(tax_amount, currency_digits(currency))",
                        name="prepaymentuse_amount_minor_units",
                    ),
                    tenancy.constraints.SqlCheck(
                        "amount > 0", name="prepaymentuse_takes_something"
                    ),
                    tenancy.constraints.SqlCheck(
                        "status IN ('posted', 'void')", name="prepaymentuse_status_known"
                    ),
                    tenancy.constraints.TenantKey(
                        "prepayment", name="prepaymentuse_prepayment_tenant_fk"
                    ),
                    tenancy.constraints.SqlCheck(
                        "invoice_id <> prepayment_id", name="prepayment_use_of_another"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="historicalinvoice",
            name="commission_base_posted",
            field=core.fields.AmountField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="commission_base_posted",
            field=core.fields.AmountField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=tenancy.constraints.SqlCheck(
                "commission_base_posted IS NULL OR commission_base_posted <> 'NaN'",
                name="invoice_commission_posted_finite",
            ),
        ),
    ]
