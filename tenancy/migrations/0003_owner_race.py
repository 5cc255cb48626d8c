from django.db import migrations


class Migration(migrations.Migration):
    """Nobody calls the guard of the last owner; grants have their company first in their key (T4)."""

    dependencies = [("tenancy", "0002_policies")]
    operations = [
        migrations.RunSQL(
            sql=[
                "SET LOCAL ROLE app_sec",
                "REVOKE EXECUTE ON FUNCTION tenancy_keep_an_owner() FROM app_web, app_ro",
                "RESET ROLE",
                "ALTER TABLE tenancy_companyusergrant DROP CONSTRAINT tenancy_companyusergrant_pkey, "
                "ADD CONSTRAINT tenancy_companyusergrant_pkey PRIMARY KEY (company_id, id)",
            ],
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
