-- RR-7: what commission is earned on follows from posting, credit notes and write-offs; the percent goes with the salesperson.
CREATE OR REPLACE FUNCTION ar_guard_commission() RETURNS trigger LANGUAGE plpgsql
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    -- kept once: the base of posting
    IF NEW.commission_base_posted IS DISTINCT FROM OLD.commission_base_posted
       AND (OLD.commission_base_posted IS NOT NULL OR NEW.commission_base_posted <> OLD.commission_base)
    -- lowered by what was credited or written off, never above that of posting
       OR NEW.commission_base <> OLD.commission_base
       AND (NEW.commission_base_posted IS NULL
            OR NEW.commission_base NOT BETWEEN LEAST(NEW.commission_base_posted, 0) AND GREATEST(NEW.commission_base_posted, 0)
            OR NEW.commission_base <> NEW.commission_base_posted
               AND NOT EXISTS (SELECT FROM ar_creditnote WHERE company_id = NEW.company_id AND invoice_id = NEW.id
                               AND status <> 'draft')
               AND NOT EXISTS (SELECT FROM ar_writeoff WHERE company_id = NEW.company_id AND invoice_id = NEW.id
                               AND status = 'posted'))
    -- a salesperson brings a percent, until the commission is stored with PAID (RR-6)
       OR NEW.commission_percent IS DISTINCT FROM OLD.commission_percent
       AND NEW.salesperson_id IS NOT DISTINCT FROM OLD.salesperson_id
       OR NEW.salesperson_id IS DISTINCT FROM OLD.salesperson_id AND OLD.status = 'paid' THEN
        RAISE EXCEPTION 'The commission of a posted invoice follows its posting, credit notes and write-offs.'
            USING ERRCODE = '23514', CONSTRAINT = 'document_frozen';
    END IF;
    RETURN NEW;
END $$;

DROP TRIGGER IF EXISTS b_commission ON ar_invoice;
CREATE TRIGGER b_commission BEFORE UPDATE OF commission_base, commission_base_posted, commission_percent, salesperson_id ON ar_invoice
    FOR EACH ROW WHEN (OLD.status <> 'draft') EXECUTE FUNCTION ar_guard_commission();
