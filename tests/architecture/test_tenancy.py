"""The catalogue test: every table keeps the promises of tenancy, exactness and trail, or is named with its reason.

It asks PostgreSQL, not the models: a table made by SQL is found as well (RR-10, reliability.md parts 2 and 4).
"""

import re

import pytest
from django.apps import apps

from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned
from tests.catalogue import (
    GLOBAL_TABLES,
    NOT_AUDITED,
    ask,
    company_tables,
    is_partition_of_the_log,
    tables,
)

pytestmark = pytest.mark.django_db

COMPANY_TEST = (
    "(company_id = (NULLIF(current_setting('app.company_id'::text, true), ''::text))::bigint)"
)


def test_every_table_has_a_company_or_a_stated_reason():
    without = set(tables()) - set(company_tables())

    assert without == set(GLOBAL_TABLES), (
        "Give the table company_id and EnableRowSecurity, or add it to GLOBAL_TABLES with the reason."
    )


def test_company_is_never_null():
    nullable = ask(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_name = 'company_id' AND (is_nullable = 'YES' OR data_type <> 'bigint')"
    )

    assert nullable == [], (
        "company_id is bigint NOT NULL; history tables need KeepHistory in their migration."
    )


def test_row_level_security_is_enabled_and_forced():
    open_tables = ask(
        "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind IN ('r', 'p') "
        "AND NOT (relrowsecurity AND relforcerowsecurity)",
        [[*company_tables(), "tenancy_company"]],
    )

    assert open_tables == [], (
        "Add EnableRowSecurity(<table>) to the migration that makes the table."
    )


def test_each_company_table_has_one_policy_that_compares_the_company():
    rows = ask(
        "SELECT tablename, permissive, cmd, roles::text, qual, COALESCE(with_check, qual) FROM pg_policies "
        "WHERE schemaname = 'public'"
    )
    policies: dict[str, list[tuple]] = {}
    for table, *policy in rows:
        policies.setdefault(table, []).append(tuple(policy))

    wrong = []
    for table in company_tables():
        expected = COMPANY_TEST
        for permissive, command, roles, reads, writes in policies.get(
            table, [("", "", "", "", "")]
        ):
            # the drafts' policy names the user as well
            same = reads == writes and (reads == expected or expected in (reads or ""))
            narrower = reads == expected or (" AND " in (reads or "") and " OR " not in reads)
            if (permissive, command, roles) != ("PERMISSIVE", "ALL", "{public}") or not (
                same and narrower
            ):
                wrong.append((table, reads, writes))
        if len(policies.get(table, [])) != 1:
            wrong.append((table, "not exactly one policy", ""))
    assert wrong == []
    assert len(policies["tenancy_company"]) == 1


def test_primary_keys_begin_with_the_company():
    rows = ask(
        "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] WHERE c.contype = 'p'"
    )
    first = dict(rows)

    assert {
        table: first.get(table) for table in company_tables() if first.get(table) != "company_id"
    } == {}


def test_foreign_keys_between_company_tables_carry_the_company():
    rows = ask(
        """
        SELECT k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text
        FROM pg_constraint k
        WHERE k.contype = 'f' AND k.conrelid::regclass::text = ANY(%(t)s) AND k.confrelid::regclass::text = ANY(%(t)s)
          AND NOT EXISTS (
            SELECT FROM unnest(k.conkey, k.confkey) AS pair(own, other)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.own AND a.attname = 'company_id'
            JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = pair.other AND b.attname = 'company_id')
        """,
        {"t": company_tables()},
    )

    assert rows == [], (
        "Use TenantForeignKey and TenantKey: a plain key would let a row point into another company."
    )


def test_every_tenant_foreign_key_of_a_model_is_a_composite_key_in_the_database():
    rows = ask(
        """
        SELECT k.conrelid::regclass::text, array_agg(a.attname::text ORDER BY a.attname)
        FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY(k.conkey)
        WHERE k.contype = 'f' GROUP BY k.oid, 1
        """
    )
    keys = {(table, tuple(columns)) for table, columns in rows}
    missing = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, CompanyOwned)
        for field in model._meta.concrete_fields
        if isinstance(field, TenantForeignKey)
        and (model._meta.db_table, tuple(sorted(("company_id", field.column)))) not in keys
    ]

    assert missing == [], "Add tenant_keys(...) to Meta.constraints."


