-- S3, S4: no more is credited than was sold. At commit the credit notes of an invoice together take back at most its
-- total, its VAT, and of each line its quantity and its amount. The advisory lock makes concurrent credit notes of one
-- invoice take turns, so that each sees the others.
SET LOCAL ROLE app_sec;
CREATE FUNCTION ar_credited_within_invoice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    sold record;
    credited record;
    bad integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.invoice_id::text, 0));
    SELECT i.total, i.tax_amount, i.customer_id, i.currency, i.status, i.kind,
           COALESCE((SELECT sum(u.amount) FROM ar_prepaymentuse u WHERE u.company_id = i.company_id
                     AND u.prepayment_id = i.id AND u.status = 'posted'), 0) AS used
    INTO sold FROM ar_invoice i WHERE i.company_id = NEW.company_id AND i.id = NEW.invoice_id;
    SELECT sum(c.total) AS total, sum(c.tax_amount) AS tax INTO credited FROM ar_creditnote c
    WHERE c.company_id = NEW.company_id AND c.invoice_id = NEW.invoice_id AND c.status <> 'draft';
    IF sold.status = 'draft' OR sold.customer_id <> NEW.customer_id OR sold.currency <> NEW.currency
       OR credited.total > sold.total - sold.used OR credited.tax > sold.tax_amount THEN
        RAISE EXCEPTION 'No more is credited than was sold.'
            USING ERRCODE = '23514', CONSTRAINT = 'credit_within_invoice';
    END IF;
    SELECT count(*) INTO bad
    FROM (SELECT l.invoice_line_id AS id, sum(l.quantity) FILTER (WHERE NOT l.price_only) AS quantity,
                 sum(l.priced_amount) AS priced
          FROM ar_creditnote c JOIN ar_creditnoteline l ON l.company_id = c.company_id AND l.document_id = c.id
          WHERE c.company_id = NEW.company_id AND c.invoice_id = NEW.invoice_id AND c.status <> 'draft'
            AND l.invoice_line_id IS NOT NULL GROUP BY 1) AS taken
    LEFT JOIN ar_invoiceline s ON s.company_id = NEW.company_id AND s.id = taken.id AND s.document_id = NEW.invoice_id
    WHERE s.id IS NULL OR taken.quantity > s.quantity
       OR taken.priced > round(s.quantity * s.unit_price, currency_digits(NEW.currency)) - s.discount_amount;
    IF bad > 0 THEN
        RAISE EXCEPTION 'No more of a line is credited than was sold.'
            USING ERRCODE = '23514', CONSTRAINT = 'credit_within_invoice';
    END IF;
    RETURN NULL;
END $$;

-- S10: what is used of a prepayment was paid, is not credited, and is used for its customer and currency.
CREATE FUNCTION ar_prepayment_used_within_paid() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    source record;
    used numeric;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.prepayment_id::text, 0));
    SELECT p.kind, p.customer_id, p.currency, p.allocated_amount - COALESCE((
               SELECT sum(c.total) FROM ar_creditnote c WHERE c.company_id = p.company_id AND c.invoice_id = p.id
               AND c.status <> 'draft'), 0) AS paid, i.kind AS of_kind, i.customer_id AS of_customer, i.currency AS of_currency
    INTO source FROM ar_invoice p LEFT JOIN ar_invoice i ON i.company_id = p.company_id AND i.id = NEW.invoice_id
    WHERE p.company_id = NEW.company_id AND p.id = NEW.prepayment_id;
    SELECT sum(amount) INTO used FROM ar_prepaymentuse
    WHERE company_id = NEW.company_id AND prepayment_id = NEW.prepayment_id AND status = 'posted';
    IF source.kind IS DISTINCT FROM 'prepayment' OR source.of_kind IS DISTINCT FROM 'invoice'
       OR source.of_customer <> source.customer_id OR source.of_currency <> source.currency
       OR NEW.currency <> source.currency OR used > source.paid THEN
        RAISE EXCEPTION 'No more of a prepayment is used than was paid.'
            USING ERRCODE = '23514', CONSTRAINT = 'prepayment_within_paid';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION ar_credited_within_invoice(), ar_prepayment_used_within_paid() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ar_credited_within_invoice(), ar_prepayment_used_within_paid() TO app_owner;
RESET ROLE;
GRANT SELECT ON ar_prepaymentuse, ar_creditnote, ar_creditnoteline, ar_invoice, ar_invoiceline TO app_sec;

CREATE CONSTRAINT TRIGGER d_credited AFTER INSERT OR UPDATE OF status ON ar_creditnote DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.invoice_id IS NOT NULL AND NEW.status <> 'draft') EXECUTE FUNCTION ar_credited_within_invoice();
CREATE CONSTRAINT TRIGGER d_used AFTER INSERT OR UPDATE ON ar_prepaymentuse DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status = 'posted') EXECUTE FUNCTION ar_prepayment_used_within_paid();

-- Write-offs and used prepayments are history: undone once, never edited, never deleted.
CREATE FUNCTION ar_guard_relief() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.status = 'void'
       OR (to_jsonb(NEW) - ARRAY['status', 'undone_on']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['status', 'undone_on']) THEN
        RAISE EXCEPTION 'What was posted never changes; undo it.'
            USING ERRCODE = '23514', CONSTRAINT = 'relief_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON ar_writeoff FOR EACH ROW EXECUTE FUNCTION ar_guard_relief();
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON ar_prepaymentuse FOR EACH ROW EXECUTE FUNCTION ar_guard_relief();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON ar_writeoff FOR EACH STATEMENT EXECUTE FUNCTION ar_guard_relief();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON ar_prepaymentuse FOR EACH STATEMENT EXECUTE FUNCTION ar_guard_relief();
