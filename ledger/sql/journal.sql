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

-- L6: the entry's date finds its period. Closed and missing periods refuse everybody, a closing one refuses who may not
-- post there, and the strictest lock of the book wins (locks.sql). FOR SHARE keeps a close from racing a post.
-- A year end is no transaction of an area: its journals obey the period's state only.
CREATE FUNCTION ledger_entry_in_open_period() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER a_open_period BEFORE INSERT ON ledger_journalentry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_in_open_period();

-- what the lines of an entry must be, and what they move: lines_arrive.sql
CREATE TRIGGER b_lines_arrive AFTER INSERT ON ledger_journalline REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_arrive();

-- L1, the other half: at commit an entry without its lines is refused.
CREATE FUNCTION ledger_entry_complete() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
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
GRANT SELECT ON ledger_journalentry, ledger_journalline, ledger_account, ledger_taxcode, ledger_period TO app_sec;
GRANT SELECT, INSERT, UPDATE ON ledger_accountbalance TO app_sec;
ALTER FUNCTION ledger_entry_complete() OWNER TO app_sec;
SET LOCAL ROLE app_sec;
REVOKE ALL ON FUNCTION ledger_entry_complete() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_entry_complete() TO app_owner;
RESET ROLE;

ALTER TABLE ledger_accountbalance ADD CONSTRAINT account_balance_currency_finite CHECK (amount_currency <> 'NaN');
