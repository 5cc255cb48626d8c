-- P4: allocations are never edited; a mirror row undoes one.
CREATE FUNCTION payments_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An allocation never changes; undo it by a mirror row.'
        USING ERRCODE = '23514', CONSTRAINT = 'allocation_append_only';
END $$;
CREATE TRIGGER a_append_only BEFORE UPDATE OR DELETE ON payments_allocation
    FOR EACH ROW EXECUTE FUNCTION payments_is_append_only();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON payments_allocation
    FOR EACH STATEMENT EXECUTE FUNCTION payments_is_append_only();
REVOKE UPDATE, DELETE ON payments_allocation FROM app_web;

-- P1, P2, P3: allocations move the kept sums of invoice, payment and credit note by relative updates; the CHECKs on
-- those rows bound them, whoever runs at the same time. Rows are locked in key order.
CREATE FUNCTION payments_allocations_arrive() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad integer;
BEGIN
    SELECT count(*) INTO bad FROM new_rows n
    LEFT JOIN ar_invoice i ON i.company_id = n.company_id AND i.id = n.invoice_id
    LEFT JOIN payments_payment p ON p.company_id = n.company_id AND p.id = n.payment_id
    LEFT JOIN ar_creditnote c ON c.company_id = n.company_id AND c.id = n.credit_note_id
    WHERE i.customer_id IS DISTINCT FROM n.customer_id OR i.currency IS DISTINCT FROM n.currency
       OR COALESCE(p.customer_id, c.customer_id) IS DISTINCT FROM n.customer_id
       OR COALESCE(p.currency, c.currency) IS DISTINCT FROM n.currency
       OR i.status = 'draft' OR (p.status = 'void' AND n.amount > 0) OR c.status = 'draft'
       OR (i.status = 'void' AND n.amount > 0);
    IF bad > 0 THEN
        RAISE EXCEPTION 'An allocation joins money and invoice of one customer and currency.'
            USING ERRCODE = '23514', CONSTRAINT = 'allocation_party';
    END IF;
    SELECT count(*) INTO bad FROM new_rows n
    LEFT JOIN payments_allocation o ON o.company_id = n.company_id AND o.id = n.undoes_id
    WHERE n.undoes_id IS NOT NULL AND (o.amount IS DISTINCT FROM -n.amount OR o.invoice_id <> n.invoice_id
        OR o.payment_id IS DISTINCT FROM n.payment_id OR o.credit_note_id IS DISTINCT FROM n.credit_note_id);
    IF bad > 0 THEN
        RAISE EXCEPTION 'A mirror row undoes exactly one allocation.'
            USING ERRCODE = '23514', CONSTRAINT = 'allocation_mirror';
    END IF;
    PERFORM 1 FROM payments_payment WHERE (company_id, id) IN (SELECT company_id, payment_id FROM new_rows)
        ORDER BY id FOR UPDATE;
    UPDATE payments_payment p SET allocated_amount = p.allocated_amount + s.amount
    FROM (SELECT company_id, payment_id, sum(amount) AS amount FROM new_rows WHERE payment_id IS NOT NULL GROUP BY 1, 2) AS s
    WHERE p.company_id = s.company_id AND p.id = s.payment_id;
    UPDATE ar_creditnote c SET allocated_amount = c.allocated_amount + s.amount
    FROM (SELECT company_id, credit_note_id, sum(amount) AS amount FROM new_rows WHERE credit_note_id IS NOT NULL GROUP BY 1, 2) AS s
    WHERE c.company_id = s.company_id AND c.id = s.credit_note_id;
    PERFORM 1 FROM ar_invoice WHERE (company_id, id) IN (SELECT company_id, invoice_id FROM new_rows)
        ORDER BY id FOR UPDATE;
    UPDATE ar_invoice i SET allocated_amount = i.allocated_amount + s.amount, version = i.version + 1,
        paid_at = CASE WHEN i.allocated_amount + s.amount >= i.total THEN clock_timestamp() END
    FROM (SELECT company_id, invoice_id, sum(amount) AS amount FROM new_rows GROUP BY 1, 2) AS s
    WHERE i.company_id = s.company_id AND i.id = s.invoice_id;
    RETURN NULL;
END $$;
CREATE TRIGGER b_arrive AFTER INSERT ON payments_allocation REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_allocations_arrive();

-- A registered payment is never edited or deleted; reversal sets void and books the mirror journal.
CREATE FUNCTION payments_guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'allocated_amount', 'open_amount', 'reference', 'notes', 'version', 'updated_at'];
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free)
       OR (OLD.status = 'void' AND NEW.status <> 'void') OR (NEW.status = 'void' AND NEW.allocated_amount <> 0) THEN
        RAISE EXCEPTION 'A registered payment never changes; reverse it.'
            USING ERRCODE = '23514', CONSTRAINT = 'payment_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION payments_guard_payment();
