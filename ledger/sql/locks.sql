-- Who may post into a closing period: owners, accountants, and whoever was granted it (accounting.md section 10).
CREATE FUNCTION ledger_may_post_in_closing() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(app_actor_role() IN ('owner', 'accountant'), false) OR EXISTS (
        SELECT 1 FROM tenancy_companyusergrant g JOIN auth_permission p ON p.id = g.permission_id
        WHERE g.company_id = app_company() AND g.user_id = app_actor() AND p.codename = 'ledger.period.post_closing')
$$;

-- The lock that looks after a book, besides the general one.
CREATE FUNCTION ledger_area_of(book text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE book WHEN 'SAL' THEN 'sales' WHEN 'PUR' THEN 'purchases' WHEN 'REC' THEN 'money' WHEN 'PAY' THEN 'money'
                     WHEN 'STK' THEN 'stock' ELSE 'general' END
$$;

-- The first day on or after `from_day` on which the acting person may post into the book; NULL when there is none yet.
CREATE FUNCTION ledger_first_open_day(for_company bigint, for_book text, from_day date, taxed boolean) RETURNS date
LANGUAGE sql STABLE AS $$
    SELECT greatest(p.start_date, f.day)
    FROM (SELECT greatest(from_day, max(l.until) + 1) AS day FROM ledger_lockdate l
          WHERE l.company_id = for_company
            AND (l.area IN ('general', ledger_area_of(for_book)) OR (taxed AND l.area = 'tax'))) AS f
    JOIN ledger_period p ON p.company_id = for_company AND p.end_date >= f.day
         AND (p.state = 'open' OR (p.state = 'closing' AND ledger_may_post_in_closing()))
    ORDER BY p.start_date LIMIT 1
$$;

-- L6 with lock dates: the entry's date finds its period. Closed and missing periods refuse everybody, a closing one
-- refuses who may not post there, and the strictest lock of the book wins. FOR SHARE keeps a close from racing a post.
-- A year end is no transaction of an area: its journals obey the period's state only.
CREATE OR REPLACE FUNCTION ledger_entry_in_open_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE p record; lock record; original record;
BEGIN
    NEW.made_in := pg_current_xact_id();
    SELECT id, state INTO p FROM ledger_period
    WHERE company_id = NEW.company_id AND start_date <= NEW.date AND end_date >= NEW.date FOR SHARE;
    IF p.id IS NULL THEN
        RAISE EXCEPTION 'There is no period for %.', NEW.date USING ERRCODE = '23514', CONSTRAINT = 'period_missing';
    END IF;
    IF p.state = 'closed' OR (p.state = 'closing' AND NOT ledger_may_post_in_closing()) THEN
        RAISE EXCEPTION 'The period of % is %.', NEW.date, p.state
            USING ERRCODE = '23514', CONSTRAINT = 'period_' || p.state, DETAIL = jsonb_build_object(
                'date', NEW.date, 'first_open', ledger_first_open_day(NEW.company_id, NEW.book, NEW.date, false))::text;
    END IF;
    NEW.period_id := p.id;
    NEW.is_adjustment := p.state = 'closing';
    NEW.is_closing := NEW.kind = 'closing';
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT is_closing INTO original FROM ledger_journalentry
        WHERE company_id = NEW.company_id AND id = NEW.reverses_id AND reverses_id IS NULL AND total = NEW.total;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'A reversal mirrors one original entry.'
                USING ERRCODE = '23514', CONSTRAINT = 'reversal_mirrors';
        END IF;
        NEW.is_closing := original.is_closing;
    END IF;
    IF NOT NEW.is_closing THEN
        SELECT area, until INTO lock FROM ledger_lockdate
        WHERE company_id = NEW.company_id AND area IN ('general', ledger_area_of(NEW.book)) AND until >= NEW.date
        ORDER BY until DESC, area LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'Locked until % (%).', lock.until, lock.area
                USING ERRCODE = '23514', CONSTRAINT = 'lock_' || lock.area, DETAIL = jsonb_build_object(
                    'date', NEW.date, 'until', lock.until,
                    'first_open', ledger_first_open_day(NEW.company_id, NEW.book, NEW.date, false))::text;
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- The tax lock of a filed VAT return: no line with a code of the return, and none on a VAT account, on or before it.
CREATE FUNCTION ledger_lines_tax_lock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_lockdate k WHERE k.area = 'tax'
                   AND k.company_id = (SELECT company_id FROM new_rows LIMIT 1)
                   AND k.until >= (SELECT min(date) FROM new_rows)) THEN
        RETURN NULL;
    END IF;
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
    RETURN NULL;
END $$;
CREATE TRIGGER c_lines_tax_lock AFTER INSERT ON ledger_journalline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_tax_lock();

-- A closed period is reopened by an owner, with a reason; the days of a period are fixed.
CREATE FUNCTION ledger_period_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.start_date, NEW.end_date, NEW.fiscal_year) IS DISTINCT FROM (OLD.start_date, OLD.end_date, OLD.fiscal_year) THEN
        RAISE EXCEPTION 'The days of a period are fixed.' USING ERRCODE = '23514', CONSTRAINT = 'period_days_fixed';
    END IF;
    IF OLD.state = 'closed' AND NEW.state <> 'closed' THEN
        IF app_actor_role() IS DISTINCT FROM 'owner' THEN
            RAISE EXCEPTION 'Only an owner reopens a period.' USING ERRCODE = '42501', CONSTRAINT = 'period_reopen_owner';
        END IF;
        IF NEW.reopen_reason = '' THEN
            RAISE EXCEPTION 'A period is reopened with a reason.'
                USING ERRCODE = '23514', CONSTRAINT = 'period_reopen_reason';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_period_guard BEFORE UPDATE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_period_guard();

-- ledger_lines_arrive once more: closing amounts are kept apart, so that profit and loss can leave them out.
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
    RETURN NULL;
END $$;
RESET ROLE;
GRANT SELECT ON tenancy_companyusergrant, auth_permission TO app_sec;
ALTER FUNCTION ledger_may_post_in_closing() OWNER TO app_sec;
SET LOCAL ROLE app_sec;
REVOKE ALL ON FUNCTION ledger_may_post_in_closing() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_may_post_in_closing() TO app_web, app_owner, app_migrator;
RESET ROLE;
