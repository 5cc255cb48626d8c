-- Guards of every document table (D2 to D5, RR-3, RR-4). Attached by documents.operations.GuardDocument.

-- Header rows. What may change on a posted document is a list; everything else, new columns included, is frozen.
CREATE FUNCTION documents_guard_header() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'allocated_amount', 'open_amount', 'is_posted', 'is_locked', 'locked_at', 'locked_by_id',
        'notes', 'notes_arabic', 'due_date', 'reference', 'salesperson_id', 'commission_base', 'commission_percent',
        'version', 'updated_at', 'paid_at', 'external_id'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'Only a draft can be deleted; void a posted document by its credit note.'
                USING ERRCODE = '23514', CONSTRAINT = 'document_delete_draft_only';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.is_locked THEN
        IF NEW.is_locked AND (NEW.status <> OLD.status OR NEW.allocated_amount <> OLD.allocated_amount) THEN
            RAISE EXCEPTION 'The document is locked; its status cannot change.'
                USING ERRCODE = '23514', CONSTRAINT = 'document_locked';
        END IF;
    END IF;
    IF (OLD.is_locked OR NEW.is_locked <> OLD.is_locked) AND app_actor_role() IS DISTINCT FROM 'owner' THEN
        RAISE EXCEPTION 'The document is locked; only an owner may change it.'
            USING ERRCODE = '42501', CONSTRAINT = 'document_locked';
    END IF;
    IF OLD.status = 'draft' THEN
        IF NEW.status NOT IN ('draft', 'posted', 'paid') THEN
            RAISE EXCEPTION 'A draft can only be posted.' USING ERRCODE = '23514', CONSTRAINT = 'document_transition';
        END IF;
    ELSE
        IF (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free) THEN
            RAISE EXCEPTION 'A posted document never changes; correct it by a credit note.'
                USING ERRCODE = '23514', CONSTRAINT = 'document_frozen';
        END IF;
        IF NEW.status IN ('posted', 'partially_paid', 'paid') AND NEW.allocated_amount <> OLD.allocated_amount THEN
            -- P5: the state follows what is open
            NEW.status := CASE WHEN NEW.allocated_amount >= NEW.total THEN 'paid'
                               WHEN NEW.allocated_amount > 0 THEN 'partially_paid' ELSE 'posted' END;
        END IF;
        IF NEW.status <> OLD.status AND (OLD.status = 'void' OR NEW.status = 'draft') THEN
            RAISE EXCEPTION 'This change of state is not allowed.'
                USING ERRCODE = '23514', CONSTRAINT = 'document_transition';
        END IF;
    END IF;
    RETURN NEW;
END $$;

REVOKE INSERT, UPDATE, DELETE ON documents_documentsummary FROM app_web;
GRANT SELECT, INSERT, UPDATE ON documents_documentsummary TO app_sec;

-- D1: a number in a series never goes back and moves one at a time.
CREATE FUNCTION documents_sequence_moves_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.last_number < OLD.last_number OR NEW.series <> OLD.series THEN
        RAISE EXCEPTION 'A number series only goes forward.'
            USING ERRCODE = '23514', CONSTRAINT = 'number_series_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_forward BEFORE UPDATE OR DELETE ON documents_numbersequence
    FOR EACH ROW EXECUTE FUNCTION documents_sequence_moves_by_one();
