-- The audit trail of record (RR-9): filled by triggers only, append-only, partitioned by month, owned by app_sec.
CREATE TABLE audit_log (
    company_id bigint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
    action text NOT NULL,
    entity_type text NOT NULL,
    entity_id text NOT NULL,
    old jsonb,
    new jsonb,
    actor_id bigint,
    role text NOT NULL DEFAULT '',
    source text NOT NULL DEFAULT 'sql',
    cause text NOT NULL DEFAULT '',
    request_id text NOT NULL DEFAULT '',
    database_role text NOT NULL DEFAULT session_user,
    PRIMARY KEY (company_id, at, id)
) PARTITION BY RANGE (at);
CREATE INDEX audit_log_entity ON audit_log (company_id, entity_type, entity_id, at DESC);
CREATE INDEX audit_log_actor ON audit_log (company_id, actor_id, at DESC);
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_log
    USING (company_id = NULLIF(current_setting('app.company_id', true), '')::bigint)
    WITH CHECK (company_id = NULLIF(current_setting('app.company_id', true), '')::bigint);
CREATE TABLE audit_log_rest PARTITION OF audit_log DEFAULT;
ALTER TABLE audit_log_rest ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log_rest FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_log_rest
    USING (company_id = NULLIF(current_setting('app.company_id', true), '')::bigint);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
REVOKE ALL ON audit_log, audit_log_rest FROM app_web, app_ro, app_backup;
GRANT SELECT ON audit_log TO app_web, app_ro, app_backup;

-- Make the partitions of a month and the one after it; repeated by a daily task, harmless to repeat.
CREATE FUNCTION audit_make_partitions(around date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date;
    name text;
BEGIN
    FOR first IN SELECT date_trunc('month', around)::date + make_interval(months => n)
                 FROM generate_series(0, 1) AS n LOOP
        name := 'audit_log_' || to_char(first, 'YYYYMM');
        IF to_regclass(name) IS NULL AND NOT EXISTS (
            SELECT 1 FROM audit_log_rest WHERE at >= first AND at < first + interval '1 month') THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF audit_log FOR VALUES FROM (%L) TO (%L)',
                           name, first, (first + interval '1 month')::date);
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
            EXECUTE format('CREATE POLICY tenant ON %I USING (company_id = '
                'NULLIF(current_setting(''app.company_id'', true), '''')::bigint)', name);
        END IF;
    END LOOP;
END $$;

-- One audit row. Actor, request and cause come from the transaction's scope; without one, source is 'sql'.
CREATE FUNCTION audit_scope(OUT actor bigint, OUT role text, OUT source text, OUT cause text, OUT request text)
LANGUAGE sql STABLE AS $$
    SELECT NULLIF(current_setting('app.actor_id', true), '')::bigint,
           COALESCE(current_setting('app.role', true), ''),
           COALESCE(NULLIF(current_setting('app.source', true), ''), 'sql'),
           COALESCE(current_setting('app.cause', true), ''),
           COALESCE(current_setting('app.request_id', true), '')
$$;

-- Events that are not row changes: sign-in, export, print.
CREATE FUNCTION audit_event(event text, entity text, entity_key text, details jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE s record;
BEGIN
    IF app_company() IS NULL THEN
        RAISE EXCEPTION 'No company is set.' USING ERRCODE = '42501';
    END IF;
    SELECT * INTO s FROM audit_scope();
    INSERT INTO audit_log (company_id, action, entity_type, entity_id, new, actor_id, role, source, cause, request_id)
    VALUES (app_company(), event, entity, entity_key, details, s.actor, s.role, s.source, s.cause, s.request);
END $$;

-- What a change of a row is called: documents have more words than CREATE, UPDATE and DELETE.
CREATE FUNCTION audit_action(before jsonb, after jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN before->>'status' IS DISTINCT FROM after->>'status' AND after->>'status' = 'void' THEN 'VOID'
        WHEN before->>'status' = 'draft' AND after->>'status' <> 'draft' THEN 'POST'
        WHEN (before->>'is_locked')::boolean IS NOT TRUE AND (after->>'is_locked')::boolean THEN 'LOCK'
        WHEN (before->>'is_locked')::boolean AND (after->>'is_locked')::boolean IS NOT TRUE THEN 'UNLOCK'
        ELSE 'UPDATE' END
$$;

-- simple-history's tables, filled by the database so that bulk and raw SQL changes are there too. One trigger function
-- for each table, with its columns written out, so that its plan is kept. Run again after a column came or went.
CREATE FUNCTION audit_build_history(source text, history text) RETURNS void LANGUAGE plpgsql AS $build$
DECLARE
    shared text;
    settled text[] := ARRAY['status', 'allocated_amount', 'allocated_base', 'paid_at', 'version', 'updated_at'];
    kept text;
    wanted text := '';
    name text := source || '_keep_history';
BEGIN
    SELECT string_agg(quote_ident(h.column_name), ', ' ORDER BY h.ordinal_position) INTO shared
    FROM information_schema.columns h
    JOIN information_schema.columns s ON s.table_schema = 'public' AND s.table_name = source AND s.column_name = h.column_name
    WHERE h.table_schema = 'public' AND h.table_name = history;
    -- Allocations say what settled a document and when: a row of history that repeats them alone is not written.
    IF shared ~ '\mallocated_amount\M' THEN
        SELECT string_agg(quote_ident(h.column_name), ', ' ORDER BY h.ordinal_position) INTO kept
        FROM information_schema.columns h
        JOIN information_schema.columns s ON s.table_schema = 'public' AND s.table_name = source AND s.column_name = h.column_name
        WHERE h.table_schema = 'public' AND h.table_name = history AND h.column_name <> ALL (settled);
        wanted := format('JOIN old_rows o USING (company_id, id) WHERE n.allocated_amount = o.allocated_amount OR (%s) IS DISTINCT FROM (%s)',
                         regexp_replace(kept, '(^|, )', '\1n.', 'g'), regexp_replace(kept, '(^|, )', '\1o.', 'g'));
    END IF;
    EXECUTE format($text$
        CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                INSERT INTO %2$I (%3$s, history_id, history_date, history_type, history_user_id, history_change_reason)
                SELECT %3$s, uuidv7(), clock_timestamp(), '-', app_actor(), left(current_setting('app.cause', true), 100)
                FROM old_rows;
            ELSIF TG_OP = 'UPDATE' THEN
                INSERT INTO %2$I (%3$s, history_id, history_date, history_type, history_user_id, history_change_reason)
                SELECT %5$s, uuidv7(), clock_timestamp(), '~', app_actor(), left(current_setting('app.cause', true), 100)
                FROM new_rows n %4$s;
            ELSE
                INSERT INTO %2$I (%3$s, history_id, history_date, history_type, history_user_id, history_change_reason)
                SELECT %3$s, uuidv7(), clock_timestamp(), '+', app_actor(),
                       left(current_setting('app.cause', true), 100)
                FROM new_rows;
            END IF;
            RETURN NULL;
        END $body$ $text$, name, history, shared, wanted,
        regexp_replace(shared, '(^|, )', '\1n.', 'g'));
    EXECUTE format('ALTER FUNCTION %I() OWNER TO app_sec', name);
    SET LOCAL ROLE app_sec;
    EXECUTE format('REVOKE ALL ON FUNCTION %I() FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %I() TO app_owner', name);
    RESET ROLE;
END $build$;
