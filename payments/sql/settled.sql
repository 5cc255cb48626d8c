-- P1, P2: what is settled on an invoice, credit note or payment is exactly the sum of its allocations, at commit. The kept
-- columns are moved by payments_allocations_arrive; a statement that writes them itself is refused here.
CREATE INDEX allocation_by_credit_note ON payments_allocation (company_id, credit_note_id) WHERE credit_note_id IS NOT NULL;

SET LOCAL ROLE app_sec;
CREATE FUNCTION payments_settled_by_allocations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    kept numeric;
    rows numeric;
BEGIN
    IF TG_TABLE_NAME = 'ar_invoice' THEN
        SELECT allocated_amount INTO kept FROM ar_invoice WHERE company_id = NEW.company_id AND id = NEW.id;
        SELECT sum(amount) INTO rows FROM payments_allocation WHERE company_id = NEW.company_id AND invoice_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'ar_creditnote' THEN
        SELECT allocated_amount INTO kept FROM ar_creditnote WHERE company_id = NEW.company_id AND id = NEW.id;
        SELECT sum(amount) INTO rows FROM payments_allocation WHERE company_id = NEW.company_id AND credit_note_id = NEW.id;
    ELSE
        SELECT allocated_amount INTO kept FROM payments_payment WHERE company_id = NEW.company_id AND id = NEW.id;
        SELECT sum(amount) INTO rows FROM payments_allocation WHERE company_id = NEW.company_id AND payment_id = NEW.id;
    END IF;
    IF COALESCE(kept, 0) <> COALESCE(rows, 0) THEN
        RAISE EXCEPTION 'What is settled is the sum of the allocations.'
            USING ERRCODE = '23514', CONSTRAINT = 'settled_by_allocations';
    END IF;
    RETURN NULL;
END $$;

-- A payment has its journal entry at commit, a reversed one the mirror as well.
CREATE FUNCTION payments_journal_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.base_amount > 0 AND NOT EXISTS (
        SELECT 1 FROM ledger_journalentry e WHERE e.company_id = NEW.company_id AND e.source_kind = 'payments.payment'
        AND e.source_id = NEW.id AND e.purpose = 'post' AND e.total = NEW.base_amount
        AND (NEW.status <> 'void' OR EXISTS (
            SELECT 1 FROM ledger_journalentry r WHERE r.company_id = e.company_id AND r.reverses_id = e.id))) THEN
        RAISE EXCEPTION 'A payment has its journal entry.' USING ERRCODE = '23514', CONSTRAINT = 'payment_needs_journal';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION payments_settled_by_allocations(), payments_journal_complete() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments_settled_by_allocations(), payments_journal_complete() TO app_owner;
RESET ROLE;

CREATE CONSTRAINT TRIGGER d_settled AFTER UPDATE OF allocated_amount ON ar_invoice DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.allocated_amount IS DISTINCT FROM NEW.allocated_amount)
    EXECUTE FUNCTION payments_settled_by_allocations();
CREATE CONSTRAINT TRIGGER d_settled AFTER UPDATE OF allocated_amount ON ar_creditnote DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.allocated_amount IS DISTINCT FROM NEW.allocated_amount)
    EXECUTE FUNCTION payments_settled_by_allocations();
CREATE CONSTRAINT TRIGGER d_settled AFTER UPDATE OF allocated_amount ON payments_payment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.allocated_amount IS DISTINCT FROM NEW.allocated_amount)
    EXECUTE FUNCTION payments_settled_by_allocations();
CREATE CONSTRAINT TRIGGER d_settled_new AFTER INSERT ON payments_payment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.allocated_amount <> 0) EXECUTE FUNCTION payments_settled_by_allocations();
CREATE CONSTRAINT TRIGGER e_journal AFTER INSERT OR UPDATE OF status ON payments_payment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_journal_complete();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON payments_payment
    FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate();
