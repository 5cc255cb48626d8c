-- Take a key in one statement. A second session with the same key waits for the first one's transaction, two seconds
-- at most (the function's own lock_timeout), and then sees its answer.
CREATE FUNCTION api_idempotency_claim(wanted_operation text, wanted_key text, print text, keep interval)
RETURNS TABLE (state text, row_id uuid, answer_status smallint, answer_body text)
LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
    made uuid := uuidv7();
    found_row api_idempotencykey%ROWTYPE;
BEGIN
    INSERT INTO api_idempotencykey
        (id, company_id, operation, key, fingerprint, actor_id, body, created_at, expires_at)
    VALUES (made, app_company(), wanted_operation, wanted_key, print, app_actor(), '', now(), now() + keep)
    ON CONFLICT (company_id, operation, key) DO NOTHING;
    IF FOUND THEN
        RETURN QUERY SELECT 'new'::text, made, NULL::smallint, ''::text;
        RETURN;
    END IF;
    SELECT k.* INTO found_row FROM api_idempotencykey k
    WHERE k.company_id = app_company() AND k.operation = wanted_operation AND k.key = wanted_key FOR UPDATE;
    IF found_row.expires_at < now() THEN
        UPDATE api_idempotencykey k SET fingerprint = print, actor_id = app_actor(), status = NULL, body = '',
            created_at = now(), expires_at = now() + keep
        WHERE k.company_id = found_row.company_id AND k.id = found_row.id;
        RETURN QUERY SELECT 'new'::text, found_row.id, NULL::smallint, ''::text;
        RETURN;
    END IF;
    RETURN QUERY SELECT
        CASE WHEN found_row.actor_id IS DISTINCT FROM app_actor() THEN 'other_user'
             WHEN found_row.fingerprint <> print THEN 'other_request'
             WHEN found_row.status IS NULL THEN 'running'
             ELSE 'done' END,
        found_row.id, found_row.status::smallint, found_row.body;
END $$;

-- Old keys of all companies, by the daily job.
CREATE FUNCTION api_idempotency_purge() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM api_idempotencykey WHERE expires_at < now() RETURNING 1) SELECT count(*) FROM gone
$$;
GRANT SELECT, DELETE ON api_idempotencykey TO app_sec;