def test_company_models_point_at_company_models_by_tenant_foreign_keys_only():
    plain = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, CompanyOwned)
        for field in model._meta.concrete_fields
        if field.is_relation
        and not isinstance(field, TenantForeignKey)
        and field.remote_field is not None
        and isinstance(field.remote_field.model, type)
        and issubclass(field.remote_field.model, CompanyOwned)
    ]

    assert plain == []


def test_unique_keys_begin_with_the_company():
    rows = ask(
        """
        SELECT i.indexrelid::regclass::text FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indisunique AND i.indrelid::regclass::text = ANY(%s) AND a.attname <> 'company_id'
        """,
        [company_tables()],
    )
    # guardian declares (user, permission, company): the company is among the columns, so nothing leaks
    wrong = {name for (name,) in rows if not name.startswith("tenancy_companyusergran")}

    assert wrong == set(), "A key over all companies tells one company what another one uses (T5)."


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


def test_no_column_is_a_binary_fraction():
    rows = ask(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND data_type IN ('real', 'double precision', 'money') AND table_name = ANY(%s)",
        [tables()],
    )

    assert rows == []


def test_no_numeric_column_of_a_company_takes_not_a_number():
    """NaN passes CHECK (x > 0), so each column needs a rule that names it (L8)."""
    columns = ask(
        """
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relname = ANY(%s) AND a.atttypid = 'numeric'::regtype AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attgenerated = ''
        """,
        [[*company_tables(), "tenancy_company"]],
    )
    checks = ask(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c'"
    )
    unguarded = []
    for table, column in columns:
        if "_historical" in table:
            continue  # copies of checked rows, made by a trigger; nobody else may insert
        texts = [text for owner, text in checks if owner == table]
        named = f"{column} <> 'NaN'::numeric"
        listed = f"{column} = ANY (ARRAY["
        derived = f"({column} = (commission_amount - tax_amount))"
        if not any(named in text or listed in text or derived in text for text in texts):
            unguarded.append(f"{table}.{column}")

    assert unguarded == []


def test_numeric_columns_have_fixed_digits():
    rows = ask(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND data_type = 'numeric' AND numeric_precision IS NULL AND table_name = ANY(%s)",
        [tables()],
    )

    assert rows == []


def test_every_company_table_is_audited_or_listed_with_its_reason():
    audited = {
        table
        for (table,) in ask(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'z\\_audit\\_%%'"
        )
    }
    unaudited = {
        table
        for table in company_tables()
        if table not in audited and not is_partition_of_the_log(table)
    }

    unexplained = unaudited - set(NOT_AUDITED)
    assert set(NOT_AUDITED) <= set(company_tables()), "A reason for a table that is gone."
    assert unexplained == set(), (
        "Add AuditTable or AuditLines to the migration, or a reason to NOT_AUDITED."
    )


def test_audited_tables_note_every_kind_of_change_that_is_possible():
    """Tables that allow updates and deletions are audited for them as well."""
    rows = ask(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'z\\_audit\\_%%'"
    )
    seen: dict[str, set[str]] = {}
    for table, name in rows:
        seen.setdefault(table, set()).add(name.removeprefix("z_audit_"))
    append_only = {
        "ledger_journalentry": {"insert"},
        "payments_allocation": {"insert"},
        # the counter moves with each posted document, which is audited itself
        "documents_numbersequence": {"insert"},
        # an import's progress is not an event; what it writes is audited row by row
        "ar_importjob": {"insert"},
        "ap_billimportjob": {"insert"},
        "reports_exportjob": {"insert"},
        # typing is not an event
        "documents_draft": {"insert", "delete"},
        # what a bank says is frozen; the statement's entry stands for its lines, which may be thousands
        "payments_bankstatement": {"insert", "delete"},
        "payments_bankline": {"delete"},
        # undone, never deleted
        "payments_bankmatch": {"insert", "update"},
        "payments_bankmatchitem": {"insert", "update"},
    }
    for table, events in seen.items():
        assert events == append_only.get(table, {"insert", "update", "delete"}), table


def test_company_can_never_change_on_any_table_the_application_may_update():
    guarded = {
        table
        for (table,) in ask(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'a_company_fixed'"
        )
    }
    updatable = {
        table
        for (table,) in ask(
            "SELECT t FROM unnest(%s::text[]) AS t WHERE has_table_privilege('app_web', t, 'UPDATE')",
            [company_tables()],
        )
    }

    assert updatable - guarded == set()


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
