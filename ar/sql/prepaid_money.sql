-- S10: money that was used as a prepayment does not go back unnoticed. When a payment of a prepayment invoice is undone or
-- a bounced cheque reversed, what is used of it must have been released before.
SET LOCAL ROLE app_sec;
CREATE FUNCTION ar_prepayment_still_paid() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    used numeric;
    paid numeric;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.id::text, 0));
    SELECT COALESCE(sum(amount), 0) INTO used FROM ar_prepaymentuse
    WHERE company_id = NEW.company_id AND prepayment_id = NEW.id AND status = 'posted';
    SELECT p.allocated_amount - COALESCE((SELECT sum(c.total) FROM ar_creditnote c
        WHERE c.company_id = p.company_id AND c.invoice_id = p.id AND c.status <> 'draft'), 0) INTO paid
    FROM ar_invoice p WHERE p.company_id = NEW.company_id AND p.id = NEW.id;
    IF used > 0 AND used > paid THEN
        RAISE EXCEPTION 'No more of a prepayment is used than was paid.'
            USING ERRCODE = '23514', CONSTRAINT = 'prepayment_within_paid';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION ar_prepayment_still_paid() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ar_prepayment_still_paid() TO app_owner;
RESET ROLE;
CREATE CONSTRAINT TRIGGER d_still_paid AFTER UPDATE OF allocated_amount ON ar_invoice DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'prepayment' AND NEW.allocated_amount < OLD.allocated_amount)
    EXECUTE FUNCTION ar_prepayment_still_paid();
