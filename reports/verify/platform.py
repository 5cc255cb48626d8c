"""The database's own promises: policies, triggers, constraints and rights are there and in force. Once for all companies."""

from __future__ import annotations

from django.apps import apps

from reports.verify.checks import Check
from tenancy.constraints import TenantPrimaryKey

ROW_SECURITY = Check(
    "row-level security",
    "it is enabled and forced, with one policy that asks for the company, on every table that has one",
    r"""
    SELECT c.relname, CASE WHEN NOT c.relrowsecurity THEN 'not enabled' WHEN NOT c.relforcerowsecurity THEN 'not forced'
                           WHEN p.n IS NULL THEN 'no policy' WHEN p.n > 1 THEN 'another policy besides'
                           ELSE 'a policy that lets others in' END
    FROM pg_class c
    LEFT JOIN (
        SELECT polrelid, count(*) AS n, bool_and(polcmd = '*' AND polpermissive AND who ~ '^\(+(company_id|id) = '
               AND who LIKE '%current_setting(''app.company_id''%' AND who !~ '\mOR\M'
               AND (written IS NULL OR written = who)) AS asks
        FROM (SELECT polrelid, polcmd, polpermissive, pg_get_expr(polqual, polrelid) AS who,
                     pg_get_expr(polwithcheck, polrelid) AS written FROM pg_policy) AS q
        GROUP BY polrelid) AS p ON p.polrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND (c.relname = 'tenancy_company' OR EXISTS (
          SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id' AND NOT a.attisdropped))
      AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity OR p.n IS DISTINCT FROM 1 OR NOT p.asks)
    """,
)

#: The guards without which a promise of the architecture page is gone: pattern of tables, trigger.
_GUARDS = (
    ("ledger_journal(entry|line)", "a_append_only"),
    ("ledger_journal(entry|line)", "a_no_truncate"),
    ("ledger_journalentry", "a_open_period"),
    ("ledger_journalentry", "entry_complete"),
    ("ledger_journalline", "b_lines_arrive"),
    ("ledger_period", "a_period_guard"),
    ("ledger_period", "a_period_stays"),
    ("(ar_invoice|ar_creditnote|ap_bill|ap_suppliercredit)", "a_guard"),
    ("(ar_invoice|ar_creditnote|ap_bill|ap_suppliercredit)", "a_guard_new"),
    ("(ar_invoice|ar_creditnote|ap_bill|ap_suppliercredit)", "b_posted_complete"),
    ("(ar_invoice|ar_creditnote|ap_bill|ap_suppliercredit)", "d_settled"),
    ("(ar_invoice|ar_creditnote|ap_bill|ap_suppliercredit)line", "a_guard_insert"),
    ("(ar_invoice|ar_creditnote|ap_bill|ap_suppliercredit)line", "a_guard_update"),
    ("(ar_invoice|ar_creditnote|ap_bill|ap_suppliercredit)line", "a_guard_delete"),
    ("ar_invoice", "b_commission"),
    ("ar_invoice", "c_commission"),
    ("payments_allocation", "a_append_only"),
    ("payments_allocation", "b_arrive"),
    ("payments_payment", "a_guard"),
    ("payments_payment", "e_journal"),
    ("commissions_commissionsnapshot", "a_guard"),
    ("documents_numbersequence", "a_forward"),
    ("tenancy_membership", "keep_an_owner"),
    ("audit_log", "append_only"),
    ("audit_log", "no_truncate"),
    ("[a-z]+_historical[a-z]+", "append_only"),
)

TRIGGERS_ON = Check(
    "triggers switched on",
    "no trigger of ours is disabled, no guard is gone",
    """
    SELECT c.relname || '.' || t.tgname, CASE t.tgenabled WHEN 'D' THEN 'disabled' ELSE 'not for every session' END
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND t.tgenabled <> 'O'
    UNION ALL
    SELECT c.relname || '.' || g.name, 'gone'
    FROM (VALUES @guards@) AS g (tables, name)
    JOIN pg_class c ON c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname ~ g.tables
    WHERE NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = g.name)
    """.replace("@guards@", ", ".join(f"('^{table}$', '{trigger}')" for table, trigger in _GUARDS)),
)


def _declared() -> str:
    """Return rows (table, constraint) of what the models declare."""
    return ", ".join(
        f"('{model._meta.db_table}', '{constraint.name}')"
        for model in apps.get_models()
        if model._meta.managed
        for constraint in model._meta.constraints
        if not isinstance(constraint, TenantPrimaryKey)  # the table's own key, under another name
    )


def constraints_valid() -> Check:
    """Return the check of constraints; it knows what the models declare."""
    return Check(
        "constraints valid",
        "every constraint the models declare is there and validated, and every index usable",
        """
        SELECT c.conname::text, 'not validated' FROM pg_constraint c
        WHERE c.connamespace = 'public'::regnamespace AND NOT c.convalidated
        UNION ALL
        SELECT i.indexrelid::regclass::text, 'not usable' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisvalid
        UNION ALL
        SELECT d.owner || '.' || d.name, 'gone' FROM (VALUES @declared@) AS d (owner, name)
        WHERE to_regclass('public.' || d.owner) IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conrelid = to_regclass('public.' || d.owner)
                          AND c.conname = d.name)
          AND NOT EXISTS (SELECT 1 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                          WHERE i.indrelid = to_regclass('public.' || d.owner) AND c.relname = d.name)
        """.replace("@declared@", _declared()),
    )


RIGHTS = Check(
    "rights of the application",
    "its role is no superuser, bypasses nothing, belongs to no other role and cannot change what is append-only",
    """
    SELECT r.rolname::text, 'may more than its policies allow' FROM pg_roles r
    WHERE r.rolname IN ('app_web', 'app_ro') AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb)
    UNION ALL
    SELECT r.rolname::text, 'is a member of ' || g.rolname FROM pg_auth_members m
    JOIN pg_roles r ON r.oid = m.member JOIN pg_roles g ON g.oid = m.roleid WHERE r.rolname IN ('app_web', 'app_ro')
    UNION ALL
    SELECT c.relname || '', 'app_web may ' || lower(p.name)
    FROM pg_class c CROSS JOIN (VALUES ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE')) AS p (name)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND has_table_privilege('app_web', c.oid, p.name)
      AND (p.name = 'TRUNCATE'
           OR c.relname IN ('ledger_accountbalance', 'documents_documentsummary') OR c.relname ~ '^audit_log|_historical'
           OR (p.name <> 'INSERT'
               AND c.relname IN ('ledger_journalentry', 'ledger_journalline', 'payments_allocation'))
           OR (p.name = 'DELETE' AND c.relname IN ('tenancy_company', 'tenancy_membership')))
    """,
)


def checks() -> tuple[Check, ...]:
    """Return the checks of the database as a whole."""
    return (ROW_SECURITY, TRIGGERS_ON, constraints_valid(), RIGHTS)
