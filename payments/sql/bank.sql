-- A statement line never changes; only its matches move `is_matched`.
CREATE FUNCTION payments_guard_bank_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - 'is_matched') IS DISTINCT FROM (to_jsonb(OLD) - 'is_matched') THEN
        RAISE EXCEPTION 'A bank line never changes.' USING ERRCODE = '23514', CONSTRAINT = 'bank_line_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE ON payments_bankline
    FOR EACH ROW EXECUTE FUNCTION payments_guard_bank_line();

CREATE FUNCTION payments_guard_bank_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - 'has_gap') IS DISTINCT FROM (to_jsonb(OLD) - 'has_gap') THEN
        RAISE EXCEPTION 'A bank statement never changes.'
            USING ERRCODE = '23514', CONSTRAINT = 'bank_statement_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE ON payments_bankstatement
    FOR EACH ROW EXECUTE FUNCTION payments_guard_bank_statement();

-- A match is undone once and for good, its bookings with it; nothing else of it changes.
CREATE FUNCTION payments_guard_bank_match() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
       OR (to_jsonb(NEW) - 'undone_at' - 'undone_by_id') IS DISTINCT FROM (to_jsonb(OLD) - 'undone_at' - 'undone_by_id') THEN
        RAISE EXCEPTION 'A match is undone, never changed.' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON payments_bankmatch
    FOR EACH ROW EXECUTE FUNCTION payments_guard_bank_match();
CREATE FUNCTION payments_guard_bank_match_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.is_active OR NOT OLD.is_active
       OR (to_jsonb(NEW) - 'is_active') IS DISTINCT FROM (to_jsonb(OLD) - 'is_active') THEN
        RAISE EXCEPTION 'A match is undone, never changed.' USING ERRCODE = '23514', CONSTRAINT = 'bank_match_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON payments_bankmatchitem
    FOR EACH ROW EXECUTE FUNCTION payments_guard_bank_match_item();
REVOKE DELETE ON payments_bankmatch, payments_bankmatchitem FROM app_web;

CREATE FUNCTION payments_bank_match_moves_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE payments_bankline SET is_matched = (NEW.undone_at IS NULL)
    WHERE company_id = NEW.company_id AND id = NEW.line_id;
    RETURN NULL;
END $$;
CREATE TRIGGER b_line AFTER INSERT OR UPDATE OF undone_at ON payments_bankmatch
    FOR EACH ROW EXECUTE FUNCTION payments_bank_match_moves_line();

GRANT SELECT ON payments_bankline, payments_bankstatement, payments_bankmatch, payments_bankmatchitem,
    payments_paymentaccount TO app_sec;

SET LOCAL ROLE app_sec;
-- What an entry moves on a payment account: in the account's currency where the line is in it, else base currency for a
-- base-currency account. Exchange differences (no amount in the currency) move no money.
CREATE FUNCTION payments_entry_movement(company bigint, entry uuid, payment_account uuid) RETURNS numeric
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(CASE WHEN c.currency = p.currency THEN l.debit - l.credit
                             WHEN l.currency = p.currency THEN l.amount_currency ELSE 0 END), 0)
    FROM payments_paymentaccount p
    JOIN tenancy_company c ON c.id = p.company_id
    JOIN ledger_journalline l ON l.company_id = p.company_id AND l.account_id = p.account_id AND l.entry_id = entry
    WHERE p.company_id = company AND p.id = payment_account
$$;

-- At commit: the bookings of a match that holds are the line's amount, on other accounts they cancel out; each is what
-- its entry moves; an undone match holds nothing.
CREATE FUNCTION payments_bank_match_adds_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    m record;
    wrong integer;
