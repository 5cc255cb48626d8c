-- A period that is not open stays, and so does one with entries: deleted and written again it would be open, or have
-- other days. What UPDATE may not do (L6), DELETE and INSERT must not do together.
CREATE FUNCTION ledger_period_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'open' OR EXISTS (
        SELECT FROM ledger_journalentry e
        WHERE e.company_id = OLD.company_id AND e.date BETWEEN OLD.start_date AND OLD.end_date) THEN
        RAISE EXCEPTION 'A period that is closed or has entries stays.'
            USING ERRCODE = '23514', CONSTRAINT = 'period_stays';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER a_period_stays BEFORE DELETE ON ledger_period FOR EACH ROW EXECUTE FUNCTION ledger_period_stays();

-- A lock is lifted, or moved to an earlier day, by an owner (accounting.md section 10).
CREATE FUNCTION ledger_lock_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.area = OLD.area AND NEW.until >= OLD.until THEN
            RETURN NEW;
        END IF;
    END IF;
    IF app_actor_role() IS DISTINCT FROM 'owner' THEN
        RAISE EXCEPTION 'Only an owner lifts a lock.' USING ERRCODE = '42501', CONSTRAINT = 'lock_lift_owner';
    END IF;
    RETURN CASE TG_OP WHEN 'UPDATE' THEN NEW ELSE OLD END;
END $$;
CREATE TRIGGER a_lock_guard BEFORE UPDATE OR DELETE ON ledger_lockdate
    FOR EACH ROW EXECUTE FUNCTION ledger_lock_guard();
