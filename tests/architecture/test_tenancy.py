"""The catalogue test of tenancy: every table has its company, policy and keys, or is named with its reason.

It asks PostgreSQL, not the models: a table made by SQL is found as well (RR-10, reliability.md parts 2 and 4).
"""

import pytest
from django.apps import apps

from tenancy.fields import TenantForeignKey
from tenancy.models import CompanyOwned
from tests.catalogue import (
    GLOBAL_TABLES,
    ask,
    company_tables,
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
