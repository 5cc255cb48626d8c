-- Guards that all documents share (D2 to D5, RR-3, RR-4). Attached by documents.operations.GuardDocument.

-- Header rows. What may change on a posted document is a list; everything else, new columns included, is frozen. A document
-- becomes void only when nothing is open on it any more (its credit note settled it), and a draft becomes paid only when
-- there is nothing to pay. A settlement of a hundred documents does not take a hundred rows apart.
CREATE OR REPLACE FUNCTION documents_guard_header() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'allocated_amount', 'open_amount', 'is_posted', 'is_locked', 'locked_at', 'locked_by_id',
        'notes', 'notes_arabic', 'due_date', 'reference', 'salesperson_id', 'commission_base', 'commission_base_posted', 'commission_percent',
        'version', 'updated_at', 'paid_at', 'external_id', 'allocated_base', 'settlement_hold'];
    probe record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'Only a draft can be deleted; void a posted document by its credit note.'
                USING ERRCODE = '23514', CONSTRAINT = 'document_delete_draft_only';
        END IF;
        IF OLD.is_locked AND app_actor_role() IS DISTINCT FROM 'owner' THEN
            RAISE EXCEPTION 'The document is locked; only an owner may delete it.'
                USING ERRCODE = '42501', CONSTRAINT = 'document_locked';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.version < OLD.version THEN
        RAISE EXCEPTION 'The version of a document only goes up.'
            USING ERRCODE = '23514', CONSTRAINT = 'document_version';
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
        IF NEW.status NOT IN ('draft', 'posted', 'paid') OR (NEW.status = 'paid' AND NEW.total <> 0) THEN
            RAISE EXCEPTION 'A draft can only be posted.' USING ERRCODE = '23514', CONSTRAINT = 'document_transition';
        END IF;
    ELSE
        -- A settlement moves these only; then the rows need not be taken apart.
        probe := NEW;
        probe.status := OLD.status;
        probe.allocated_amount := OLD.allocated_amount;
        probe.allocated_base := OLD.allocated_base;
        probe.version := OLD.version;
        probe.updated_at := OLD.updated_at;
        -- generated: computed after this trigger
        probe.open_amount := OLD.open_amount;
        probe.is_posted := OLD.is_posted;
        IF TG_TABLE_NAME IN ('ar_invoice', 'ap_bill') THEN
            probe.paid_at := OLD.paid_at;
        END IF;
        IF probe IS DISTINCT FROM OLD AND (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free) THEN
            RAISE EXCEPTION 'A posted document never changes; correct it by a credit note.'
                USING ERRCODE = '23514', CONSTRAINT = 'document_frozen';
        END IF;
        IF NEW.status IN ('posted', 'partially_paid', 'paid') AND NEW.allocated_amount <> OLD.allocated_amount THEN
            -- P5: the state follows what is open
            NEW.status := CASE WHEN NEW.allocated_amount >= NEW.total THEN 'paid'
                               WHEN NEW.allocated_amount > 0 THEN 'partially_paid' ELSE 'posted' END;
        END IF;
        IF (NEW.status <> OLD.status AND (OLD.status = 'void' OR NEW.status = 'draft'))
           OR (NEW.status = 'void' AND NEW.allocated_amount <> NEW.total)
           -- the open states say what is settled; PAID by SQL alone is RR-6, and what is still open is in `verify`
           OR (NEW.status <> OLD.status AND NEW.status = 'posted' AND NEW.allocated_amount <> 0)
           OR (NEW.status <> OLD.status AND NEW.status = 'partially_paid'
               AND (NEW.allocated_amount <= 0 OR NEW.allocated_amount >= NEW.total)) THEN
            RAISE EXCEPTION 'This change of state is not allowed.'
                USING ERRCODE = '23514', CONSTRAINT = 'document_transition';
        END IF;
        -- the moment of payment stays while the state does
        IF TG_TABLE_NAME IN ('ar_invoice', 'ap_bill') AND NEW.status = OLD.status THEN
            IF OLD.paid_at IS NOT NULL AND NEW.paid_at IS DISTINCT FROM OLD.paid_at THEN
                RAISE EXCEPTION 'What was paid stays paid on its day.'
                    USING ERRCODE = '23514', CONSTRAINT = 'document_frozen';
            END IF;
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION documents_refuse_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A document is settled by allocations only.'
        USING ERRCODE = '23514', CONSTRAINT = 'document_transition';
END $$;

-- Row triggers do not see TRUNCATE.
CREATE OR REPLACE FUNCTION documents_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Documents are never removed.' USING ERRCODE = '23514', CONSTRAINT = 'document_delete_draft_only';
END $$;
