-- Both sides of a settlement; payments_allocations_arrive itself is in arrive.sql.
CREATE FUNCTION payments_refuse_party() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An allocation joins two open items of one party, not before the later of them.'
        USING ERRCODE = '23514', CONSTRAINT = 'allocation_party';
END $$;

CREATE OR REPLACE FUNCTION payments_guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['status', 'allocated_amount', 'allocated_base', 'open_amount', 'reference', 'notes', 'version',
        'updated_at', 'void_date', 'void_reason'];
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free)
       OR (OLD.status = 'void' AND (NEW.status <> 'void' OR NEW.void_date IS DISTINCT FROM OLD.void_date))
       OR (NEW.status = 'void' AND NEW.allocated_amount <> 0) THEN
        RAISE EXCEPTION 'A registered payment never changes; reverse it.'
            USING ERRCODE = '23514', CONSTRAINT = 'payment_frozen';
    END IF;
    RETURN NEW;
END $$;

-- What is settled is the sum of the allocations, and a settled item keeps no carrying amount. Checked with the statement
-- that moved it: once for a hundred documents, not once each.
DROP TRIGGER d_settled ON ar_invoice;
DROP TRIGGER d_settled ON ar_creditnote;
DROP TRIGGER d_settled ON payments_payment;
DROP TRIGGER d_settled_new ON payments_payment;
SET LOCAL ROLE app_sec;
DROP FUNCTION payments_settled_by_allocations();

CREATE FUNCTION payments_settled_by_allocations() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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

-- A payment has its journal entry at commit, which moves its amount on the payment account; a reversed one the mirror too.
CREATE OR REPLACE FUNCTION payments_journal_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
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
GRANT SELECT ON payments_paymentaccount TO app_sec;

CREATE TRIGGER d_settled AFTER UPDATE ON ar_invoice REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_settled_by_allocations();
CREATE TRIGGER d_settled AFTER UPDATE ON ar_creditnote REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_settled_by_allocations();
CREATE TRIGGER d_settled AFTER UPDATE ON ap_bill REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_settled_by_allocations();
CREATE TRIGGER d_settled AFTER UPDATE ON ap_suppliercredit REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_settled_by_allocations();
CREATE TRIGGER d_settled AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_settled_by_allocations();

CREATE FUNCTION payments_refuse_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What is settled is the sum of the allocations.'
        USING ERRCODE = '23514', CONSTRAINT = 'settled_by_allocations';
END $$;
CREATE TRIGGER a_guard_new BEFORE INSERT ON payments_payment FOR EACH ROW
    WHEN (NEW.allocated_amount <> 0 OR NEW.allocated_base <> 0 OR NEW.status <> 'posted')
    EXECUTE FUNCTION payments_refuse_settled();
