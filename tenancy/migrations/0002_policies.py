from django.db import migrations

from core.sql import sql_file
from tenancy.rls import EnableRowSecurity, definer_functions


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0001_people_and_companies")]
    operations = [
        EnableRowSecurity("tenancy_company", column="id"),
        EnableRowSecurity("tenancy_branch"),
        EnableRowSecurity("tenancy_membership"),
        EnableRowSecurity("tenancy_companyusergrant"),
        migrations.RunSQL(
            sql=[
                "GRANT SELECT ON tenancy_company, tenancy_membership, tenancy_companyusergrant, "
                "tenancy_branch, auth_permission TO app_sec",
                sql_file(__file__, "memberships.sql"),
                *definer_functions(
                    "tenancy_memberships_of(bigint)",
                    "tenancy_company_id_for_slug(text)",
                    "tenancy_company_ids()",
                    "app_actor_role()",
                    "tenancy_keep_an_owner()",
                ),
                "REVOKE DELETE ON tenancy_company, tenancy_membership FROM app_web",
            ],
            reverse_sql=(
                "DROP FUNCTION tenancy_memberships_of(bigint), tenancy_company_id_for_slug(text), "
                "tenancy_company_ids(), app_actor_role(), tenancy_keep_an_owner()"
            ),
        ),
        migrations.RunSQL(
            sql=sql_file(__file__, "last_owner.sql"),
            reverse_sql="DROP TRIGGER keep_an_owner ON tenancy_membership",
        ),
    ]
