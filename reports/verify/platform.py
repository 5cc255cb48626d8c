"""The database's own promises: policies, triggers and constraints are there and switched on. Once for all companies."""

from __future__ import annotations

from reports.verify.checks import Check

ROW_SECURITY = Check(
    "row-level security",
    "it is enabled and forced, with a policy, on every table that has a company",
    """
    SELECT c.relname, CASE WHEN NOT c.relrowsecurity THEN 'not enabled' WHEN NOT c.relforcerowsecurity THEN 'not forced'
                           ELSE 'no policy' END
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND (c.relname = 'tenancy_company' OR EXISTS (
          SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id' AND NOT a.attisdropped))
      AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
           OR NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
    """,
)

TRIGGERS_ON = Check(
    "triggers switched on",
    "no trigger of ours is disabled",
    """
    SELECT c.relname || '.' || t.tgname, 'disabled'
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND t.tgenabled = 'D'
    """,
)

CONSTRAINTS_VALID = Check(
    "constraints valid",
    "every constraint is validated and every index usable",
    """
    SELECT c.conname::text, 'not validated' FROM pg_constraint c
    WHERE c.connamespace = 'public'::regnamespace AND NOT c.convalidated
    UNION ALL
    SELECT i.indexrelid::regclass::text, 'not usable' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisvalid
    """,
)

CHECKS = (ROW_SECURITY, TRIGGERS_ON, CONSTRAINTS_VALID)
