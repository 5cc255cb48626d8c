-- P1 to P3 for both sides: allocations move the kept sums of source and target by relative updates; the CHECKs on those
-- rows bound them, whoever runs at the same time. Order of locks: payments, credits, documents, each by id. An update
-- that finds fewer rows than the statement names met another party, another currency, a draft, or an item of later date.
CREATE OR REPLACE FUNCTION payments_allocations_arrive() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named record;
    moved bigint;
    bad record;
    p record;
BEGIN
    SELECT count(*) AS rows, count(undoes_id) AS undone, count(credit_note_id) AS credits, count(entry_id) AS entries,
           count(supplier_credit_id) AS supplier_credits, count(invoice_id) AS invoices, count(bill_id) AS bills,
           count(DISTINCT payment_id) AS payments, count(DISTINCT refund_id) AS refunds, min(company_id) AS company_id,
           min(date) AS first_day, max(date) AS last_day
    INTO named FROM new_rows;
    -- in a closed period or behind a lock nothing is settled (L6); FOR SHARE keeps a close from racing it
    FOR p IN SELECT id, state, start_date, end_date FROM ledger_period WHERE company_id = named.company_id
             AND start_date <= named.last_day AND end_date >= named.first_day ORDER BY start_date FOR SHARE LOOP
        IF (p.state = 'closed' OR (p.state = 'closing' AND NOT ledger_may_post_in_closing()))
           AND EXISTS (SELECT FROM new_rows WHERE date BETWEEN p.start_date AND p.end_date) THEN
            RAISE EXCEPTION 'The period of % is %.', p.start_date, p.state
                USING ERRCODE = '23514', CONSTRAINT = 'period_' || p.state, DETAIL = jsonb_build_object(
                    'date', named.first_day, 'first_open',
                    ledger_first_open_day(named.company_id, 'REC', named.first_day, false))::text;
        END IF;
    END LOOP;
    SELECT area, until INTO p FROM ledger_lockdate WHERE company_id = named.company_id
        AND area IN ('general', 'money') AND until >= named.first_day ORDER BY until DESC LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% is locked until %.', p.area, p.until
            USING ERRCODE = '23514', CONSTRAINT = 'lock_' || p.area, DETAIL = jsonb_build_object(
                'area', p.area, 'until', p.until, 'first_open',
                ledger_first_open_day(named.company_id, 'REC', named.first_day, false))::text;
    END IF;

    IF named.undone > 0 THEN
        SELECT n.id INTO bad FROM new_rows n
        LEFT JOIN payments_allocation o ON o.company_id = n.company_id AND o.id = n.undoes_id
        WHERE n.undoes_id IS NOT NULL AND (o.id IS NULL OR o.undoes_id IS NOT NULL OR n.date < o.date
            OR (o.amount, o.source_amount, o.base_amount, o.source_base_amount, o.discount_amount, o.discount_base,
                o.write_off_amount, o.write_off_base)
               IS DISTINCT FROM (-n.amount, -n.source_amount, -n.base_amount, -n.source_base_amount, -n.discount_amount,
                -n.discount_base, -n.write_off_amount, -n.write_off_base)
            OR (o.payment_id, o.credit_note_id, o.supplier_credit_id, o.entry_id, o.invoice_id, o.bill_id, o.refund_id)
               IS DISTINCT FROM (n.payment_id, n.credit_note_id, n.supplier_credit_id, n.entry_id, n.invoice_id,
                n.bill_id, n.refund_id)) LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'A mirror row undoes exactly one allocation.'
                USING ERRCODE = '23514', CONSTRAINT = 'allocation_mirror';
        END IF;
    END IF;

    moved := 0;
    IF named.payments + named.refunds > 0 THEN
        PERFORM 1 FROM payments_payment WHERE (company_id, id) IN (
            SELECT company_id, payment_id FROM new_rows WHERE payment_id IS NOT NULL
            UNION SELECT company_id, refund_id FROM new_rows WHERE refund_id IS NOT NULL) ORDER BY id FOR UPDATE;
        UPDATE payments_payment x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base
        FROM (SELECT company_id, payment_id AS id, customer_id, supplier_id, sum(source_amount) AS amount,
                     sum(source_base_amount) AS base, bool_or(amount > 0) AS more, max(date) FILTER (WHERE amount > 0) AS day,
                     bool_and(amount - discount_amount - write_off_amount = source_amount) AS same,
                     array_agg(DISTINCT currency::text) AS currencies, count(*) AS n
              FROM new_rows WHERE payment_id IS NOT NULL GROUP BY 1, 2, 3, 4) AS s
        WHERE x.company_id = s.company_id AND x.id = s.id AND x.customer_id IS NOT DISTINCT FROM s.customer_id
          AND x.supplier_id IS NOT DISTINCT FROM s.supplier_id
          AND (x.direction = 'in') = (x.customer_id IS NOT NULL)
          AND (s.day IS NULL OR s.day >= x.date) AND NOT (x.status = 'void' AND s.more)
          AND (s.same OR s.currencies <> ARRAY[x.currency::text]);
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved <> named.payments THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF named.refunds > 0 THEN
        UPDATE payments_payment x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base
        FROM (SELECT company_id, refund_id AS id, customer_id, supplier_id, currency, sum(amount) AS amount, sum(base_amount) AS base,
                     bool_or(amount > 0) AS more, max(date) FILTER (WHERE amount > 0) AS day
              FROM new_rows WHERE refund_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5) AS s
        WHERE x.company_id = s.company_id AND x.id = s.id AND x.customer_id IS NOT DISTINCT FROM s.customer_id
          AND x.supplier_id IS NOT DISTINCT FROM s.supplier_id AND x.currency = s.currency
          AND (x.direction = 'out') = (x.customer_id IS NOT NULL)
          AND (s.day IS NULL OR s.day >= x.date) AND NOT (x.status = 'void' AND s.more);
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved <> named.refunds THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF named.credits > 0 THEN
        PERFORM 1 FROM ar_creditnote WHERE (company_id, id) IN (
            SELECT company_id, credit_note_id FROM new_rows WHERE credit_note_id IS NOT NULL) ORDER BY id FOR UPDATE;
        UPDATE ar_creditnote x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base
        FROM (SELECT company_id, credit_note_id AS id, customer_id, sum(source_amount) AS amount, sum(source_base_amount) AS base,
                     max(date) FILTER (WHERE amount > 0) AS day, min(currency) AS currency,
                     bool_and(amount - discount_amount - write_off_amount = source_amount) AS same
              FROM new_rows WHERE credit_note_id IS NOT NULL GROUP BY 1, 2, 3) AS s
        WHERE x.company_id = s.company_id AND x.id = s.id AND x.customer_id = s.customer_id AND x.status <> 'draft'
          AND (s.day IS NULL OR s.day >= x.issue_date) AND s.currency = x.currency AND s.same;
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved <> (SELECT count(DISTINCT credit_note_id) FROM new_rows) THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF named.supplier_credits > 0 THEN
        PERFORM 1 FROM ap_suppliercredit WHERE (company_id, id) IN (
            SELECT company_id, supplier_credit_id FROM new_rows WHERE supplier_credit_id IS NOT NULL) ORDER BY id FOR UPDATE;
        UPDATE ap_suppliercredit x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base
        FROM (SELECT company_id, supplier_credit_id AS id, supplier_id, sum(source_amount) AS amount, sum(source_base_amount) AS base,
                     max(date) FILTER (WHERE amount > 0) AS day, min(currency) AS currency,
                     bool_and(amount - discount_amount - write_off_amount = source_amount) AS same
              FROM new_rows WHERE supplier_credit_id IS NOT NULL GROUP BY 1, 2, 3) AS s
        WHERE x.company_id = s.company_id AND x.id = s.id AND x.supplier_id = s.supplier_id AND x.status <> 'draft'
          AND (s.day IS NULL OR s.day >= x.issue_date) AND s.currency = x.currency AND s.same;
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved <> (SELECT count(DISTINCT supplier_credit_id) FROM new_rows) THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF named.entries > 0 THEN
        -- a journal entry settles no more than it took off the party's control account
        SELECT s.id INTO bad
        FROM (SELECT company_id, entry_id AS id, customer_id, supplier_id FROM new_rows
              WHERE entry_id IS NOT NULL GROUP BY 1, 2, 3, 4) AS s
        CROSS JOIN LATERAL (SELECT sum(a.source_base_amount) AS used FROM payments_allocation a
                            WHERE a.company_id = s.company_id AND a.entry_id = s.id) AS u
        CROSS JOIN LATERAL (
            SELECT COALESCE(sum(CASE WHEN s.customer_id IS NOT NULL THEN l.credit - l.debit ELSE l.debit - l.credit END), 0) AS taken
            FROM ledger_journalline l JOIN ledger_account a ON a.company_id = l.company_id AND a.id = l.account_id
            WHERE l.company_id = s.company_id AND l.entry_id = s.id
              AND l.party_id = COALESCE(s.customer_id, s.supplier_id)
              AND a.role = CASE WHEN s.customer_id IS NOT NULL THEN 'ar_control' ELSE 'ap_control' END) AS t
        WHERE u.used > t.taken OR u.used < 0 LIMIT 1;
        IF FOUND THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF named.invoices > 0 THEN
        PERFORM 1 FROM ar_invoice WHERE (company_id, id) IN (
            SELECT company_id, invoice_id FROM new_rows WHERE invoice_id IS NOT NULL) ORDER BY id FOR UPDATE;
        UPDATE ar_invoice x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base,
            version = x.version + 1,
            paid_at = CASE WHEN x.allocated_amount + s.amount >= x.total THEN clock_timestamp() END
        FROM (SELECT company_id, invoice_id AS id, customer_id, currency, sum(amount) AS amount, sum(base_amount) AS base,
                     max(date) FILTER (WHERE amount > 0) AS day
              FROM new_rows WHERE invoice_id IS NOT NULL GROUP BY 1, 2, 3, 4) AS s
        WHERE x.company_id = s.company_id AND x.id = s.id AND x.customer_id = s.customer_id AND x.currency = s.currency
          AND x.status IN ('posted', 'partially_paid', 'paid') AND (s.day IS NULL OR s.day >= x.issue_date);
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved <> (SELECT count(*) FROM (SELECT DISTINCT invoice_id, customer_id, currency FROM new_rows
                                           WHERE invoice_id IS NOT NULL) AS d) THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF named.bills > 0 THEN
        PERFORM 1 FROM ap_bill WHERE (company_id, id) IN (
            SELECT company_id, bill_id FROM new_rows WHERE bill_id IS NOT NULL) ORDER BY id FOR UPDATE;
        UPDATE ap_bill x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base,
            version = x.version + 1,
            paid_at = CASE WHEN x.allocated_amount + s.amount >= x.total THEN clock_timestamp() END
        FROM (SELECT company_id, bill_id AS id, supplier_id, currency, sum(amount) AS amount, sum(base_amount) AS base,
                     max(date) FILTER (WHERE amount > 0) AS day
              FROM new_rows WHERE bill_id IS NOT NULL GROUP BY 1, 2, 3, 4) AS s
        WHERE x.company_id = s.company_id AND x.id = s.id AND x.supplier_id = s.supplier_id AND x.currency = s.currency
          AND x.status IN ('posted', 'partially_paid', 'paid') AND (s.day IS NULL OR s.day >= x.issue_date);
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF moved <> (SELECT count(*) FROM (SELECT DISTINCT bill_id, supplier_id, currency FROM new_rows
                                           WHERE bill_id IS NOT NULL) AS d) THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    RETURN NULL;
END $$;

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
