-- The trail of rows and lines. What the transaction's scope says is read by plain expressions instead of a query; what
-- changed of a row is looked up once, for the old and the new image; masks are applied where there are any.
SET LOCAL ROLE app_sec;
-- Row tables. Arguments: entity type; columns that alone are no event; columns whose values are masked.
CREATE OR REPLACE FUNCTION audit_row_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    scope_actor bigint := NULLIF(current_setting('app.actor_id', true), '')::bigint;
    scope_role text := COALESCE(current_setting('app.role', true), '');
    scope_source text := COALESCE(NULLIF(current_setting('app.source', true), ''), 'sql');
    scope_cause text := COALESCE(current_setting('app.cause', true), '');
    scope_request text := COALESCE(current_setting('app.request_id', true), '');
    entity text := TG_ARGV[0];
    quiet text[] := string_to_array(TG_ARGV[1], ',');
    secret text[] := string_to_array(TG_ARGV[2], ',');
    masked boolean := TG_ARGV[2] <> '';
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_log (company_id, action, entity_type, entity_id, new, actor_id, role, source, cause, request_id)
        SELECT COALESCE((j->>'company_id')::bigint, (j->>'id')::bigint),
               CASE WHEN entity IN ('ar.invoice', 'ar.credit_note')
                    AND COALESCE(j->>'status', 'draft') IN ('posted', 'partially_paid', 'paid') THEN 'POST' ELSE 'CREATE' END,
               entity, j->>'id', CASE WHEN masked THEN j - secret ELSE j END,
               scope_actor, scope_role, scope_source, scope_cause, scope_request
        FROM (SELECT to_jsonb(n) AS j FROM new_rows n OFFSET 0) AS rows;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_log (company_id, action, entity_type, entity_id, old, actor_id, role, source, cause, request_id)
        SELECT COALESCE((j->>'company_id')::bigint, (j->>'id')::bigint), 'DELETE', entity, j->>'id',
               CASE WHEN masked THEN j - secret ELSE j END,
               scope_actor, scope_role, scope_source, scope_cause, scope_request
        FROM (SELECT to_jsonb(o) AS j FROM old_rows o OFFSET 0) AS rows;
    ELSE
        INSERT INTO audit_log (company_id, action, entity_type, entity_id, old, new, actor_id, role, source, cause, request_id)
        SELECT COALESCE((r.n->>'company_id')::bigint, (r.n->>'id')::bigint), audit_action(r.o, r.n), entity, r.n->>'id',
               c.old - secret, c.new - secret, scope_actor, scope_role, scope_source, scope_cause, scope_request
        FROM (SELECT to_jsonb(nr) AS n, to_jsonb(orow) AS o FROM new_rows nr JOIN old_rows orow ON orow.id = nr.id OFFSET 0) AS r
        CROSS JOIN LATERAL (SELECT array_agg(e.key) AS keys, jsonb_object_agg(e.key, r.o->e.key) AS old,
                            jsonb_object_agg(e.key, e.value) AS new
                            FROM jsonb_each(r.n) AS e WHERE e.value IS DISTINCT FROM r.o->e.key) AS c
        WHERE NOT c.keys <@ quiet;
    END IF;
    RETURN NULL;
END $$;

-- Line tables: one audit row per document and statement, holding the whole images of its changed lines.
-- Argument: entity type. PostgreSQL keeps one compiled copy of this function for each table it serves.
CREATE OR REPLACE FUNCTION audit_line_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    scope_actor bigint := NULLIF(current_setting('app.actor_id', true), '')::bigint;
    scope_role text := COALESCE(current_setting('app.role', true), '');
    scope_source text := COALESCE(NULLIF(current_setting('app.source', true), ''), 'sql');
    scope_cause text := COALESCE(current_setting('app.cause', true), '');
    scope_request text := COALESCE(current_setting('app.request_id', true), '');
    entity text := TG_ARGV[0];
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO audit_log (company_id, action, entity_type, entity_id, new, actor_id, role, source, cause, request_id)
        SELECT n.company_id, 'CREATE', entity, n.document_id::text, json_build_object('lines', json_agg(n))::jsonb,
               scope_actor, scope_role, scope_source, scope_cause, scope_request
        FROM new_rows n GROUP BY n.company_id, n.document_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO audit_log (company_id, action, entity_type, entity_id, old, actor_id, role, source, cause, request_id)
        SELECT o.company_id, 'DELETE', entity, o.document_id::text, json_build_object('lines', json_agg(o))::jsonb,
               scope_actor, scope_role, scope_source, scope_cause, scope_request
        FROM old_rows o GROUP BY o.company_id, o.document_id;
    ELSE
        INSERT INTO audit_log (company_id, action, entity_type, entity_id, old, new, actor_id, role, source, cause, request_id)
        SELECT n.company_id, 'UPDATE', entity, n.document_id::text, json_build_object('lines', json_agg(o))::jsonb,
               json_build_object('lines', json_agg(n))::jsonb,
               scope_actor, scope_role, scope_source, scope_cause, scope_request
        FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
        WHERE n IS DISTINCT FROM o GROUP BY n.company_id, n.document_id;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION audit_row_changes(), audit_line_changes() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_row_changes(), audit_line_changes() TO app_owner;
RESET ROLE;
