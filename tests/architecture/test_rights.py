"""The catalogue test of rights: what each role, function and trigger may do.

It asks PostgreSQL, not the models: a table made by SQL is found as well (RR-10, reliability.md parts 2 and 4).
"""

import re

import pytest

from tests.catalogue import (
    ask,
    company_tables,
    is_partition_of_the_log,
    tables,
)

pytestmark = pytest.mark.django_db


def test_application_role_owns_nothing_and_is_nobody_special():
    assert ask("SELECT relname FROM pg_class WHERE relowner = 'app_web'::regrole") == []
    assert ask("SELECT proname FROM pg_proc WHERE proowner = 'app_web'::regrole") == []
    assert ask("SELECT roleid FROM pg_auth_members WHERE member = 'app_web'::regrole") == []
    assert ask(
        "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = 'app_web'"
    ) == [(False,)]
    assert ask("SELECT has_schema_privilege('app_web', 'public', 'CREATE')") == [(False,)]


@pytest.mark.parametrize("role", ["app_web", "app_ro"])
def test_no_role_of_the_application_may_truncate_refer_or_add_triggers(role):
    rows = ask(
        "SELECT t, p FROM unnest(%s::text[]) AS t, unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p "
        "WHERE has_table_privilege(%s, t, p)",
        [tables(), role],
    )

    assert rows == []


def test_reporting_role_only_reads():
    rows = ask(
        "SELECT t, p FROM unnest(%s::text[]) AS t, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS p "
        "WHERE has_table_privilege('app_ro', t, p)",
        [tables()],
    )

    assert rows == []


#: What the application may not change at all, whatever the policy says.
READ_ONLY = {
    "INSERT": (
        "audit_log",
        "ledger_accountbalance",
        "documents_documentsummary",
        "ap_historicalbill",
        "ap_historicalsupplier",
        "ap_historicalsuppliercredit",
        "ar_historicalinvoice",
        "ar_historicalcreditnote",
        "ar_historicalcustomer",
        "inventory_historicalitem",
        "payments_historicalpayment",
    ),
    "UPDATE": (
        "audit_log",
        "ledger_accountbalance",
        "documents_documentsummary",
        "ledger_journalentry",
        "ledger_journalline",
        "payments_allocation",
        "ar_historicalinvoice",
    ),
    "DELETE": (
        "audit_log",
        "ledger_journalentry",
        "ledger_journalline",
        "payments_allocation",
        "tenancy_company",
        "tenancy_membership",
        "ar_historicalinvoice",
    ),
}


@pytest.mark.parametrize("privilege", sorted(READ_ONLY))
def test_append_only_tables_give_no_privilege_to_change_them(privilege):
    rows = ask(
        "SELECT t FROM unnest(%s::text[]) AS t WHERE has_table_privilege('app_web', t, %s)",
        [list(READ_ONLY[privilege]), privilege],
    )

    assert rows == []


def test_functions_with_stronger_rights_are_closed_and_pinned():
    rows = ask(
        """
        SELECT p.oid::regprocedure::text, pg_get_userbyid(p.proowner), p.proconfig,
               EXISTS (SELECT FROM aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) AS a
                       WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
        FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
        """
    )

    assert rows
    wrong = [
        row
        for row in rows
        if row[1] != "app_sec" or row[2][0] != "search_path=public, pg_temp" or row[3]
    ]
    assert wrong == [], (
        "SECURITY DEFINER functions belong to app_sec, pin search_path and are closed to PUBLIC."
    )


def test_triggers_with_stronger_rights_cannot_be_called_directly():
    """A trigger function that bypasses policies is of no use outside its trigger."""
    rows = ask(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND prorettype = 'trigger'::regtype "
        "AND has_function_privilege('app_web', oid, 'EXECUTE')"
    )

    assert rows == []


def test_no_view_shows_more_than_the_policy():
    rows = ask(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND (relkind = 'm' OR (relkind = 'v' "
        "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = pg_class.oid AND d.deptype = 'e') "
        "AND NOT COALESCE('security_invoker=true' = ANY(reloptions), false)))"
    )

    assert rows == []


def test_functions_that_read_tables_pin_the_search_path():
    """Otherwise a temporary table of the same name would stand in for the real one in every guard."""
    names = tables()
    rows = ask(
        """
        SELECT p.oid::regprocedure::text, p.prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = 'public'::regnamespace AND l.lanname IN ('sql', 'plpgsql')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
          AND NOT COALESCE('search_path=public, pg_temp' = ANY(p.proconfig), false)
        """
    )

    reading = {
        function
        for function, source in rows
        if any(re.search(rf"\b(FROM|JOIN|INTO|UPDATE)\s+{name}\b", source) for name in names)
    }
    assert reading == set(), "Add PinSearchPath to the migration."


def test_no_table_of_companies_can_be_truncated():
    """No policy sees TRUNCATE."""
    guarded = {
        table
        for (table,) in ask(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgtype & 32 > 0 AND NOT tgisinternal"
        )
    }

    assert {table for table in company_tables() if not is_partition_of_the_log(table)} <= guarded


def test_history_is_append_only_for_its_owner_too():
    rows = ask("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'")
    history = {table for table in company_tables() if "_historical" in table}

    assert history
    assert history <= {table for (table,) in rows}
