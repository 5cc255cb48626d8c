-- P4: allocations are never edited; a mirror row undoes one.
CREATE FUNCTION payments_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An allocation never changes; undo it by a mirror row.'
        USING ERRCODE = '23514', CONSTRAINT = 'allocation_append_only';
END $$;
CREATE TRIGGER a_append_only BEFORE UPDATE OR DELETE ON payments_allocation
    FOR EACH ROW EXECUTE FUNCTION payments_is_append_only();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON payments_allocation
    FOR EACH STATEMENT EXECUTE FUNCTION payments_is_append_only();
REVOKE UPDATE, DELETE ON payments_allocation FROM app_web;

-- what an allocation moves: arrive.sql
CREATE TRIGGER b_arrive AFTER INSERT ON payments_allocation REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_allocations_arrive();

-- A registered payment is never edited or deleted; reversal sets void and books the mirror journal.
CREATE FUNCTION payments_guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'allocated_amount', 'allocated_base', 'open_amount', 'reference', 'notes', 'version',
        'updated_at', 'void_date', 'void_reason'];
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free)
       OR (OLD.status = 'void' AND (NEW.status <> 'void' OR NEW.void_date IS DISTINCT FROM OLD.void_date))
       OR (NEW.status = 'void' AND NEW.allocated_amount <> 0) THEN
        RAISE EXCEPTION 'A registered payment never changes; reverse it.'
            USING ERRCODE = '23514', CONSTRAINT = 'payment_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_guard_payment();
