-- L3: nothing posted is ever changed.
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A posted journal never changes; post a reversal.'
        USING ERRCODE = '23514', CONSTRAINT = 'journal_append_only';
END $$;
CREATE TRIGGER a_append_only BEFORE UPDATE OR DELETE ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER a_append_only BEFORE UPDATE OR DELETE ON ledger_journalline
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON ledger_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON ledger_journalline
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
REVOKE UPDATE, DELETE ON ledger_journalentry, ledger_journalline FROM app_web;

-- The transaction that made an entry: lines join an entry in that transaction only (L4), in one statement.
ALTER TABLE ledger_journalentry ADD COLUMN made_in xid8 NOT NULL DEFAULT pg_current_xact_id();

-- L6: the entry's date finds its period; a missing or closed one refuses. FOR SHARE keeps a close from racing a post.
CREATE FUNCTION ledger_entry_in_open_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE p record;
BEGIN
    NEW.made_in := pg_current_xact_id();
    SELECT id, state INTO p FROM ledger_period
    WHERE company_id = NEW.company_id AND start_date <= NEW.date AND end_date >= NEW.date FOR SHARE;
    IF p.id IS NULL THEN
        RAISE EXCEPTION 'There is no period for %.', NEW.date USING ERRCODE = '23514', CONSTRAINT = 'period_missing';
    END IF;
    IF p.state = 'closed' THEN
        RAISE EXCEPTION 'The period of % is closed.', NEW.date USING ERRCODE = '23514', CONSTRAINT = 'period_closed';
    END IF;
    NEW.period_id := p.id;
    IF NEW.reverses_id IS NOT NULL THEN
        PERFORM 1 FROM ledger_journalentry
        WHERE company_id = NEW.company_id AND id = NEW.reverses_id AND reverses_id IS NULL AND total = NEW.total;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'A reversal mirrors one original entry.'
                USING ERRCODE = '23514', CONSTRAINT = 'reversal_mirrors';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_open_period BEFORE INSERT ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_in_open_period();

-- L1, L4: all lines of an entry arrive in one statement of the entry's own transaction, balance, and are as many and
-- as much as the entry says. One aggregate for the statement, however many entries and lines it brings.
-- The same statement moves the kept balances, in account order so that concurrent postings cannot deadlock.
CREATE FUNCTION ledger_lines_arrive() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE bad record;
BEGIN
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
CREATE TRIGGER b_lines_arrive AFTER INSERT ON ledger_journalline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_arrive();

-- L1, the other half: at commit an entry without its lines is refused.
CREATE FUNCTION ledger_entry_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_journalline l WHERE l.company_id = NEW.company_id AND l.entry_id = NEW.id)
       <> NEW.line_count THEN
        RAISE EXCEPTION 'The journal entry does not balance.' USING ERRCODE = '23514', CONSTRAINT = 'journal_balanced';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_complete AFTER INSERT ON ledger_journalentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_complete();

REVOKE INSERT, UPDATE, DELETE ON ledger_accountbalance FROM app_web;
GRANT SELECT ON ledger_journalentry, ledger_journalline, ledger_account TO app_sec;
GRANT SELECT, INSERT, UPDATE ON ledger_accountbalance TO app_sec;
ALTER FUNCTION ledger_lines_arrive() OWNER TO app_sec;
ALTER FUNCTION ledger_entry_complete() OWNER TO app_sec;
SET LOCAL ROLE app_sec;
REVOKE ALL ON FUNCTION ledger_lines_arrive(), ledger_entry_complete() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_lines_arrive(), ledger_entry_complete() TO app_owner;
RESET ROLE;
