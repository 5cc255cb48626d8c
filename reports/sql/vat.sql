-- What was filed stays: figures and rows change while a return is prepared only; it is taken back by an owner.
CREATE FUNCTION reports_vat_return_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['state', 'filing_entry_id', 'payment_entry_id', 'filed_at', 'filed_by_id', 'unfile_reason', 'version'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'prepared' THEN
            RAISE EXCEPTION 'A filed return stays.' USING ERRCODE = '23514', CONSTRAINT = 'vat_return_filed';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state <> 'prepared' AND (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free) THEN
        RAISE EXCEPTION 'A filed return never changes.' USING ERRCODE = '23514', CONSTRAINT = 'vat_return_filed';
    END IF;
    IF OLD.state <> 'prepared' AND NEW.state = 'prepared'
       AND (app_actor_role() IS DISTINCT FROM 'owner' OR NEW.unfile_reason = '') THEN
        RAISE EXCEPTION 'Only an owner takes a return back, with a reason.'
            USING ERRCODE = '42501', CONSTRAINT = 'vat_return_unfile';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_vat_return_guard BEFORE UPDATE OR DELETE ON reports_vatreturn
    FOR EACH ROW EXECUTE FUNCTION reports_vat_return_guard();

CREATE FUNCTION reports_vat_rows_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed c JOIN reports_vatreturn r ON r.company_id = c.company_id AND r.id = c.vat_return_id
               WHERE r.state <> 'prepared') THEN
        RAISE EXCEPTION 'The rows of a filed return stay.' USING ERRCODE = '23514', CONSTRAINT = 'vat_return_filed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER a_vat_rows_insert AFTER INSERT ON reports_vatreturnrow REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION reports_vat_rows_guard();
CREATE TRIGGER a_vat_rows_delete AFTER DELETE ON reports_vatreturnrow REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION reports_vat_rows_guard();
REVOKE UPDATE ON reports_vatreturnrow FROM app_web;
