-- G1: a month that is booked never changes; one that is not may be lowered by a supplier credit, never raised.
CREATE FUNCTION ap_guard_prepaid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['amount', 'entry_id'];
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free)
       OR (OLD.entry_id IS NOT NULL AND NEW IS DISTINCT FROM OLD) OR NEW.amount > OLD.amount THEN
        RAISE EXCEPTION 'A prepaid month never changes; a supplier credit lowers what is not booked.'
            USING ERRCODE = '23514', CONSTRAINT = 'prepaid_part_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON ap_prepaidpart FOR EACH ROW EXECUTE FUNCTION ap_guard_prepaid();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON ap_prepaidpart
    FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate();
