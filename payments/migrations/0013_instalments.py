from django.db import migrations

from core.sql import sql_file


class Migration(migrations.Migration):
    """The hundredth allocation of a document costs what the first did: sums are moved by key, not made anew.

    A new database has these functions from 0002 on; an older one gets them here.
    """

    dependencies = [("payments", "0012_fewer_indexes")]
    operations = [
        migrations.RunSQL(
            sql=[
                "ALTER FUNCTION payments_allocations_arrive() OWNER TO app_sec",
                *(
                    sql_file(__file__, name)
                    for name in ("arrive.sql", "settled.sql", "settlement.sql")
                ),
            ],
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
