-- P1 to P3 for both sides: allocations move the kept sums of source and target by relative updates; the CHECKs on those
-- rows bound them, whoever runs at the same time. Services lock payments, credits and documents in order before they
-- insert; raw statements without those locks are bounded all the same. An update that finds fewer rows than the statement
-- names met another party, another currency, a draft, or an item of later date.
-- It runs as app_sec: payments_settled_by_allocations sums up all allocations of a row that anybody else settles, and
-- trusts these relative updates, so that the hundredth instalment costs what the first did. new_rows are of one company,
-- which the policy of the table has checked.
-- The keys of the rows to move go into each update as an array: joined to new_rows alone, the planner may read every
-- document of the company to find a hundred. One plan, made for keys and without nested loops over new_rows, serves all.
SET LOCAL ROLE app_sec;
CREATE OR REPLACE FUNCTION payments_allocations_arrive() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_nestloop = off AS $$
DECLARE
    named record;
    moved bigint;
    carrying boolean := false;
    leaves boolean;
    bad record;
    p record;
BEGIN
    SELECT count(*) AS rows, count(undoes_id) AS undone, count(credit_note_id) AS credits, count(entry_id) AS entries,
           count(supplier_credit_id) AS supplier_credits, count(invoice_id) AS invoices, count(bill_id) AS bills,
           count(DISTINCT payment_id) AS payments, count(DISTINCT refund_id) AS refunds, min(company_id) AS company_id,
           min(date) AS first_day, max(date) AS last_day, array_agg(payment_id) AS payment_ids, array_agg(refund_id) AS refund_ids,
           array_agg(credit_note_id) AS credit_ids, array_agg(supplier_credit_id) AS supplier_credit_ids,
           array_agg(invoice_id) AS invoice_ids, array_agg(bill_id) AS bill_ids
    INTO named FROM new_rows;
    -- in a closed period or behind a lock nothing is settled (L6); FOR SHARE keeps a close from racing it
    FOR p IN SELECT id, state, start_date, end_date FROM ledger_period WHERE company_id = named.company_id
             AND start_date <= named.last_day AND end_date >= named.first_day ORDER BY start_date FOR SHARE LOOP
        CONTINUE WHEN p.state = 'open';
        IF (p.state = 'closed' OR NOT ledger_may_post_in_closing())
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

    IF named.payments > 0 THEN
        -- Money registered together with what it settles was inserted with its sums; nothing is left to move then.
        -- No other payment carries these rows already. The payment's check at commit proves the sums once more.
        SELECT CASE WHEN count(x.id) = count(*) THEN count(*) END INTO moved
        FROM (SELECT payment_id AS id, customer_id, supplier_id, bool_or(amount > 0) AS more,
                     max(date) FILTER (WHERE amount > 0) AS day,
                     bool_and(amount - discount_amount - write_off_amount = source_amount) AS same,
                     array_agg(DISTINCT currency::text) AS currencies
              FROM new_rows WHERE payment_id IS NOT NULL GROUP BY 1, 2, 3) AS s
        LEFT JOIN payments_payment x ON x.company_id = named.company_id AND x.id = ANY (named.payment_ids) AND x.id = s.id
          AND x.customer_id IS NOT DISTINCT FROM s.customer_id AND x.supplier_id IS NOT DISTINCT FROM s.supplier_id
          AND (x.direction = 'in') = (x.customer_id IS NOT NULL)
          AND (s.day IS NULL OR s.day >= x.date) AND NOT (x.status = 'void' AND s.more)
          AND (s.same OR s.currencies <> ARRAY[x.currency::text])
          AND (x.allocated_amount, x.allocated_base) = (
              SELECT sum(a.source_amount), sum(a.source_base_amount) FROM payments_allocation a
              WHERE a.company_id = x.company_id AND a.payment_id = x.id);
        IF moved IS NULL THEN
            WITH settled AS (
                UPDATE payments_payment x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base
                FROM (SELECT company_id, payment_id AS id, customer_id, supplier_id, sum(source_amount) AS amount,
                             sum(source_base_amount) AS base, bool_or(amount > 0) AS more, max(date) FILTER (WHERE amount > 0) AS day,
                             bool_and(amount - discount_amount - write_off_amount = source_amount) AS same,
                             array_agg(DISTINCT currency::text) AS currencies
                      FROM new_rows WHERE payment_id IS NOT NULL GROUP BY 1, 2, 3, 4) AS s
                WHERE x.company_id = named.company_id AND x.id = ANY (named.payment_ids) AND x.company_id = s.company_id AND x.id = s.id
                  AND x.customer_id IS NOT DISTINCT FROM s.customer_id AND x.supplier_id IS NOT DISTINCT FROM s.supplier_id
                  AND (x.direction = 'in') = (x.customer_id IS NOT NULL)
                  AND (s.day IS NULL OR s.day >= x.date) AND NOT (x.status = 'void' AND s.more)
                  AND (s.same OR s.currencies <> ARRAY[x.currency::text])
                RETURNING x.allocated_amount = x.amount + x.withholding_tax AND x.allocated_base <> x.base_amount + x.base_withholding AS leaves)
            SELECT count(*), bool_or(settled.leaves) INTO moved, leaves FROM settled;
            carrying := carrying OR COALESCE(leaves, false);
        END IF;
        IF moved <> (SELECT count(*) FROM (SELECT DISTINCT payment_id, customer_id, supplier_id FROM new_rows WHERE payment_id IS NOT NULL) AS d) THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF named.refunds > 0 THEN
        WITH settled AS (
            UPDATE payments_payment x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base
            FROM (SELECT company_id, refund_id AS id, customer_id, supplier_id, currency, sum(amount) AS amount, sum(base_amount) AS base,
                         bool_or(amount > 0) AS more, max(date) FILTER (WHERE amount > 0) AS day
                  FROM new_rows WHERE refund_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5) AS s
            WHERE x.company_id = named.company_id AND x.id = ANY (named.refund_ids) AND x.company_id = s.company_id AND x.id = s.id AND x.customer_id IS NOT DISTINCT FROM s.customer_id
              AND x.supplier_id IS NOT DISTINCT FROM s.supplier_id AND x.currency = s.currency
              AND (x.direction = 'out') = (x.customer_id IS NOT NULL)
              AND (s.day IS NULL OR s.day >= x.date) AND NOT (x.status = 'void' AND s.more)
            RETURNING x.allocated_amount = x.amount + x.withholding_tax AND x.allocated_base <> x.base_amount + x.base_withholding AS leaves)
        SELECT count(*), bool_or(settled.leaves) INTO moved, leaves FROM settled;
        carrying := carrying OR COALESCE(leaves, false);
        IF moved <> (SELECT count(*) FROM (SELECT DISTINCT refund_id, customer_id, supplier_id, currency FROM new_rows WHERE refund_id IS NOT NULL) AS d) THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF named.credits > 0 THEN
        WITH settled AS (
            UPDATE ar_creditnote x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base
            FROM (SELECT company_id, credit_note_id AS id, customer_id, sum(source_amount) AS amount, sum(source_base_amount) AS base,
                         max(date) FILTER (WHERE amount > 0) AS day, min(currency) AS currency,
                         bool_and(amount - discount_amount - write_off_amount = source_amount) AS same
                  FROM new_rows WHERE credit_note_id IS NOT NULL GROUP BY 1, 2, 3) AS s
            WHERE x.company_id = named.company_id AND x.id = ANY (named.credit_ids) AND x.company_id = s.company_id AND x.id = s.id AND x.customer_id = s.customer_id AND x.status <> 'draft'
              AND (s.day IS NULL OR s.day >= x.issue_date) AND s.currency = x.currency AND s.same
            RETURNING x.allocated_amount = x.total AND x.allocated_base <> x.base_total AS leaves)
        SELECT count(*), bool_or(settled.leaves) INTO moved, leaves FROM settled;
        carrying := carrying OR COALESCE(leaves, false);
        IF moved <> (SELECT count(*) FROM (SELECT DISTINCT credit_note_id, customer_id FROM new_rows WHERE credit_note_id IS NOT NULL) AS d) THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF named.supplier_credits > 0 THEN
        WITH settled AS (
            UPDATE ap_suppliercredit x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base
            FROM (SELECT company_id, supplier_credit_id AS id, supplier_id, sum(source_amount) AS amount, sum(source_base_amount) AS base,
                         max(date) FILTER (WHERE amount > 0) AS day, min(currency) AS currency,
                         bool_and(amount - discount_amount - write_off_amount = source_amount) AS same
                  FROM new_rows WHERE supplier_credit_id IS NOT NULL GROUP BY 1, 2, 3) AS s
            WHERE x.company_id = named.company_id AND x.id = ANY (named.supplier_credit_ids) AND x.company_id = s.company_id AND x.id = s.id AND x.supplier_id = s.supplier_id AND x.status <> 'draft'
              AND (s.day IS NULL OR s.day >= x.issue_date) AND s.currency = x.currency AND s.same
            RETURNING x.allocated_amount = x.total AND x.allocated_base <> x.base_total AS leaves)
        SELECT count(*), bool_or(settled.leaves) INTO moved, leaves FROM settled;
        carrying := carrying OR COALESCE(leaves, false);
        IF moved <> (SELECT count(*) FROM (SELECT DISTINCT supplier_credit_id, supplier_id FROM new_rows WHERE supplier_credit_id IS NOT NULL) AS d) THEN
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
        WITH settled AS (
            UPDATE ar_invoice x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base,
                version = x.version + 1,
                paid_at = CASE WHEN x.allocated_amount + s.amount >= x.total THEN clock_timestamp() END
            FROM (SELECT company_id, invoice_id AS id, customer_id, currency, sum(amount) AS amount, sum(base_amount) AS base,
                         max(date) FILTER (WHERE amount > 0) AS day
                  FROM new_rows WHERE invoice_id IS NOT NULL GROUP BY 1, 2, 3, 4) AS s
            WHERE x.company_id = named.company_id AND x.id = ANY (named.invoice_ids) AND x.company_id = s.company_id AND x.id = s.id AND x.customer_id = s.customer_id AND x.currency = s.currency
              AND x.status IN ('posted', 'partially_paid', 'paid') AND (s.day IS NULL OR s.day >= x.issue_date)
            RETURNING x.allocated_amount = x.total AND x.allocated_base <> x.base_total AS leaves)
        SELECT count(*), bool_or(settled.leaves) INTO moved, leaves FROM settled;
        carrying := carrying OR COALESCE(leaves, false);
        IF moved <> (SELECT count(*) FROM (SELECT DISTINCT invoice_id, customer_id, currency FROM new_rows
                                           WHERE invoice_id IS NOT NULL) AS d) THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF named.bills > 0 THEN
        WITH settled AS (
            UPDATE ap_bill x SET allocated_amount = x.allocated_amount + s.amount, allocated_base = x.allocated_base + s.base,
                version = x.version + 1,
                paid_at = CASE WHEN x.allocated_amount + s.amount >= x.total THEN clock_timestamp() END
            FROM (SELECT company_id, bill_id AS id, supplier_id, currency, sum(amount) AS amount, sum(base_amount) AS base,
                         max(date) FILTER (WHERE amount > 0) AS day
                  FROM new_rows WHERE bill_id IS NOT NULL GROUP BY 1, 2, 3, 4) AS s
            WHERE x.company_id = named.company_id AND x.id = ANY (named.bill_ids) AND x.company_id = s.company_id AND x.id = s.id AND x.supplier_id = s.supplier_id AND x.currency = s.currency
              AND x.status IN ('posted', 'partially_paid', 'paid') AND (s.day IS NULL OR s.day >= x.issue_date)
            RETURNING x.allocated_amount = x.total AND x.allocated_base <> x.base_total AS leaves)
        SELECT count(*), bool_or(settled.leaves) INTO moved, leaves FROM settled;
        carrying := carrying OR COALESCE(leaves, false);
        IF moved <> (SELECT count(*) FROM (SELECT DISTINCT bill_id, supplier_id, currency FROM new_rows
                                           WHERE bill_id IS NOT NULL) AS d) THEN
            PERFORM payments_refuse_party();
        END IF;
    END IF;
    IF carrying THEN
        RAISE EXCEPTION 'What is settled keeps no carrying amount.'
            USING ERRCODE = '23514', CONSTRAINT = 'settled_by_allocations';
    END IF;
    RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION payments_allocations_arrive() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments_allocations_arrive() TO app_owner;
RESET ROLE;
