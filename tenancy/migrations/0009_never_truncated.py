from django.db import migrations

from tenancy.rls import NO_TRUNCATE

EVERY_TABLE = """
DO $$
DECLARE t record;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
             AND pg_get_userbyid(c.relowner) = current_user
             AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant') LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER t_no_truncate BEFORE TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION tenancy_no_truncate()', t.relname);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """No policy sees TRUNCATE: tables that are there already refuse it, later ones by EnableRowSecurity."""

    dependencies = [("tenancy", "0008_inline_digits")]
    operations = [
        migrations.RunSQL(sql=[NO_TRUNCATE, EVERY_TABLE], reverse_sql=migrations.RunSQL.noop)
    ]
