-- The two functions of manual.sql that name the lines' record, after its column became document_id.
CREATE OR REPLACE FUNCTION ledger_guard_manual_lines() RETURNS trigger LANGUAGE plpgsql AS $$
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
SET LOCAL ROLE app_sec;
CREATE OR REPLACE FUNCTION ledger_manual_complete() RETURNS trigger
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
RESET ROLE;
