-- P1, P2: what is settled on an invoice, bill, credit or payment is exactly the sum of its allocations, and a settled item
-- keeps no carrying amount. payments_allocations_arrive (arrive.sql) moves the kept columns as app_sec; a statement of
-- anybody else that writes them is checked with that statement: once for a hundred documents, not once each.
SET LOCAL ROLE app_sec;
CREATE OR REPLACE FUNCTION payments_settled_by_allocations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE bad record;
BEGIN
    IF TG_TABLE_NAME = 'ar_invoice' THEN
        SELECT n.id INTO bad FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
        CROSS JOIN LATERAL (SELECT COALESCE(sum(amount), 0) AS amount, COALESCE(sum(base_amount), 0) AS base
            FROM payments_allocation WHERE company_id = n.company_id AND invoice_id = n.id) AS s
        WHERE (n.allocated_amount, n.allocated_base) IS DISTINCT FROM (o.allocated_amount, o.allocated_base)
          AND ((n.allocated_amount, n.allocated_base) IS DISTINCT FROM (s.amount, s.base)
               OR (n.allocated_amount = n.total AND n.allocated_base <> n.base_total)) LIMIT 1;
    ELSIF TG_TABLE_NAME = 'ap_bill' THEN
        SELECT n.id INTO bad FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
        CROSS JOIN LATERAL (SELECT COALESCE(sum(amount), 0) AS amount, COALESCE(sum(base_amount), 0) AS base
            FROM payments_allocation WHERE company_id = n.company_id AND bill_id = n.id) AS s
        WHERE (n.allocated_amount, n.allocated_base) IS DISTINCT FROM (o.allocated_amount, o.allocated_base)
          AND ((n.allocated_amount, n.allocated_base) IS DISTINCT FROM (s.amount, s.base)
               OR (n.allocated_amount = n.total AND n.allocated_base <> n.base_total)) LIMIT 1;
    ELSIF TG_TABLE_NAME = 'ar_creditnote' THEN
        SELECT n.id INTO bad FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
        CROSS JOIN LATERAL (SELECT COALESCE(sum(source_amount), 0) AS amount, COALESCE(sum(source_base_amount), 0) AS base
            FROM payments_allocation WHERE company_id = n.company_id AND credit_note_id = n.id) AS s
        WHERE (n.allocated_amount, n.allocated_base) IS DISTINCT FROM (o.allocated_amount, o.allocated_base)
          AND ((n.allocated_amount, n.allocated_base) IS DISTINCT FROM (s.amount, s.base)
               OR (n.allocated_amount = n.total AND n.allocated_base <> n.base_total)) LIMIT 1;
    ELSIF TG_TABLE_NAME = 'ap_suppliercredit' THEN
        SELECT n.id INTO bad FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
        CROSS JOIN LATERAL (SELECT COALESCE(sum(source_amount), 0) AS amount, COALESCE(sum(source_base_amount), 0) AS base
            FROM payments_allocation WHERE company_id = n.company_id AND supplier_credit_id = n.id) AS s
        WHERE (n.allocated_amount, n.allocated_base) IS DISTINCT FROM (o.allocated_amount, o.allocated_base)
          AND ((n.allocated_amount, n.allocated_base) IS DISTINCT FROM (s.amount, s.base)
               OR (n.allocated_amount = n.total AND n.allocated_base <> n.base_total)) LIMIT 1;
    ELSE
        SELECT n.id INTO bad FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
        CROSS JOIN LATERAL (SELECT COALESCE(sum(amount), 0) AS amount, COALESCE(sum(base), 0) AS base FROM (
            SELECT source_amount AS amount, source_base_amount AS base FROM payments_allocation
            WHERE company_id = n.company_id AND payment_id = n.id
            UNION ALL SELECT amount, base_amount FROM payments_allocation
            WHERE company_id = n.company_id AND refund_id = n.id) AS both_sides) AS s
        WHERE (n.allocated_amount, n.allocated_base) IS DISTINCT FROM (o.allocated_amount, o.allocated_base)
          AND ((n.allocated_amount, n.allocated_base) IS DISTINCT FROM (s.amount, s.base)
               OR (n.allocated_amount = n.amount + n.withholding_tax
                   AND n.allocated_base <> n.base_amount + n.base_withholding)) LIMIT 1;
    END IF;
    IF FOUND THEN
        RAISE EXCEPTION 'What is settled is the sum of the allocations.'
            USING ERRCODE = '23514', CONSTRAINT = 'settled_by_allocations';
    END IF;
    RETURN NULL;
END $$;

-- Money is inserted with the sums of what it settles, which arrives after it: at commit they must agree, besides the
-- payment's journal entry, which moves its amount on the payment account; a reversed one has the mirror too.
CREATE OR REPLACE FUNCTION payments_journal_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.allocated_amount <> 0 OR NEW.allocated_base <> 0) AND EXISTS (
        SELECT FROM payments_payment p
        CROSS JOIN LATERAL (SELECT COALESCE(sum(amount), 0) AS amount, COALESCE(sum(base), 0) AS base FROM (
            SELECT source_amount AS amount, source_base_amount AS base FROM payments_allocation
            WHERE company_id = p.company_id AND payment_id = p.id
            UNION ALL SELECT amount, base_amount FROM payments_allocation
            WHERE company_id = p.company_id AND refund_id = p.id) AS both_sides) AS s
        WHERE p.company_id = NEW.company_id AND p.id = NEW.id
          AND ((p.allocated_amount, p.allocated_base) IS DISTINCT FROM (s.amount, s.base)
               OR (p.allocated_amount = p.amount + p.withholding_tax
                   AND p.allocated_base <> p.base_amount + p.base_withholding))) THEN
        RAISE EXCEPTION 'What is settled is the sum of the allocations.'
            USING ERRCODE = '23514', CONSTRAINT = 'settled_by_allocations';
    END IF;
    IF NEW.base_amount > 0 AND NOT EXISTS (
        SELECT 1 FROM ledger_journalentry e
        JOIN payments_paymentaccount m ON m.company_id = NEW.company_id AND m.id = NEW.payment_account_id
        CROSS JOIN LATERAL (SELECT sum(l.debit - l.credit) AS moved FROM ledger_journalline l
            WHERE l.company_id = e.company_id AND l.entry_id = e.id AND l.account_id = m.account_id) AS money
        WHERE e.company_id = NEW.company_id AND e.source_kind = 'payments.payment'
        AND e.source_id = NEW.id AND e.purpose = 'post'
        AND money.moved = CASE NEW.direction WHEN 'in' THEN NEW.base_amount ELSE -NEW.base_amount END
        AND (NEW.status <> 'void' OR EXISTS (
            SELECT 1 FROM ledger_journalentry r WHERE r.company_id = e.company_id AND r.reverses_id = e.id))) THEN
        RAISE EXCEPTION 'A payment has its journal entry.' USING ERRCODE = '23514', CONSTRAINT = 'payment_needs_journal';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION payments_settled_by_allocations(), payments_journal_complete() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments_settled_by_allocations(), payments_journal_complete() TO app_owner;
RESET ROLE;
