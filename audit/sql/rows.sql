-- audit_row_changes once more: rows are paired by their key before they are taken apart, so that an update of a hundred
-- rows makes a hundred pairs of images, not ten thousand.
-- Row tables. Arguments: entity type; columns that alone are no event; columns whose values are masked; key column.
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
        SELECT COALESCE((n.j->>'company_id')::bigint, (n.j->>'id')::bigint), audit_action(o.j, n.j), entity, n.j->>'id',
               (SELECT jsonb_object_agg(k, o.j->k) FROM unnest(c.keys) AS k) - secret,
               (SELECT jsonb_object_agg(k, n.j->k) FROM unnest(c.keys) AS k) - secret,
               s.actor, s.role, s.source, s.cause, s.request
        FROM (SELECT to_jsonb(nr) AS nj, to_jsonb(orow) AS oj FROM new_rows nr JOIN old_rows orow ON orow.id = nr.id OFFSET 0) AS r
        CROSS JOIN LATERAL (SELECT r.nj AS j) AS n
        CROSS JOIN LATERAL (SELECT r.oj AS j) AS o
        CROSS JOIN LATERAL (SELECT array_agg(e.key) AS keys FROM jsonb_each(n.j) AS e
                            WHERE e.value IS DISTINCT FROM o.j->e.key) AS c
        WHERE NOT c.keys <@ quiet;
    END IF;
    RETURN NULL;
END $$;

