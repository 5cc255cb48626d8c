-- The guards of one document: @header@ and @lines@ are its tables, @kind@ its kind. Written out for each document, so
-- that PostgreSQL keeps the plans.

-- One plan, made for keys, serves every company: one that statistics do not know counts as a row, and then any index that
-- begins with the company seems as good as the key (`plan_cache_mode`).
-- Line rows: they belong to a draft, or to a document that this transaction is about to insert as posted.
-- FOR SHARE makes a line wait for a concurrent posting of its document. A line that moves counts for both documents.
CREATE OR REPLACE FUNCTION @header@_guard_lines() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    posted boolean;
    locked boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- each document by its key (OFFSET 0 keeps it so): a plan of many lines must not read all documents
        SELECT bool_or(h.status <> 'draft'), bool_or(h.is_locked) INTO posted, locked
        FROM (SELECT DISTINCT company_id, document_id FROM new_rows) AS touched
        CROSS JOIN LATERAL (SELECT status, is_locked FROM @header@ WHERE company_id = touched.company_id
                            AND id = touched.document_id OFFSET 0 FOR SHARE) AS h;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT bool_or(h.status <> 'draft'), bool_or(h.is_locked) INTO posted, locked
        FROM (SELECT status, is_locked FROM @header@ WHERE (company_id, id) IN
              (SELECT company_id, document_id FROM old_rows) FOR SHARE) AS h;
    ELSE
        SELECT bool_or(h.status <> 'draft'), bool_or(h.is_locked) INTO posted, locked
        FROM (SELECT status, is_locked FROM @header@ WHERE (company_id, id) IN
              (SELECT company_id, document_id FROM new_rows UNION SELECT company_id, document_id FROM old_rows)
              ORDER BY id FOR SHARE) AS h;
    END IF;
    IF posted THEN
        RAISE EXCEPTION 'The lines of a posted document never change.'
            USING ERRCODE = '23514', CONSTRAINT = 'document_frozen';
    END IF;
    IF locked AND app_actor_role() IS DISTINCT FROM 'owner' THEN
        RAISE EXCEPTION 'The document is locked; only an owner may change it.'
            USING ERRCODE = '42501', CONSTRAINT = 'document_locked';
    END IF;
    RETURN NULL;
END $$;

SET LOCAL ROLE app_sec;
-- D4 and the first promise of posting: at commit a posted document equals its lines and has its journal entry.
-- Where prices include VAT the discount does too: then the allowances of the breakdown say what it takes off the nets.
CREATE OR REPLACE FUNCTION @header@_posted_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    lines bigint;
    net numeric;
    tax numeric;
    allowance numeric := NEW.document_discount;
BEGIN
    IF NEW.prices_include_tax AND allowance <> 0 THEN
        SELECT COALESCE(sum((c->>'allowance')::numeric), 0) INTO allowance FROM jsonb_array_elements(NEW.tax_breakdown) AS c;
    END IF;
    SELECT count(*), COALESCE(sum(net_amount), 0), COALESCE(sum(tax_amount), 0) INTO lines, net, tax
    FROM @lines@ WHERE company_id = NEW.company_id AND document_id = NEW.id;
    IF lines = 0 OR lines <> NEW.line_count OR tax <> NEW.tax_amount OR net - allowance <> NEW.subtotal THEN
        RAISE EXCEPTION 'The totals of the document do not agree with its lines.'
            USING ERRCODE = '23514', CONSTRAINT = 'document_totals_agree';
    END IF;
    -- what rounds to nothing in the company's currency has nothing to book
    IF (NEW.base_total > 0 OR NEW.total * NEW.exchange_rate >= 0.005) AND NOT EXISTS (
        SELECT 1 FROM ledger_journalentry e WHERE e.company_id = NEW.company_id AND e.source_kind = '@kind@'
        AND e.source_id = NEW.id AND e.purpose = 'post') THEN
        RAISE EXCEPTION 'A posted document has its journal entry.'
            USING ERRCODE = '23514', CONSTRAINT = 'document_needs_journal';
    END IF;
    RETURN NULL;
END $$;

