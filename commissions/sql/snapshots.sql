-- RR-6: an invoice that is PAID at commit has its snapshot, whatever wrote the status; the unique key makes it one.
-- The trigger copies what posting stored on the invoice; it computes only percent and tax (RR-7: half away from zero).
CREATE FUNCTION commissions_paid_has_snapshot() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    c record;
    invoice record;
    percent numeric;
    commission numeric;
    tax numeric;
BEGIN
    SELECT * INTO invoice FROM ar_invoice WHERE company_id = NEW.company_id AND id = NEW.id;
    IF invoice.status IS DISTINCT FROM 'paid' OR invoice.salesperson_id IS NULL OR EXISTS (
        SELECT 1 FROM commissions_commissionsnapshot s WHERE s.company_id = invoice.company_id
        AND s.invoice_id = invoice.id AND s.salesperson_id = invoice.salesperson_id) THEN
        RETURN NULL;
    END IF;
    SELECT currency, commission_base, commission_tax_percent INTO c FROM tenancy_company WHERE id = invoice.company_id;
    percent := COALESCE(invoice.commission_percent, (SELECT m.commission_percent FROM tenancy_membership m
        WHERE m.company_id = invoice.company_id AND m.user_id = invoice.salesperson_id), 20);
    commission := round(GREATEST(invoice.commission_base, 0) * percent / 100, currency_digits(c.currency));
    tax := round(commission * c.commission_tax_percent / 100, currency_digits(c.currency));
    INSERT INTO commissions_commissionsnapshot (id, company_id, invoice_id, salesperson_id, base_amount, percent,
        commission_amount, tax_percent, tax_amount, net_amount, currency, rule, status, source, paid_at, created_at)
    VALUES (uuidv7(), invoice.company_id, invoice.id, invoice.salesperson_id, GREATEST(invoice.commission_base, 0), percent,
        commission, c.commission_tax_percent, tax, commission - tax, c.currency, c.commission_base, 'pending', 'sql',
        COALESCE(invoice.paid_at, now()), now())
    ON CONFLICT (company_id, invoice_id, salesperson_id) DO NOTHING;
    RETURN NULL;
END $$;
GRANT SELECT ON ar_invoice, tenancy_company, tenancy_membership TO app_sec;
GRANT SELECT, INSERT ON commissions_commissionsnapshot TO app_sec;
ALTER FUNCTION commissions_paid_has_snapshot() OWNER TO app_sec;
SET LOCAL ROLE app_sec;
REVOKE ALL ON FUNCTION commissions_paid_has_snapshot() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commissions_paid_has_snapshot() TO app_owner;
RESET ROLE;
CREATE CONSTRAINT TRIGGER c_commission AFTER INSERT OR UPDATE OF status, allocated_amount ON ar_invoice
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'paid' AND NEW.salesperson_id IS NOT NULL)
    EXECUTE FUNCTION commissions_paid_has_snapshot();

-- What was earned never changes; the state moves forward, the payout is set once.
CREATE FUNCTION commissions_guard_snapshot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'payout_id'];
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free)
       OR (OLD.payout_id IS NOT NULL AND NEW.payout_id IS DISTINCT FROM OLD.payout_id)
       OR (NEW.status = 'paid') <> (NEW.payout_id IS NOT NULL)
       OR (OLD.status <> 'pending' AND NEW.status = 'pending') THEN
        RAISE EXCEPTION 'A commission snapshot never changes.'
            USING ERRCODE = '23514', CONSTRAINT = 'commission_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON commissions_commissionsnapshot
    FOR EACH ROW EXECUTE FUNCTION commissions_guard_snapshot();
