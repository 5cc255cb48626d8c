-- L1, L4, L8: all lines of an entry arrive in one statement of the entry's own transaction, balance, and are as many and
-- as much as the entry says. One aggregate for the statement, however many entries and lines it brings. The same statement
-- moves the kept balances, in account order so that concurrent postings cannot deadlock; closing amounts are kept apart, so
-- that profit and loss can leave them out.
-- One plan, made for keys, serves every company: one that statistics do not know counts as a row, and any index will do.
SET LOCAL ROLE app_sec;
CREATE OR REPLACE FUNCTION ledger_lines_arrive() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    entries record;
    accounts record;
    bad record;
BEGIN
    SELECT bool_or(e.made_in IS DISTINCT FROM pg_current_xact_id()) AS late,
           bool_or(sums.n <> e.line_count OR sums.debit <> sums.credit OR sums.debit <> e.total OR NOT sums.same_day) AS odd,
           bool_or(e.source_kind IN ('ledger.manual_journal', 'ledger.journal_import')) AS by_hand,
           min(e.date) AS first_day, min(touched.company_id) AS company_id
    INTO entries
    FROM (SELECT company_id, entry_id FROM new_rows GROUP BY 1, 2) AS touched
    LEFT JOIN ledger_journalentry e ON e.company_id = touched.company_id AND e.id = touched.entry_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS n, sum(l.debit) AS debit, sum(l.credit) AS credit, bool_and(l.date = e.date) AS same_day
        FROM ledger_journalline l WHERE l.company_id = touched.company_id AND l.entry_id = touched.entry_id) AS sums;
    SELECT bool_or(touched.digits > currency_digits(c.currency)) AS too_fine,
           bool_or(NOT a.is_posting OR NOT a.is_active) AS shut
    INTO accounts
    FROM (SELECT company_id, account_id, max(min_scale(debit + credit)) AS digits FROM new_rows GROUP BY 1, 2) AS touched
    JOIN tenancy_company c ON c.id = touched.company_id
    LEFT JOIN ledger_account a ON a.company_id = touched.company_id AND a.id = touched.account_id;
    -- L8: debits and credits are whole minor units of the company's currency; 0.0001 would balance, too.
    IF accounts.too_fine THEN
        RAISE EXCEPTION 'A journal line is in whole minor units.' USING ERRCODE = '23514', CONSTRAINT = 'journal_minor_units';
    END IF;
    IF entries.late THEN
        RAISE EXCEPTION 'No line joins a posted entry.' USING ERRCODE = '23514', CONSTRAINT = 'journal_no_late_line';
    END IF;
    IF entries.odd THEN
        RAISE EXCEPTION 'The journal entry does not balance.' USING ERRCODE = '23514', CONSTRAINT = 'journal_balanced';
    END IF;
    IF accounts.shut THEN
        RAISE EXCEPTION 'The account accepts no postings.' USING ERRCODE = '23514', CONSTRAINT = 'account_posting';
    END IF;
    INSERT INTO ledger_accountbalance AS b
        (id, company_id, account_id, period_id, currency, is_closing, debit, credit, amount_currency)
    SELECT uuidv7(), n.company_id, n.account_id, e.period_id, n.currency, e.is_closing,
           sum(n.debit), sum(n.credit), sum(n.amount_currency)
    FROM new_rows n JOIN ledger_journalentry e ON e.company_id = n.company_id AND e.id = n.entry_id
    GROUP BY n.company_id, n.account_id, e.period_id, n.currency, e.is_closing
    ORDER BY n.company_id, n.account_id, e.period_id, n.currency, e.is_closing
    ON CONFLICT (company_id, account_id, period_id, currency, is_closing) DO UPDATE
    SET debit = b.debit + EXCLUDED.debit, credit = b.credit + EXCLUDED.credit,
        amount_currency = b.amount_currency + EXCLUDED.amount_currency;

    -- Control accounts take lines from their subledger, never from a journal by hand or an import of journals. Goods and
    -- card settlements are kept by hand while the company has no stock module running; employees are named on the line.
    IF entries.by_hand THEN
        SELECT a.id INTO bad
        FROM new_rows n
        JOIN ledger_journalentry e ON e.company_id = n.company_id AND e.id = n.entry_id
            AND e.source_kind IN ('ledger.manual_journal', 'ledger.journal_import')
        JOIN ledger_account a ON a.company_id = n.company_id AND a.id = n.account_id AND a.subledger <> ''
        JOIN tenancy_company c ON c.id = n.company_id
        WHERE NOT (a.subledger IN ('batch', 'goods_receipt', 'settlement') AND c.inventory_method = 'manual')
          AND NOT (a.subledger = 'employee' AND n.party_kind = 'employee')
        LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'A control account takes no line by hand.'
                USING ERRCODE = '23514', CONSTRAINT = 'control_account_by_hand';
        END IF;
    END IF;

    -- The tax lock of a filed VAT return: no line with a code of the return, and none on a VAT account, on or before it.
    IF EXISTS (SELECT FROM ledger_lockdate k
               WHERE k.company_id = entries.company_id AND k.area = 'tax' AND k.until >= entries.first_day) THEN
        SELECT n.company_id, n.date, k.until, e.book INTO bad
        FROM new_rows n
        JOIN ledger_lockdate k ON k.company_id = n.company_id AND k.area = 'tax' AND k.until >= n.date
        JOIN ledger_journalentry e ON e.company_id = n.company_id AND e.id = n.entry_id AND NOT e.is_closing
        JOIN ledger_account a ON a.company_id = n.company_id AND a.id = n.account_id
        LEFT JOIN ledger_taxcode t ON t.company_id = n.company_id AND t.code = n.tax_code
        WHERE t.box NOT IN ('', '0')
           OR a.role IN ('vat_output', 'vat_output_rc', 'vat_input', 'vat_input_customs', 'vat_input_rc')
        ORDER BY n.date LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'Locked until % (tax).', bad.until
                USING ERRCODE = '23514', CONSTRAINT = 'lock_tax', DETAIL = jsonb_build_object(
                    'date', bad.date, 'until', bad.until,
                    'first_open', ledger_first_open_day(bad.company_id, bad.book, bad.date, true))::text;
        END IF;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION ledger_lines_arrive() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_lines_arrive() TO app_owner;
RESET ROLE;
