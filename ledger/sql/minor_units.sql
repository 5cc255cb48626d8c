-- ledger_lines_arrive once more, with the check of minor units.
SET LOCAL ROLE app_sec;
CREATE OR REPLACE FUNCTION ledger_lines_arrive() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE bad record;
BEGIN
    -- L8: debits and credits are whole minor units of the company's currency; 0.0001 would balance, too.
    SELECT n.id INTO bad FROM new_rows n JOIN tenancy_company c ON c.id = n.company_id
    WHERE n.debit + n.credit <> round(n.debit + n.credit, currency_digits(c.currency)) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'A journal line is in whole minor units.' USING ERRCODE = '23514', CONSTRAINT = 'journal_minor_units';
    END IF;
    SELECT e.id INTO bad
    FROM (SELECT company_id, entry_id FROM new_rows GROUP BY 1, 2) AS touched
    LEFT JOIN ledger_journalentry e ON e.company_id = touched.company_id AND e.id = touched.entry_id
    WHERE e.made_in IS DISTINCT FROM pg_current_xact_id() LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'No line joins a posted entry.' USING ERRCODE = '23514', CONSTRAINT = 'journal_no_late_line';
    END IF;
    SELECT e.id INTO bad
    FROM (SELECT company_id, entry_id FROM new_rows GROUP BY 1, 2) AS touched
    JOIN ledger_journalentry e ON e.company_id = touched.company_id AND e.id = touched.entry_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS n, sum(l.debit) AS debit, sum(l.credit) AS credit, bool_and(l.date = e.date) AS same_day
        FROM ledger_journalline l WHERE l.company_id = e.company_id AND l.entry_id = e.id) AS sums
    WHERE sums.n <> e.line_count OR sums.debit <> sums.credit OR sums.debit <> e.total OR NOT sums.same_day LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The journal entry does not balance.' USING ERRCODE = '23514', CONSTRAINT = 'journal_balanced';
    END IF;
    SELECT a.id INTO bad FROM (SELECT DISTINCT company_id, account_id FROM new_rows) AS touched
    JOIN ledger_account a ON a.company_id = touched.company_id AND a.id = touched.account_id
    WHERE NOT a.is_posting OR NOT a.is_active LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The account accepts no postings.' USING ERRCODE = '23514', CONSTRAINT = 'account_posting';
    END IF;
    INSERT INTO ledger_accountbalance AS b (id, company_id, account_id, period_id, currency, debit, credit, amount_currency)
    SELECT uuidv7(), n.company_id, n.account_id, e.period_id, n.currency, sum(n.debit), sum(n.credit), sum(n.amount_currency)
    FROM new_rows n JOIN ledger_journalentry e ON e.company_id = n.company_id AND e.id = n.entry_id
    GROUP BY n.company_id, n.account_id, e.period_id, n.currency
    ORDER BY n.company_id, n.account_id, e.period_id, n.currency
    ON CONFLICT (company_id, account_id, period_id, currency) DO UPDATE
    SET debit = b.debit + EXCLUDED.debit, credit = b.credit + EXCLUDED.credit,
        amount_currency = b.amount_currency + EXCLUDED.amount_currency;
    RETURN NULL;
END $$;
RESET ROLE;

ALTER TABLE ledger_accountbalance ADD CONSTRAINT account_balance_currency_finite CHECK (amount_currency <> 'NaN');