-- Kept counts and sums by state (RR-11), moved in one order so that concurrent writers cannot deadlock.
CREATE OR REPLACE FUNCTION @header@_keep_summary() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO documents_documentsummary AS s (id, company_id, kind, status, currency, document_count, total, open_amount)
        SELECT uuidv7(), company_id, '@kind@', status, currency, count(*), sum(COALESCE(total, 0)), sum(COALESCE(open_amount, 0))
        FROM new_rows GROUP BY company_id, status, currency ORDER BY company_id, status, currency
        ON CONFLICT (company_id, kind, status, currency) DO UPDATE SET document_count = s.document_count + EXCLUDED.document_count,
            total = s.total + EXCLUDED.total, open_amount = s.open_amount + EXCLUDED.open_amount;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO documents_documentsummary AS s (id, company_id, kind, status, currency, document_count, total, open_amount)
        SELECT uuidv7(), company_id, '@kind@', status, currency, -count(*), -sum(COALESCE(total, 0)), -sum(COALESCE(open_amount, 0))
        FROM old_rows GROUP BY company_id, status, currency ORDER BY company_id, status, currency
        ON CONFLICT (company_id, kind, status, currency) DO UPDATE SET document_count = s.document_count + EXCLUDED.document_count,
            total = s.total + EXCLUDED.total, open_amount = s.open_amount + EXCLUDED.open_amount;
    ELSE
        INSERT INTO documents_documentsummary AS s (id, company_id, kind, status, currency, document_count, total, open_amount)
        SELECT uuidv7(), company_id, '@kind@', status, currency, sum(n), sum(n * COALESCE(total, 0)), sum(n * COALESCE(open_amount, 0))
        FROM (SELECT company_id, status, currency, total, open_amount, 1 AS n FROM new_rows
              UNION ALL SELECT company_id, status, currency, total, open_amount, -1 FROM old_rows) AS moved
        GROUP BY company_id, status, currency
        HAVING sum(n) <> 0 OR sum(n * COALESCE(total, 0)) <> 0 OR sum(n * COALESCE(open_amount, 0)) <> 0
        ORDER BY company_id, status, currency
        ON CONFLICT (company_id, kind, status, currency) DO UPDATE SET document_count = s.document_count + EXCLUDED.document_count,
            total = s.total + EXCLUDED.total, open_amount = s.open_amount + EXCLUDED.open_amount;
    END IF;
    RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION @header@_posted_complete(), @header@_keep_summary() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION @header@_posted_complete(), @header@_keep_summary() TO app_owner;
RESET ROLE;
GRANT SELECT ON @header@, @lines@ TO app_sec;

CREATE OR REPLACE TRIGGER a_guard BEFORE UPDATE OR DELETE ON @header@ FOR EACH ROW EXECUTE FUNCTION documents_guard_header();
-- Only allocations settle a document, so none is born settled.
CREATE OR REPLACE TRIGGER a_guard_new BEFORE INSERT ON @header@ FOR EACH ROW
    WHEN (NEW.allocated_amount <> 0 OR NEW.status IN ('partially_paid', 'void') OR (NEW.status = 'paid' AND NEW.total <> 0))
    EXECUTE FUNCTION documents_refuse_settled();
DROP TRIGGER IF EXISTS b_posted_complete ON @header@;
CREATE CONSTRAINT TRIGGER b_posted_complete AFTER INSERT OR UPDATE OF status ON @header@
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status <> 'draft') EXECUTE FUNCTION @header@_posted_complete();
CREATE OR REPLACE TRIGGER c_summary_insert AFTER INSERT ON @header@ REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @header@_keep_summary();
CREATE OR REPLACE TRIGGER c_summary_update AFTER UPDATE ON @header@ REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @header@_keep_summary();
CREATE OR REPLACE TRIGGER c_summary_delete AFTER DELETE ON @header@ REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @header@_keep_summary();
CREATE OR REPLACE TRIGGER a_guard_insert AFTER INSERT ON @lines@ REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @header@_guard_lines();
CREATE OR REPLACE TRIGGER a_guard_update AFTER UPDATE ON @lines@ REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @header@_guard_lines();
CREATE OR REPLACE TRIGGER a_guard_delete AFTER DELETE ON @lines@ REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION @header@_guard_lines();
CREATE OR REPLACE TRIGGER a_no_truncate BEFORE TRUNCATE ON @header@ FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate();
CREATE OR REPLACE TRIGGER a_no_truncate BEFORE TRUNCATE ON @lines@ FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate();
