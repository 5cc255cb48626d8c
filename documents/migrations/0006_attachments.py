import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import tenancy.constraints
import tenancy.context
from audit.operations import AuditTable
from tenancy.rls import EnableRowSecurity


class Migration(migrations.Migration):
    """Files beside a record. A file is added or removed, never exchanged."""

    dependencies = [
        ("documents", "0005_payment_terms"),
        ("audit", "0002_audit_entry"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Attachment",
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
                ("entity_kind", models.CharField(max_length=40)),
                ("entity_id", models.UUIDField()),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("content_type", models.CharField(max_length=80, verbose_name="kind of file")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64)),
                ("stored_file", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="added")),
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
                "verbose_name": "attached file",
                "verbose_name_plural": "attached files",
                "ordering": ("created_at",),
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=tenancy.constraints.TenantPrimaryKey(name="documents_attachment_tenant_pk"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.UniqueConstraint(
                fields=("company", "entity_kind", "entity_id", "sha256"), name="attachment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=tenancy.constraints.SqlCheck("size > 0", name="attachment_not_empty"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=tenancy.constraints.SqlCheck(
                "sha256 ~ '^[0-9a-f]{64}$'", name="attachment_sha256_form"
            ),
        ),
        EnableRowSecurity("documents_attachment"),
        AuditTable("documents_attachment", "documents.attachment"),
        migrations.RunSQL(
            sql=["REVOKE UPDATE ON documents_attachment FROM app_web"],
            reverse_sql=["GRANT UPDATE ON documents_attachment TO app_web"],
        ),
    ]
