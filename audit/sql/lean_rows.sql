SET LOCAL ROLE app_sec;
-- audit_row_changes once more: what changed is looked up once, not once for the old and once for the new image.
-- Arguments: entity type; columns that alone are no event; columns whose values are masked; key column.
CREATE OR REPLACE FUNCTION audit_row_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    s record;
    entity text := TG_ARGV[0];
    quiet text[] := string_to_array(TG_ARGV[1], ',');
    secret text[] := string_to_array(TG_ARGV[2], ',');
BEGIN
    SELECT * INTO s FROM audit_scope();
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_log (company_id, action, entity_type, entity_id, new, actor_id, role, source, cause, request_id)
        SELECT COALESCE((j->>'company_id')::bigint, (j->>'id')::bigint),
               CASE WHEN COALESCE(j->>'status', 'draft') IN ('posted', 'partially_paid', 'paid')
                    AND entity IN ('ar.invoice', 'ar.credit_note') THEN 'POST' ELSE 'CREATE' END,
               entity, j->>'id', j - secret, s.actor, s.role, s.source, s.cause, s.request
        FROM (SELECT to_jsonb(n) AS j FROM new_rows n) AS rows;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_log (company_id, action, entity_type, entity_id, old, actor_id, role, source, cause, request_id)
        SELECT COALESCE((j->>'company_id')::bigint, (j->>'id')::bigint), 'DELETE', entity, j->>'id', j - secret,
               s.actor, s.role, s.source, s.cause, s.request
        FROM (SELECT to_jsonb(o) AS j FROM old_rows o) AS rows;
    ELSE
        INSERT INTO audit_log (company_id, action, entity_type, entity_id, old, new, actor_id, role, source, cause, request_id)
        SELECT COALESCE((r.n->>'company_id')::bigint, (r.n->>'id')::bigint), audit_action(r.o, r.n), entity, r.n->>'id',
               c.old - secret, c.new - secret, s.actor, s.role, s.source, s.cause, s.request
        FROM (SELECT to_jsonb(nr) AS n, to_jsonb(orow) AS o FROM new_rows nr JOIN old_rows orow ON orow.id = nr.id OFFSET 0) AS r
        CROSS JOIN LATERAL (SELECT array_agg(e.key) AS keys, jsonb_object_agg(e.key, r.o->e.key) AS old,
                            jsonb_object_agg(e.key, e.value) AS new
                            FROM jsonb_each(r.n) AS e WHERE e.value IS DISTINCT FROM r.o->e.key) AS c
        WHERE NOT c.keys <@ quiet;
    END IF;
    RETURN NULL;
END $$;
RESET ROLE;

-- audit_build_history once more.
CREATE OR REPLACE FUNCTION audit_build_history(source text, history text) RETURNS void LANGUAGE plpgsql AS $build$
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
