-- P9: no more is taken back than was billed. At commit the supplier credits of a bill together take back at most its total,
-- its VAT, and of each line its quantity and its amount. The advisory lock makes concurrent credits of one bill take turns,
-- so that each sees the others.
SET LOCAL ROLE app_sec;
CREATE FUNCTION ap_credited_within_bill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    billed record;
    credited record;
    bad integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.bill_id::text, 0));
    SELECT total, tax_amount, supplier_id, currency, status INTO billed FROM ap_bill
    WHERE company_id = NEW.company_id AND id = NEW.bill_id;
    SELECT sum(total) AS total, sum(tax_amount) AS tax INTO credited FROM ap_suppliercredit
    WHERE company_id = NEW.company_id AND bill_id = NEW.bill_id AND status <> 'draft';
    IF billed.status = 'draft' OR billed.supplier_id <> NEW.supplier_id OR billed.currency <> NEW.currency
       OR credited.total > billed.total OR credited.tax > billed.tax_amount THEN
        RAISE EXCEPTION 'No more is credited than was billed.'
            USING ERRCODE = '23514', CONSTRAINT = 'credit_within_bill';
    END IF;
    SELECT count(*) INTO bad
    FROM (SELECT l.source_line_id AS id, sum(l.quantity) FILTER (WHERE NOT l.price_only) AS quantity,
                 sum(l.priced_amount) AS priced
          FROM ap_suppliercredit c JOIN ap_suppliercreditline l ON l.company_id = c.company_id AND l.document_id = c.id
          WHERE c.company_id = NEW.company_id AND c.bill_id = NEW.bill_id AND c.status <> 'draft'
            AND l.source_line_id IS NOT NULL GROUP BY 1) AS taken
    LEFT JOIN ap_billline s ON s.company_id = NEW.company_id AND s.id = taken.id AND s.document_id = NEW.bill_id
    WHERE s.id IS NULL OR taken.quantity > s.quantity
       OR taken.priced > round(s.quantity * s.unit_price, currency_digits(NEW.currency)) - s.discount_amount;
    IF bad > 0 THEN
        RAISE EXCEPTION 'No more of a line is credited than was billed.'
            USING ERRCODE = '23514', CONSTRAINT = 'credit_within_bill';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION ap_credited_within_bill() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ap_credited_within_bill() TO app_owner;
RESET ROLE;
GRANT SELECT ON ap_billline, ap_suppliercredit, ap_suppliercreditline TO app_sec;
CREATE CONSTRAINT TRIGGER d_credited AFTER INSERT OR UPDATE OF status ON ap_suppliercredit DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.bill_id IS NOT NULL AND NEW.status <> 'draft') EXECUTE FUNCTION ap_credited_within_bill();
