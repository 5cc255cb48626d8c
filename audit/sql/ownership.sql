-- The log and everything that writes it belong to app_sec: the application can read, never write, the trail.
ALTER TABLE audit_log OWNER TO app_sec;
ALTER TABLE audit_log_rest OWNER TO app_sec;
ALTER FUNCTION audit_make_partitions(date) OWNER TO app_sec;
ALTER FUNCTION audit_event(text, text, text, jsonb) OWNER TO app_sec;
SET LOCAL ROLE app_sec;
REVOKE ALL ON FUNCTION audit_make_partitions(date) FROM PUBLIC;
REVOKE ALL ON FUNCTION audit_event(text, text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_make_partitions(date), audit_event(text, text, text, jsonb) TO app_web, app_owner;
GRANT SELECT, REFERENCES ON audit_log TO app_owner;
SELECT audit_make_partitions(current_date);
RESET ROLE;
REVOKE ALL ON FUNCTION audit_build_history(text, text) FROM PUBLIC;
