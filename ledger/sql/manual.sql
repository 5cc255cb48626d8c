-- A posted manual journal never changes, except that it may become reversed.
CREATE FUNCTION ledger_guard_manual() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'reverse_reason', 'version', 'updated_at'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'Only a draft can be deleted; reverse a posted journal.'
                USING ERRCODE = '23514', CONSTRAINT = 'manual_journal_frozen';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.status <> 'draft' THEN
        IF (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free)
           OR NOT (NEW.status = OLD.status OR (OLD.status = 'posted' AND NEW.status = 'reversed')) THEN
            RAISE EXCEPTION 'A posted journal never changes; reverse it.'
                USING ERRCODE = '23514', CONSTRAINT = 'manual_journal_frozen';
        END IF;
    ELSIF NEW.status = 'reversed' THEN
        RAISE EXCEPTION 'A draft is not reversed.' USING ERRCODE = '23514', CONSTRAINT = 'manual_journal_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON ledger_manualjournal
    FOR EACH ROW EXECUTE FUNCTION ledger_guard_manual();

-- Its lines belong to a draft, or to a journal that this transaction is about to post.
CREATE FUNCTION ledger_guard_manual_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    posted boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT bool_or(j.status <> 'draft') INTO posted FROM (
            SELECT status FROM ledger_manualjournal
            WHERE (company_id, id) IN (SELECT company_id, document_id FROM new_rows) FOR SHARE) AS j;
    ELSE
        SELECT bool_or(j.status <> 'draft') INTO posted FROM (
            SELECT status FROM ledger_manualjournal
            WHERE (company_id, id) IN (SELECT company_id, document_id FROM old_rows) FOR SHARE) AS j;
    END IF;
    IF posted THEN
        RAISE EXCEPTION 'The lines of a posted journal never change.'
            USING ERRCODE = '23514', CONSTRAINT = 'manual_journal_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER a_guard_insert AFTER INSERT ON ledger_manualjournalline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_guard_manual_lines();
CREATE TRIGGER a_guard_update AFTER UPDATE ON ledger_manualjournalline REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_guard_manual_lines();
CREATE TRIGGER a_guard_delete AFTER DELETE ON ledger_manualjournalline REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_guard_manual_lines();

-- At commit a posted manual journal has its entry with as many lines, and a reversed one the entry that mirrors it.
CREATE FUNCTION ledger_manual_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry record;
BEGIN
    SELECT e.id, e.line_count INTO entry FROM ledger_journalentry e
    WHERE e.company_id = NEW.company_id AND e.source_kind = 'ledger.manual_journal' AND e.source_id = NEW.id
      AND e.purpose = 'post';
    IF entry.id IS NULL OR entry.line_count <> NEW.line_count OR NEW.line_count <> (
        SELECT count(*) FROM ledger_manualjournalline l WHERE l.company_id = NEW.company_id AND l.document_id = NEW.id)
    THEN
        RAISE EXCEPTION 'A posted journal has its entry.' USING ERRCODE = '23514', CONSTRAINT = 'document_needs_journal';
    END IF;
    IF NEW.status = 'reversed' AND NOT EXISTS (
        SELECT 1 FROM ledger_journalentry e WHERE e.company_id = NEW.company_id AND e.reverses_id = entry.id) THEN
        RAISE EXCEPTION 'A reversed journal has its mirror.' USING ERRCODE = '23514', CONSTRAINT = 'document_needs_journal';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER b_complete AFTER INSERT OR UPDATE OF status ON ledger_manualjournal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status <> 'draft') EXECUTE FUNCTION ledger_manual_complete();

-- An account with a role or with postings is closed to new ones, never deleted.
CREATE FUNCTION ledger_account_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.role <> '' OR EXISTS (
        SELECT 1 FROM ledger_journalline l WHERE l.company_id = OLD.company_id AND l.account_id = OLD.id) THEN
        RAISE EXCEPTION 'An account with a role or with postings cannot be deleted.'
            USING ERRCODE = '23514', CONSTRAINT = 'account_in_use';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER a_account_stays BEFORE DELETE ON ledger_account FOR EACH ROW EXECUTE FUNCTION ledger_account_stays();

GRANT SELECT ON ledger_manualjournal, ledger_manualjournalline, ledger_account TO app_sec;
ALTER FUNCTION ledger_manual_complete() OWNER TO app_sec;
SET LOCAL ROLE app_sec;
REVOKE ALL ON FUNCTION ledger_manual_complete() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_manual_complete() TO app_owner;
RESET ROLE;
