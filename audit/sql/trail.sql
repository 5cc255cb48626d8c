-- Tables that allocations settle: one trigger function each keeps trail and history of updates, its columns written out,
-- because taking both images of a wide row apart as JSON costs more than its update. A settlement of a hundred documents
-- changes the same few columns of each; then no version is kept: allocations say what settled a document and when.
CREATE FUNCTION audit_build_trail(source text, history text) RETURNS void LANGUAGE plpgsql AS $build$
DECLARE
    settled text[] := ARRAY['status', 'allocated_amount', 'allocated_base', 'open_amount', 'is_posted', 'paid_at',
        'updated_at', 'version'];
    quiet text[] := ARRAY['updated_at', 'version'];
    name text := source || '_keep_trail';
    kept text;
    image text;
    every text;
    told text;
    locked text;
    shared text;
BEGIN
    SELECT string_agg('@.' || quote_ident(c.attname), ', ' ORDER BY c.attnum) FILTER (WHERE c.attname <> ALL (settled)),
           string_agg(format('CASE WHEN n.%1$I IS DISTINCT FROM o.%1$I THEN %2$L || COALESCE(to_json(@.%1$I)::text, ''null'') END',
                             c.attname, to_json(c.attname::text)::text || ':'), ', ')
               FILTER (WHERE c.attname = ANY (settled)),
           string_agg(format('CASE WHEN n.%1$I IS DISTINCT FROM o.%1$I THEN %2$L || COALESCE(to_json(@.%1$I)::text, ''null'') END',
                             c.attname, to_json(c.attname::text)::text || ':'), ', ' ORDER BY c.attnum),
           string_agg('@.' || quote_ident(c.attname), ', ' ORDER BY c.attnum) FILTER (WHERE c.attname <> ALL (quiet)),
           CASE WHEN bool_or(c.attname = 'is_locked') THEN 'o.is_locked, n.is_locked' ELSE 'false, false' END,
           string_agg('@' || quote_ident(c.attname), ', ' ORDER BY c.attnum) FILTER (WHERE EXISTS (
               SELECT FROM pg_attribute h WHERE h.attrelid = history::regclass AND h.attname = c.attname))
    INTO kept, image, every, told, locked, shared
    FROM pg_attribute c WHERE c.attrelid = source::regclass AND c.attnum > 0 AND NOT c.attisdropped;
    image := format('(''{'' || concat_ws('','', %s) || ''}'')::jsonb', image);
    every := format('(''{'' || concat_ws('','', %s) || ''}'')::jsonb', every);
    EXECUTE format($text$
        CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
        DECLARE
            scope_actor bigint := NULLIF(current_setting('app.actor_id', true), '')::bigint;
            scope_role text := COALESCE(current_setting('app.role', true), '');
            scope_source text := COALESCE(NULLIF(current_setting('app.source', true), ''), 'sql');
            scope_cause text := COALESCE(current_setting('app.cause', true), '');
            scope_request text := COALESCE(current_setting('app.request_id', true), '');
            only_settled boolean;
        BEGIN
            SELECT bool_and(n.allocated_amount <> o.allocated_amount AND (%2$s) IS NOT DISTINCT FROM (%3$s)) INTO only_settled
            FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id;
            IF only_settled THEN
                INSERT INTO audit_log (company_id, action, entity_type, entity_id, old, new, actor_id, role, source, cause, request_id)
                SELECT n.company_id, audit_action(o.status, n.status, false, false), TG_ARGV[0], n.id::text, %4$s, %5$s,
                       scope_actor, scope_role, scope_source, scope_cause, scope_request
                FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id;
                RETURN NULL;
            END IF;
            INSERT INTO audit_log (company_id, action, entity_type, entity_id, old, new, actor_id, role, source, cause, request_id)
            SELECT n.company_id, audit_action(o.status, n.status, %6$s), TG_ARGV[0], n.id::text, %10$s, %11$s,
                   scope_actor, scope_role, scope_source, scope_cause, scope_request
            FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
            WHERE (%12$s) IS DISTINCT FROM (%13$s);
            INSERT INTO %7$I (%8$s, history_id, history_date, history_type, history_user_id, history_change_reason)
            SELECT %9$s, uuidv7(), clock_timestamp(), '~', scope_actor, left(scope_cause, 100)
            FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
            WHERE n.allocated_amount = o.allocated_amount OR (%2$s) IS DISTINCT FROM (%3$s);
            RETURN NULL;
        END $body$ $text$, name, replace(kept, '@.', 'n.'), replace(kept, '@.', 'o.'),
        replace(image, '@.', 'o.'), replace(image, '@.', 'n.'), locked, history,
        replace(shared, '@', ''), replace(shared, '@', 'n.'), replace(every, '@.', 'o.'), replace(every, '@.', 'n.'),
        replace(told, '@.', 'n.'), replace(told, '@.', 'o.'));
    EXECUTE format('ALTER FUNCTION %I() OWNER TO app_sec', name);
    SET LOCAL ROLE app_sec;
    EXECUTE format('REVOKE ALL ON FUNCTION %I() FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %I() TO app_owner', name);
    RESET ROLE;
END $build$;
REVOKE ALL ON FUNCTION audit_build_trail(text, text) FROM PUBLIC;

-- What a change of a document is called, by its columns.
CREATE FUNCTION audit_action(was text, now text, was_locked boolean, now_locked boolean) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN was <> now AND now = 'void' THEN 'VOID'
        WHEN was = 'draft' AND now <> 'draft' THEN 'POST'
        WHEN NOT was_locked AND now_locked THEN 'LOCK'
        WHEN was_locked AND NOT now_locked THEN 'UNLOCK'
        ELSE 'UPDATE' END
$$;
