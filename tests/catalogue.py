"""What the tests ask of PostgreSQL's own catalogue, and the lists of stated exceptions with their reasons."""

from __future__ import annotations

from typing import Any

from django.db import connection

#: Tables without a company, and why that is right.
GLOBAL_TABLES = {
    "tenancy_company": "the company itself: its policy compares its id",
    "tenancy_user": "a person may work for several companies (RR-1); what they may see is in the memberships",
    "tenancy_user_groups": "Django's groups of users; not used, holds no business text",
    "tenancy_user_user_permissions": "Django's own permissions of users; not used, holds no business text",
    "auth_group": "Django's groups; not used",
    "auth_group_permissions": "Django's groups; not used",
    "auth_permission": "names of permissions, the same for everybody",
    "django_content_type": "names of models, the same for everybody",
    "django_migrations": "state of the schema",
    "django_session": "sessions belong to a browser; the company in them is checked at each request",
    "django_admin_log": "ids only; what the admin site changes is in the audit log",
    "axes_accessattempt": "failed sign-ins; empty, the counters are in the cache",
    "axes_accessattemptexpiration": "failed sign-ins; empty, the counters are in the cache",
    "axes_accessfailurelog": "failed sign-ins; empty, the counters are in the cache",
    "axes_accesslog": "sign-ins; empty, the audit log has them",
    "guardian_userobjectpermission": "generic grants; not used, CompanyUserGrant has the company",
    "guardian_groupobjectpermission": "generic grants; not used, CompanyUserGrant has the company",
}

#: Company tables whose changes leave no audit row of their own, and why.
NOT_AUDITED = {
    "api_idempotencykey": "answers kept to be repeated; the effect itself is audited",
    "audit_log": "the log itself",
    "audit_log_rest": "a partition of the log",
    "documents_documentsummary": "kept sums, written by triggers from audited rows",
    "documents_renderedpdf": "a cache of what can be rendered again",
    "ledger_accountbalance": "kept sums, written by triggers from audited rows",
    "ledger_journalline": "append-only lines of an audited entry; their images are the lines themselves",
    "reports_vatreturnrow": "frozen rows of an audited return; before it is filed, made again from the journal",
    "ap_historicalbill": "history is itself a trail",
    "ap_historicalsupplier": "history is itself a trail",
    "ap_historicalsuppliercredit": "history is itself a trail",
    "ar_historicalcustomer": "history is itself a trail",
    "ar_historicalinvoice": "history is itself a trail",
    "ar_historicalcreditnote": "history is itself a trail",
    "inventory_historicalitem": "history is itself a trail",
    "payments_historicalpayment": "history is itself a trail",
}

_TABLES = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1
"""
_COMPANY_TABLES = """
    SELECT c.relname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    ORDER BY 1
"""


def ask(sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    """Return all rows of a question, asked as the application role."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def tables() -> list[str]:
    """Return every table of the product."""
    return [name for (name,) in ask(_TABLES)]


def company_tables() -> list[str]:
    """Return every table with a company, partitions of the audit log included."""
    return [name for (name,) in ask(_COMPANY_TABLES)]


def is_partition_of_the_log(table: str) -> bool:
    return table.startswith("audit_log_")