BEGIN
    IF TG_TABLE_NAME = 'payments_bankmatch' THEN
        SELECT b.*, l.payment_account_id AS account, l.amount INTO m FROM payments_bankmatch b
        JOIN payments_bankline l ON l.company_id = b.company_id AND l.id = b.line_id
        WHERE b.company_id = NEW.company_id AND b.id = NEW.id;
    ELSE
        SELECT b.*, l.payment_account_id AS account, l.amount INTO m FROM payments_bankmatch b
        JOIN payments_bankline l ON l.company_id = b.company_id AND l.id = b.line_id
        WHERE b.company_id = NEW.company_id AND b.id = NEW.match_id;
    END IF;
    IF m.undone_at IS NOT NULL THEN
        SELECT count(*) INTO wrong FROM payments_bankmatchitem i
        WHERE i.company_id = m.company_id AND i.match_id = m.id AND i.is_active;
    ELSE
        SELECT count(*) INTO wrong FROM (
            SELECT i.payment_account_id FROM payments_bankmatchitem i
            WHERE i.company_id = m.company_id AND i.match_id = m.id AND i.is_active
            GROUP BY i.payment_account_id
            HAVING sum(i.amount) <> CASE WHEN i.payment_account_id = m.account THEN m.amount ELSE 0 END
                OR bool_or(i.amount <> payments_entry_movement(m.company_id, i.entry_id, i.payment_account_id))
        ) AS off;
        IF NOT EXISTS (SELECT 1 FROM payments_bankmatchitem i WHERE i.company_id = m.company_id
                       AND i.match_id = m.id AND i.is_active AND i.payment_account_id = m.account) THEN
            wrong := wrong + 1;
        END IF;
    END IF;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'The bookings of a match are the amount of its bank line.'
            USING ERRCODE = '23514', CONSTRAINT = 'bank_match_adds_up';
    END IF;
    RETURN NULL;
END $$;

-- At commit: a statement is its opening balance and its lines, those left out as known included.
CREATE FUNCTION payments_bank_statement_adds_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    s record;
    lines numeric;
BEGIN
    SELECT * INTO s FROM payments_bankstatement b WHERE b.company_id = NEW.company_id
        AND b.id = CASE WHEN TG_TABLE_NAME = 'payments_bankstatement' THEN NEW.id ELSE (to_jsonb(NEW)->>'statement_id')::uuid END;
    SELECT coalesce(sum(l.amount), 0) INTO lines FROM payments_bankline l
    WHERE l.company_id = s.company_id AND l.statement_id = s.id AND NOT l.is_opening;
    IF s.opening_balance + lines + s.known_amount <> s.closing_balance THEN
        RAISE EXCEPTION 'The statement does not add up.' USING ERRCODE = '23514', CONSTRAINT = 'bank_statement_adds_up';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION payments_bank_line_matched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_bankline l WHERE l.company_id = NEW.company_id AND l.id = NEW.id
               AND l.is_matched <> EXISTS (SELECT 1 FROM payments_bankmatch m WHERE m.company_id = l.company_id
                                           AND m.line_id = l.id AND m.undone_at IS NULL)) THEN
        RAISE EXCEPTION 'A bank line is matched by its match.' USING ERRCODE = '23514', CONSTRAINT = 'bank_line_is_matched';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION payments_entry_movement(bigint, uuid, uuid), payments_bank_match_adds_up(),
    payments_bank_statement_adds_up(), payments_bank_line_matched() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payments_entry_movement(bigint, uuid, uuid), payments_bank_match_adds_up(),
    payments_bank_statement_adds_up(), payments_bank_line_matched() TO app_owner;
RESET ROLE;

CREATE CONSTRAINT TRIGGER d_adds_up AFTER INSERT OR UPDATE ON payments_bankmatch DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_bank_match_adds_up();
CREATE CONSTRAINT TRIGGER d_adds_up AFTER INSERT OR UPDATE ON payments_bankmatchitem DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_bank_match_adds_up();
CREATE CONSTRAINT TRIGGER d_adds_up AFTER INSERT ON payments_bankstatement DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_bank_statement_adds_up();
CREATE CONSTRAINT TRIGGER d_matched AFTER INSERT OR UPDATE OF is_matched ON payments_bankline DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_bank_line_matched();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON payments_bankmatch
    FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON payments_bankmatchitem
    FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate();
