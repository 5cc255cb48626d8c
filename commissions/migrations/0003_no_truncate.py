from django.db import migrations


class Migration(migrations.Migration):
    """Row triggers do not see TRUNCATE: what was earned stays."""

    dependencies = [("commissions", "0002_rules"), ("documents", "0002_rules")]
    operations = [
        migrations.RunSQL(
            sql=(
                "CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON commissions_commissionsnapshot "
                "FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate()"
            ),
            reverse_sql="DROP TRIGGER a_no_truncate ON commissions_commissionsnapshot",
        )
    ]
