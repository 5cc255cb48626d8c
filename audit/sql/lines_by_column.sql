-- Lines of documents: one audit row per document and statement. Its images hold the lines column by column,
-- {"lines": {"id": [...], "quantity": [...]}}: no name is repeated, which is a third of the bytes and of the time. Company and
-- document are the row's own. audit.images reads them back as rows.
CREATE FUNCTION audit_build_lines(source text, entity text) RETURNS void LANGUAGE plpgsql AS $build$
DECLARE
    name text := source || '_keep_lines';
    image text;
BEGIN
    SELECT 'jsonb_build_object(''lines'', json_build_object('
           || string_agg(format('%L, json_agg(@.%I)', c.attname, c.attname), ', ' ORDER BY c.attnum) || '))'
    INTO image
    FROM pg_attribute c
    WHERE c.attrelid = source::regclass AND c.attnum > 0 AND NOT c.attisdropped
      AND c.attname NOT IN ('company_id', 'document_id');
    EXECUTE format($text$
        CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
        DECLARE
            scope_actor bigint := NULLIF(current_setting('app.actor_id', true), '')::bigint;
            scope_role text := COALESCE(current_setting('app.role', true), '');
            scope_source text := COALESCE(NULLIF(current_setting('app.source', true), ''), 'sql');
            scope_cause text := COALESCE(current_setting('app.cause', true), '');
            scope_request text := COALESCE(current_setting('app.request_id', true), '');
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO audit_log (company_id, action, entity_type, entity_id, new, actor_id, role, source, cause, request_id)
                SELECT n.company_id, 'CREATE', %2$L, n.document_id::text, %3$s,
                       scope_actor, scope_role, scope_source, scope_cause, scope_request
                FROM new_rows n GROUP BY n.company_id, n.document_id;
            ELSIF TG_OP = 'DELETE' THEN
                INSERT INTO audit_log (company_id, action, entity_type, entity_id, old, actor_id, role, source, cause, request_id)
                SELECT o.company_id, 'DELETE', %2$L, o.document_id::text, %4$s,
                       scope_actor, scope_role, scope_source, scope_cause, scope_request
                FROM old_rows o GROUP BY o.company_id, o.document_id;
            ELSE
                INSERT INTO audit_log (company_id, action, entity_type, entity_id, old, new, actor_id, role, source, cause, request_id)
                SELECT n.company_id, 'UPDATE', %2$L, n.document_id::text, %4$s, %3$s,
                       scope_actor, scope_role, scope_source, scope_cause, scope_request
                FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
                WHERE n IS DISTINCT FROM o GROUP BY n.company_id, n.document_id;
            END IF;
            RETURN NULL;
        END $body$ $text$, name, entity, replace(image, '@.', 'n.'), replace(image, '@.', 'o.'));
    EXECUTE format('ALTER FUNCTION %I() OWNER TO app_sec', name);
    SET LOCAL ROLE app_sec;
    EXECUTE format('REVOKE ALL ON FUNCTION %I() FROM PUBLIC', name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %I() TO app_owner', name);
    RESET ROLE;
END $build$;
REVOKE ALL ON FUNCTION audit_build_lines(text, text) FROM PUBLIC;
