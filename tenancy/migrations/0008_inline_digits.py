from django.db import migrations

DIGITS = """
CREATE OR REPLACE FUNCTION currency_digits(currency text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN currency IN ('KWD', 'BHD', 'OMR', 'JOD', 'TND', 'LYD', 'IQD') THEN 3
                WHEN currency IN ('JPY', 'KRW', 'CLP', 'VND') THEN 0
                ELSE 2 END
$$
"""


class Migration(migrations.Migration):
    """Not strict, PostgreSQL puts the function into each check instead of calling it for each row."""

    dependencies = [("tenancy", "0007_number_dates")]
    operations = [migrations.RunSQL(sql=[DIGITS], reverse_sql=migrations.RunSQL.noop)]
