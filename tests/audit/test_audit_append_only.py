"""Nobody who works with the application can add to, change or remove the trail (A1)."""

import psycopg
import pytest
from django.db import connection, transaction

from audit.models import AuditEntry
from tests.builders import draft_invoice
from tests.catalogue import ask
from tests.database import nothing_changes, refused, run

STATEMENTS = [
    "UPDATE audit_log SET action = 'X'",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
    "INSERT INTO audit_log (company_id, action, entity_type, entity_id) SELECT company_id, 'POST', 'x', 'y' FROM audit_log",
    "ALTER TABLE audit_log DISABLE TRIGGER ALL",
    "DROP TABLE audit_log",
    "CREATE TRIGGER t BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
]


def partitions():
    return [
        name
        for (name,) in ask(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE inhparent = 'audit_log'::regclass"
        )
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS)
def test_application_cannot_touch_the_trail(in_company_a, owner, statement):
    draft_invoice(owner, in_company_a.customer)

    with (
        nothing_changes(),
        refused(match="must be owner" if "ALTER" in statement or "DROP" in statement else "denied"),
    ):
        run(statement)


@pytest.mark.django_db
def test_application_cannot_reach_a_partition_either(in_company_a, owner):
    draft_invoice(owner, in_company_a.customer)
    assert len(partitions()) >= 3

    for partition in partitions():
        for statement in (
            f"DELETE FROM {partition}",
            f"UPDATE {partition} SET action = 'X'",
            f"TRUNCATE {partition}",
        ):
            with nothing_changes(), refused(match="permission denied"):
                run(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["audit_log", "audit_log_rest"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {} SET action = 'X'", "DELETE FROM {}", "TRUNCATE {}"]
)
def test_owner_of_the_schema_cannot_touch_the_trail(company_a, servers, sec, statement, table):
    with company_a.acting() as owner:
        draft_invoice(owner, company_a.customer)
    before = sec.execute("SELECT count(*) FROM audit_log").fetchone()

    name = connection.settings_dict["NAME"]
    with psycopg.connect(servers.database_url("app_owner", name)) as strong:
        strong.execute("SELECT set_config('app.company_id', %s, true)", [str(company_a.id)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            strong.execute(statement.format(table))

    assert sec.execute("SELECT count(*) FROM audit_log").fetchone() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_log SET action = 'X'", "DELETE FROM audit_log", "TRUNCATE audit_log"],
)
def test_even_the_role_that_owns_the_trail_only_adds_to_it(company_a, servers, statement):
    """A migration may work as app_sec; the triggers still refuse."""
    with company_a.acting() as owner:
        draft_invoice(owner, company_a.customer)

    name = connection.settings_dict["NAME"]
    with psycopg.connect(servers.database_url("app_owner", name)) as strong:
        strong.execute("SET ROLE app_sec")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            strong.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET history_type = '~'", "DELETE FROM {}", "TRUNCATE {}"],
)
@pytest.mark.parametrize("table", ["ar_historicalcustomer", "ar_historicalinvoice"])
def test_owner_of_the_schema_cannot_change_history(company_a, servers, sec, statement, table):
    with company_a.acting() as owner:
        draft_invoice(owner, company_a.customer)
    before = sec.execute(f"SELECT count(*) FROM {table}").fetchone()

    name = connection.settings_dict["NAME"]
    with psycopg.connect(servers.database_url("app_owner", name)) as strong:
        strong.execute("SELECT set_config('app.company_id', %s, true)", [str(company_a.id)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            strong.execute(statement.format(table))

    assert sec.execute(f"SELECT count(*) FROM {table}").fetchone() == before


@pytest.mark.django_db
def test_history_is_read_only_for_the_application(in_company_a):
    for table in (
        "ar_historicalcustomer",
        "ar_historicalinvoice",
        "inventory_historicalitem",
        "payments_historicalpayment",
    ):
        for statement in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET history_type = '~'",
            f"INSERT INTO {table} SELECT * FROM {table}",
        ):
            with nothing_changes(), refused(match="permission denied"):
                run(statement)


@pytest.mark.django_db
def test_event_without_a_company_is_refused(db):
    with refused(match="No company is set"):
        run("SELECT audit_event('LOGIN', 'tenancy.user', '1', '{}')")


@pytest.mark.django_db(transaction=True)
def test_trail_of_a_rolled_back_change_is_gone_with_it(company_a):
    with company_a.acting() as owner:
        before = AuditEntry.objects.count()
        with transaction.atomic():
            draft_invoice(owner, company_a.customer)
            transaction.set_rollback(True)
        assert AuditEntry.objects.count() == before


@pytest.mark.django_db
def test_partitions_of_this_month_and_the_next_are_there(in_company_a):
    run("SELECT audit_make_partitions(current_date)")
    run("SELECT audit_make_partitions(current_date)")

    assert {f"audit_log_{n}" for (n,) in ask("SELECT to_char(current_date, 'YYYYMM')")} <= set(
        partitions()
    )
    unprotected = ask(
        "SELECT relname FROM pg_class WHERE relname LIKE 'audit\\_log%%' AND relkind IN ('r', 'p') "
        "AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    assert unprotected == []
