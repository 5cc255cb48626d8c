"""The floor: the same rows by hand-made SQL, one server-side function and one commit, no policies, audit or history.

The tables are copies of ours with the same columns, indexes and checks, in a schema of their own.
"""

from __future__ import annotations

import uuid
from typing import Any

import psycopg

TABLES = (
    "ar_invoice",
    "ar_invoiceline",
    "ledger_journalentry",
    "ledger_journalline",
    "ledger_accountbalance",
    "payments_payment",
    "payments_allocation",
    "documents_numbersequence",
)


class Floor:
    """Clones posted documents and payments inside the floor schema."""

    def __init__(self, owner: psycopg.Connection[Any]) -> None:
        self.run = owner
        owner.execute("DROP SCHEMA IF EXISTS bench_floor CASCADE")
        owner.execute("CREATE SCHEMA bench_floor")
        for table in TABLES:
            owner.execute(
                f"CREATE TABLE bench_floor.{table} (LIKE public.{table} INCLUDING ALL EXCLUDING GENERATED)"
            )
        owner.execute("CREATE TABLE bench_floor.counter (n bigint)")
        owner.execute("INSERT INTO bench_floor.counter VALUES (0)")
        self._functions()

    def _columns(self, table: str, **replaced: str) -> tuple[str, str]:
        """Return the column list of a table, and the same with some columns replaced by expressions."""
        rows = self.run.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "ORDER BY attnum",
            [f"bench_floor.{table}"],
        ).fetchall()
        names = [row[0] for row in rows]
        return ", ".join(names), ", ".join(replaced.get(name, f"s.{name}") for name in names)

    def _clone(self, table: str, where: str, **replaced: str) -> str:
        names, values = self._columns(table, **replaced)
        return f"INSERT INTO bench_floor.{table} ({names}) SELECT {values} FROM bench_floor.{table} s WHERE {where};"

    def _functions(self) -> None:
        balances = (
            "UPDATE bench_floor.ledger_accountbalance b SET debit = b.debit + l.debit, credit = b.credit + l.credit "
            "FROM bench_floor.ledger_journalline l WHERE l.entry_id = new_entry AND b.account_id = l.account_id;"
        )
        entry = self._clone(
            "ledger_journalentry",
            "s.source_id = source",
            id="new_entry",
            source_id="new_id",
            source_number="new_id::text",
        )
        entry_lines = self._clone(
            "ledger_journalline",
            "s.entry_id = (SELECT id FROM bench_floor.ledger_journalentry WHERE source_id = source)",
            id="uuidv7()",
            entry_id="new_entry",
        )
        head = "RETURNS uuid LANGUAGE plpgsql AS $$ DECLARE new_id uuid := uuidv7(); new_entry uuid := uuidv7(); BEGIN "
        self.run.execute(
            f"CREATE FUNCTION bench_floor.post(source uuid) {head}"
            "UPDATE bench_floor.counter SET n = n + 1; "
            + self._clone(
                "ar_invoiceline", "s.document_id = source", id="uuidv7()", document_id="new_id"
            )
            + self._clone(
                "ar_invoice",
                "s.id = source",
                id="new_id",
                number="new_id::text",
                sequence_number="NULL",
            )
            + entry
            + entry_lines
            + balances
            + " RETURN new_id; END $$"
        )
        self.run.execute(
            "CREATE FUNCTION bench_floor.add_line(source uuid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
            "UPDATE bench_floor.ar_invoice SET subtotal = subtotal + 30.09, total = total + 34.60, "
            "tax_amount = tax_amount + 4.51, line_count = line_count + 1, version = version + 1 WHERE id = source; "
            + self._clone(
                "ar_invoiceline",
                "s.document_id = source ORDER BY s.position DESC LIMIT 1",
                id="uuidv7()",
                position="s.position + 1",
            )
            + " END $$"
        )
        self.run.execute(
            f"CREATE FUNCTION bench_floor.pay(source uuid) {head}"
            "UPDATE bench_floor.counter SET n = n + 1; "
            + self._clone(
                "payments_payment",
                "s.id = source",
                id="new_id",
                number="new_id::text",
                sequence_number="NULL",
            )
            + self._clone(
                "payments_allocation", "s.payment_id = source", id="uuidv7()", payment_id="new_id"
            )
            + "UPDATE bench_floor.ar_invoice i SET version = i.version + 1, updated_at = now() "
            "FROM bench_floor.payments_allocation a WHERE a.payment_id = new_id AND i.id = a.invoice_id;"
            + entry
            + entry_lines
            + balances
            + " RETURN new_id; END $$"
        )

    def take(self, table: str, where: str) -> None:
        """Copy rows of ours into the floor's table, as sources to clone."""
        names, values = self._columns(table)
        self.run.execute(
            f"INSERT INTO bench_floor.{table} ({names}) SELECT {values} FROM public.{table} s WHERE {where} "
            f"AND NOT EXISTS (SELECT FROM bench_floor.{table} f WHERE f.id = s.id)"
        )

    def take_invoice(self, invoice_id: uuid.UUID) -> None:
        """Copy an invoice with lines, journal and the balances it moved."""
        self.take("ar_invoice", f"s.id = '{invoice_id}'")
        self.take("ar_invoiceline", f"s.document_id = '{invoice_id}'")
        self._take_journal(invoice_id)

    def take_payment(self, payment_id: uuid.UUID) -> None:
        """Copy a payment with its allocations, invoices and journal."""
        self.take("payments_payment", f"s.id = '{payment_id}'")
        self.take("payments_allocation", f"s.payment_id = '{payment_id}'")
        self.take(
            "ar_invoice",
            f"s.id IN (SELECT invoice_id FROM public.payments_allocation WHERE payment_id = '{payment_id}')",
        )
        self._take_journal(payment_id)

    def _take_journal(self, source_id: uuid.UUID) -> None:
        self.take("ledger_journalentry", f"s.source_id = '{source_id}'")
        self.take(
            "ledger_journalline",
            f"s.entry_id IN (SELECT id FROM public.ledger_journalentry WHERE source_id = '{source_id}')",
        )
        self.take("ledger_accountbalance", "true")

    def call(self, function: str, source: uuid.UUID) -> None:
        """Run one function in its own durable transaction."""
        self.run.execute(f"SELECT bench_floor.{function}(%s)", [source])

    def close(self) -> None:
        self.run.execute("DROP SCHEMA bench_floor CASCADE")
        self.run.close()
