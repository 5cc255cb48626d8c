-- P1, P2: what is settled on an invoice, bill, credit or payment is exactly the sum of its allocations, and a settled item
-- keeps no carrying amount. payments_allocations_arrive (arrive.sql) moves the kept columns as app_sec; a statement of
-- anybody else that writes them is checked with that statement: once for a hundred documents, not once each.
SET LOCAL ROLE app_sec;
CREATE OR REPLACE FUNCTION payments_allocated(item_table text, company bigint, item uuid, OUT settled numeric, OUT settled_base numeric)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    -- one of the branches runs: the table of the others is another one
    SELECT COALESCE(sum(a.amount), 0), COALESCE(sum(a.base), 0) INTO settled, settled_base FROM (
        SELECT t.amount, t.base_amount AS base FROM payments_allocation t
        WHERE item_table = 'ar_invoice' AND t.company_id = company AND t.invoice_id = item
        UNION ALL SELECT t.amount, t.base_amount FROM payments_allocation t
        WHERE item_table = 'ap_bill' AND t.company_id = company AND t.bill_id = item
        UNION ALL SELECT t.source_amount, t.source_base_amount FROM payments_allocation t
        WHERE item_table = 'ar_creditnote' AND t.company_id = company AND t.credit_note_id = item
        UNION ALL SELECT t.source_amount, t.source_base_amount FROM payments_allocation t
        WHERE item_table = 'ap_suppliercredit' AND t.company_id = company AND t.supplier_credit_id = item
        -- money gives, and takes when it is given back
        UNION ALL SELECT t.source_amount, t.source_base_amount FROM payments_allocation t
        WHERE item_table = 'payments_payment' AND t.company_id = company AND t.payment_id = item
        UNION ALL SELECT t.amount, t.base_amount FROM payments_allocation t
        WHERE item_table = 'payments_payment' AND t.company_id = company AND t.refund_id = item) AS a;
END $$;

CREATE OR REPLACE FUNCTION payments_settled_by_allocations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE bad record;
BEGIN
    IF TG_TABLE_NAME = 'payments_payment' THEN
        SELECT n.id INTO bad FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
        CROSS JOIN LATERAL payments_allocated(TG_TABLE_NAME, n.company_id, n.id) AS s
        WHERE (n.allocated_amount, n.allocated_base) IS DISTINCT FROM (o.allocated_amount, o.allocated_base)
          AND ((n.allocated_amount, n.allocated_base) IS DISTINCT FROM (s.settled, s.settled_base)
               OR (n.allocated_amount = n.amount + n.withholding_tax
                   AND n.allocated_base <> n.base_amount + n.base_withholding)) LIMIT 1;
    ELSE
        SELECT n.id INTO bad FROM new_rows n JOIN old_rows o ON o.company_id = n.company_id AND o.id = n.id
        CROSS JOIN LATERAL payments_allocated(TG_TABLE_NAME, n.company_id, n.id) AS s
        WHERE (n.allocated_amount, n.allocated_base) IS DISTINCT FROM (o.allocated_amount, o.allocated_base)
          AND ((n.allocated_amount, n.allocated_base) IS DISTINCT FROM (s.settled, s.settled_base)
               OR (n.allocated_amount = n.total AND n.allocated_base <> n.base_total)) LIMIT 1;
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
        CROSS JOIN LATERAL payments_allocated('payments_payment', p.company_id, p.id) AS s
        WHERE p.company_id = NEW.company_id AND p.id = NEW.id
          AND ((p.allocated_amount, p.allocated_base) IS DISTINCT FROM (s.settled, s.settled_base)
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
REVOKE ALL ON FUNCTION payments_allocated(text, bigint, uuid), payments_settled_by_allocations(), payments_journal_complete()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments_settled_by_allocations(), payments_journal_complete() TO app_owner;
RESET ROLE;
