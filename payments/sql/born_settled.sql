-- Money is inserted with the sums of what it settles, which arrives after it: at commit they must agree, besides the
-- payment's journal entry, which moves its amount on the payment account; a reversed one has the mirror too.
SET LOCAL ROLE app_sec;
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
RESET ROLE;
CREATE OR REPLACE TRIGGER a_guard_new BEFORE INSERT ON payments_payment FOR EACH ROW
    WHEN (NEW.status <> 'posted') EXECUTE FUNCTION payments_refuse_settled();
