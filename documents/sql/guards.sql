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

-- Line rows: they belong to a draft, or to a document that this transaction is about to insert as posted.
-- Argument: header table. FOR SHARE makes a line wait for a concurrent posting of its document.
CREATE FUNCTION documents_guard_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rows text := CASE TG_OP WHEN 'DELETE' THEN 'old_rows' ELSE 'new_rows' END;
    bad boolean;
BEGIN
    EXECUTE format(
        'SELECT bool_or(h.status <> ''draft'') FROM (SELECT h.status FROM %I h WHERE (h.company_id, h.id) IN '
        '(SELECT company_id, document_id FROM %I) FOR SHARE OF h) AS h', TG_ARGV[0], rows) INTO bad;
    IF bad THEN
        RAISE EXCEPTION 'The lines of a posted document never change.'
            USING ERRCODE = '23514', CONSTRAINT = 'document_frozen';
    END IF;
    RETURN NULL;
END $$;

-- D4 and the first promise of posting: at commit a posted document equals its lines and has its journal entry.
-- Arguments: line table, source kind of the journal.
CREATE FUNCTION documents_posted_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    lines bigint;
    net numeric;
    tax numeric;
BEGIN
    EXECUTE format('SELECT count(*), COALESCE(sum(net_amount), 0), COALESCE(sum(tax_amount), 0) FROM %I '
                   'WHERE company_id = $1 AND document_id = $2', TG_ARGV[0])
        INTO lines, net, tax USING NEW.company_id, NEW.id;
    IF lines = 0 OR lines <> NEW.line_count OR tax <> NEW.tax_amount OR net - NEW.document_discount <> NEW.subtotal THEN
        RAISE EXCEPTION 'The totals of the document do not agree with its lines.'
            USING ERRCODE = '23514', CONSTRAINT = 'document_totals_agree';
    END IF;
    IF NEW.base_total > 0 AND NOT EXISTS (
        SELECT 1 FROM ledger_journalentry e WHERE e.company_id = NEW.company_id AND e.source_kind = TG_ARGV[1]
        AND e.source_id = NEW.id AND e.purpose = 'post') THEN
        RAISE EXCEPTION 'A posted document has its journal entry.'
            USING ERRCODE = '23514', CONSTRAINT = 'document_needs_journal';
    END IF;
    RETURN NULL;
END $$;

-- Kept counts and sums by state (RR-11). Argument: document kind.
CREATE FUNCTION documents_keep_summary() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    plus text := 'SELECT company_id, status, currency, 1 AS n, total, open_amount AS open FROM new_rows';
    minus text := 'SELECT company_id, status, currency, -1 AS n, -total, -open_amount FROM old_rows';
BEGIN
    EXECUTE format(
        'INSERT INTO documents_documentsummary AS s (id, company_id, kind, status, currency, document_count, total, open_amount) '
        'SELECT uuidv7(), company_id, %L, status, currency, sum(n), sum(COALESCE(total, 0)), sum(COALESCE(open, 0)) '
        'FROM (%s) AS moved GROUP BY company_id, status, currency '
        'HAVING sum(n) <> 0 OR sum(COALESCE(total, 0)) <> 0 OR sum(COALESCE(open, 0)) <> 0 '
        'ORDER BY company_id, status, currency '
        'ON CONFLICT (company_id, kind, status, currency) DO UPDATE SET '
        'document_count = s.document_count + EXCLUDED.document_count, total = s.total + EXCLUDED.total, '
        'open_amount = s.open_amount + EXCLUDED.open_amount',
        TG_ARGV[0],
        CASE TG_OP WHEN 'INSERT' THEN plus WHEN 'DELETE' THEN minus ELSE plus || ' UNION ALL ' || minus END);
    RETURN NULL;
END $$;

REVOKE INSERT, UPDATE, DELETE ON documents_documentsummary FROM app_web;
GRANT SELECT, INSERT, UPDATE ON documents_documentsummary TO app_sec;
ALTER FUNCTION documents_posted_complete() OWNER TO app_sec;
ALTER FUNCTION documents_keep_summary() OWNER TO app_sec;
SET LOCAL ROLE app_sec;
REVOKE ALL ON FUNCTION documents_posted_complete(), documents_keep_summary() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION documents_posted_complete(), documents_keep_summary() TO app_owner;
RESET ROLE;

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
