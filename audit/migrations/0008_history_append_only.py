from django.db import migrations

from tenancy.rls import PinSearchPath

EVERY_HISTORY = """
DO $$
DECLARE t record;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
             AND c.relname ~ '^[a-z]+_historical' LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I '
                       'FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()', t.relname);
        EXECUTE format('CREATE OR REPLACE TRIGGER no_truncate BEFORE TRUNCATE ON %I '
                       'FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()', t.relname);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """History tables that are there already are append-only for their owner, too; later ones by KeepHistory."""

    dependencies = [("audit", "0007_lines_by_column")]
    operations = [
        migrations.RunSQL(sql=[EVERY_HISTORY], reverse_sql=migrations.RunSQL.noop),
        PinSearchPath("audit_build_trail(text, text)", "audit_build_lines(text, text)"),
    ]
