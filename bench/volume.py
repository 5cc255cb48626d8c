"""A company with very many posted invoices, made by INSERT .. SELECT from one real one, once for each database."""

from __future__ import annotations

from typing import Any

import psycopg
from django.db import connection, transaction

from bench.world import World, admin_connection
from tenancy.context import company_scope
from tenancy.models import Company, User
from tenancy.principal import resolve

DAYS = 700


class Volume(World):
    """A World with `count` invoices of one line; made at the first run and found again later."""

    def __init__(self, count: int) -> None:
        slug = f"volume{count}"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT tenancy_company_id_for_slug(%s)", [slug])
            found = cursor.fetchone()[0]
        if found is None:
            super().__init__()
            source = self.posted(1)
            with admin_connection() as admin:
                _fill(admin, self.company.pk, str(source.pk), count)
                admin.execute(
                    "UPDATE tenancy_company SET slug = %s WHERE id = %s", [slug, self.company.pk]
                )
                admin.execute(
                    "UPDATE tenancy_user SET email = %s WHERE id = %s",
                    [f"{slug}@mizan.test", self.user.pk],
                )
                # all that was filled: autovacuum would do it while something is measured
                for table in (
                    "ar_invoice",
                    "ar_invoiceline",
                    "ar_customer",
                    "ledger_journalentry",
                    "ledger_journalline",
                    "ledger_accountbalance",
                ):
                    admin.execute(f"VACUUM (ANALYZE) {table}")
        else:
            from django.test import Client  # noqa: PLC0415  # only this branch signs in by itself

            with transaction.atomic():
                self.user = User.objects.get(email=f"{slug}@mizan.test")
            with company_scope(found), transaction.atomic():
                self.company = Company.objects.get(pk=found)
            principal = resolve(self.user.pk, found)
            assert principal is not None
            self.principal = principal
            self.client = Client()
            self.client.force_login(self.user, "django.contrib.auth.backends.ModelBackend")


def _clone(
    admin: psycopg.Connection[Any], table: str, source: str, joined: str = "", **replaced: str
) -> None:
    rows = admin.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [table],
    ).fetchall()
    names = [row[0] for row in rows]
    values = ", ".join(replaced.get(name, f"s.{name}") for name in names)
    admin.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} s {joined} WHERE {source}"
    )
    # without statistics the next step would join row by row, for minutes
    admin.execute(f"ANALYZE {table}")


def _fill(admin: psycopg.Connection[Any], company: int, source: str, count: int) -> None:
    day = f"s.issue_date - (g.n %% {DAYS})".replace("%%", "%")
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        _clone(
            admin,
            "ar_customer",
            f"s.company_id = {company} AND NOT s.is_cash",
            "CROSS JOIN generate_series(1, 500) AS g(n)",
            id="uuidv7()",
            code="'V' || g.n",
            name="'Customer ' || g.n",
            search_text="'v' || g.n || ' customer ' || g.n",
        )
        admin.execute(
            "CREATE TEMP TABLE customers ON COMMIT DROP AS SELECT id, row_number() OVER () AS n FROM ar_customer "
            "WHERE company_id = %s AND code LIKE 'V%%'",
            [company],
        )
        _clone(
            admin,
            "ar_invoice",
            f"s.company_id = {company} AND s.id = '{source}'",
            f"CROSS JOIN generate_series(1, {count}) AS g(n) JOIN customers c ON c.n = 1 + g.n % 500",
            id="uuidv7()",
            number="'V-' || lpad(g.n::text, 7, '0')",
            series="''",
            sequence_number="NULL",
            issue_date=day,
            due_date=f"{day} + 30",
            customer_id="c.id",
        )
        made = f"JOIN ar_invoice i ON i.company_id = {company} AND i.number LIKE 'V-%'"
        _clone(
            admin,
            "ar_invoiceline",
            f"s.company_id = {company} AND s.document_id = '{source}'",
            made,
            id="uuidv7()",
            document_id="i.id",
        )
        _clone(
            admin,
            "ledger_journalentry",
            f"s.company_id = {company} AND s.source_id = '{source}'",
            f"{made} JOIN ledger_period p ON p.company_id = {company} AND i.issue_date BETWEEN p.start_date AND p.end_date",
            id="uuidv7()",
            source_id="i.id",
            source_number="i.number",
            date="i.issue_date",
            period_id="p.id",
        )
        _clone(
            admin,
            "ledger_journalline",
            f"s.company_id = {company} AND s.entry_id = (SELECT id FROM ledger_journalentry WHERE source_id = '{source}')",
            f"JOIN ledger_journalentry e ON e.company_id = {company} AND e.source_number LIKE 'V-%' "
            f"JOIN ar_invoice i ON i.company_id = {company} AND i.id = e.source_id",
            id="uuidv7()",
            entry_id="e.id",
            date="e.date",
            party_id="CASE WHEN s.party_id IS NULL THEN NULL ELSE i.customer_id END",
        )
        admin.execute("DELETE FROM ledger_accountbalance WHERE company_id = %s", [company])
        admin.execute(
            "INSERT INTO ledger_accountbalance (id, company_id, account_id, period_id, currency, debit, credit, "
            "amount_currency) SELECT uuidv7(), l.company_id, l.account_id, e.period_id, l.currency, sum(l.debit), "
            "sum(l.credit), sum(l.amount_currency) FROM ledger_journalline l JOIN ledger_journalentry e "
            "ON e.company_id = l.company_id AND e.id = l.entry_id WHERE l.company_id = %s GROUP BY 2, 3, 4, 5",
            [company],
        )
        admin.execute("DELETE FROM documents_documentsummary WHERE company_id = %s", [company])
        admin.execute(
            "INSERT INTO documents_documentsummary (id, company_id, kind, status, currency, document_count, total, "
            "open_amount) SELECT uuidv7(), company_id, 'ar.invoice', status, currency, count(*), sum(total), "
            "sum(open_amount) FROM ar_invoice WHERE company_id = %s GROUP BY 2, 4, 5",
            [company],
        )
