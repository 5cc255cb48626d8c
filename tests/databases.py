"""Test databases: one template for each state of the migrations, one quick copy of it for each worker.

The template is migrated as app_owner, exactly as in production. What migrations put into tables (reference rows) is
kept aside in the schema `pristine`; `pristine.reset()` brings a database back to it after a test that committed. Only
the superuser may call it: triggers forbid everybody else to delete posted rows.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config.services.bootstrap import make_database, prepare_database
from config.services.layout import Layout
from config.services.postgres import ADMIN

ROOT = Path(settings.BASE_DIR)
KEPT_TEMPLATES = 4

PRISTINE = """
CREATE SCHEMA pristine;
DO $$
DECLARE t record; filled boolean;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
             AND NOT c.relispartition AND c.relname <> 'django_migrations' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', t.relname) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE pristine.%1$I AS TABLE public.%1$I', t.relname);
        END IF;
    END LOOP;
END $$;
CREATE FUNCTION pristine.reset() RETURNS void LANGUAGE plpgsql AS $$
DECLARE t record; columns text;
BEGIN
    -- Foreign keys and triggers (append-only ones too) do not run for a replica.
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR t IN SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
             AND c.relkind = 'r' AND c.relname <> 'django_migrations' AND pg_relation_size(c.oid) > 0
             AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') LOOP
        EXECUTE format('DELETE FROM public.%I', t.relname);
    END LOOP;
    FOR t IN SELECT c.relname, p.oid FROM pg_class c JOIN pg_class p ON p.relname = c.relname
             AND p.relnamespace = 'public'::regnamespace WHERE c.relnamespace = 'pristine'::regnamespace
             AND c.relkind = 'r' LOOP
        SELECT string_agg(quote_ident(a.attname), ', ') INTO columns FROM pg_attribute a
        WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
        EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM pristine.%1$I',
                       t.relname, columns);
    END LOOP;
END $$;
REVOKE ALL ON SCHEMA pristine FROM PUBLIC;
"""


def admin(layout: Layout, database: str = "postgres") -> psycopg.Connection:
    """Return an autocommit connection as the superuser."""
    return psycopg.connect(layout.database_url(ADMIN, database), autocommit=True)


def schema_mark() -> str:
    """Return a hash of everything that decides what a migrated database looks like."""
    digest = hashlib.sha256()
    wanted = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/sql/*.sql"), *ROOT.glob("*/data/*")]
    wanted += [
        ROOT / name for name in ("tenancy/rls.py", "tenancy/constraints.py", "audit/operations.py")
    ]
    wanted += [ROOT / "documents/operations.py"]
    wanted += [ROOT / "core/sql.py", ROOT / "config/services/bootstrap.py", Path(__file__)]
    for file in sorted(file for file in wanted if file.is_file()):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def ensure_template(layout: Layout) -> str:
    """Return the name of the migrated template database, making it when the migrations have changed."""
    name = f"template_{schema_mark()}"
    with admin(layout) as connection:
        # One worker migrates, the others wait here.
        connection.execute("SELECT pg_advisory_lock(hashtext('mizan.tests'))")
        found = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        ).fetchone()
        if found is None or not (found[0] or "").startswith("ready"):
            drop(connection, name)
            make_database(connection, name)
            _migrate(layout, name)
            connection.execute(
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                    sql.Identifier(name), f"ready {time.time():.0f}"
                )
            )
            _drop_old_templates(connection)
    return name


def _migrate(layout: Layout, name: str) -> None:
    with admin(layout, name) as connection:
        prepare_database(connection)
    aliases = [connections["owner"], connections["default"]]
    before = [alias.settings_dict["NAME"] for alias in aliases]
    for alias in aliases:
        alias.close()
        alias.settings_dict["NAME"] = name
    try:
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    finally:
        for alias, old in zip(aliases, before, strict=True):
            alias.close()
            alias.settings_dict["NAME"] = old
    with admin(layout, name) as connection:
        connection.execute(PRISTINE)


def _drop_old_templates(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%' "
        "AND shobj_description(oid, 'pg_database') LIKE 'ready %' "
        "ORDER BY shobj_description(oid, 'pg_database') DESC"
    ).fetchall()
    for (name,) in rows[KEPT_TEMPLATES:]:
        with contextlib.suppress(psycopg.errors.ObjectInUse):
            drop(connection, name)


def create_copy(layout: Layout, template: str, name: str) -> None:
    """Create a worker's database from the template, as app_owner; remove those of runs that were killed."""
    with admin(layout) as connection:
        for (old,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'"
        ).fetchall():
            process = old.split("_")[1]
            if process.isdigit() and not Path(f"/proc/{process}").exists():
                drop(connection, old)
        drop(connection, name)
    with psycopg.connect(
        layout.database_url("app_owner", "postgres"), autocommit=True
    ) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    with admin(layout, name) as connection:
        # Grants on the database itself are not copied.
        connection.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
        )
        connection.execute(
            sql.SQL("GRANT TEMPORARY ON DATABASE {} TO app_web").format(sql.Identifier(name))
        )
        connection.execute(
            sql.SQL(
                "GRANT CONNECT ON DATABASE {} TO app_web, app_ro, app_migrator, app_backup"
            ).format(sql.Identifier(name))
        )


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a database, ending its sessions."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name)))


def worker_database() -> str:
    """Return the name of this worker's database; it carries the process, so that leftovers are recognised."""
    return f"test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
