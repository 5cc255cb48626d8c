import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import tenancy.context


class Migration(migrations.Migration):
    """Indexes nothing reads go: people of a row, and all of the history's but its key and (company, row, moment)."""

    dependencies = [
        ("payments", "0010_settle_by_key"),
        ("tenancy", "0008_inline_digits"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="allocation",
            name="created_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="historicalpayment",
            name="company",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                default=tenancy.context.current_company_id,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="tenancy.company",
            ),
        ),
        migrations.AlterField(
            model_name="historicalpayment",
            name="created_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="historicalpayment",
            name="history_date",
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name="historicalpayment",
            name="history_user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="historicalpayment",
            name="id",
            field=models.UUIDField(default=uuid_utils.compat.uuid7, editable=False),
        ),
        migrations.AlterField(
            model_name="payment",
            name="created_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
