from django.db import migrations

from core.sql import sql_file
from tenancy.rls import EnableRowSecurity, definer_functions


class Migration(migrations.Migration):
    dependencies = [("api", "0001_idempotency_keys")]
    operations = [
        EnableRowSecurity("api_idempotencykey"),
        migrations.RunSQL(
            sql=[
                sql_file(__file__, "idempotency.sql"),
                *definer_functions("api_idempotency_purge()", grant_to="app_web"),
            ],
            reverse_sql=(
                "DROP FUNCTION api_idempotency_claim(text, text, text, interval), api_idempotency_purge()"
            ),
        ),
    ]
