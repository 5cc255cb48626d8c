-- A payment has its journal entry at commit, a reversed one the mirror as well; no payment is ever removed.
CREATE INDEX allocation_by_credit_note ON payments_allocation (company_id, credit_note_id) WHERE credit_note_id IS NOT NULL;
CREATE CONSTRAINT TRIGGER e_journal AFTER INSERT OR UPDATE OF status ON payments_payment DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_journal_complete();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON payments_payment
    FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate();
