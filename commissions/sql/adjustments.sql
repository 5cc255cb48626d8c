-- Adjustments and payouts are never changed; an adjustment is put into one payout, once.
CREATE FUNCTION commissions_guard_adjustment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'payout_id') IS DISTINCT FROM (to_jsonb(OLD) - 'payout_id')
       OR (OLD.payout_id IS NOT NULL AND NEW.payout_id IS DISTINCT FROM OLD.payout_id) THEN
        RAISE EXCEPTION 'A commission adjustment never changes.'
            USING ERRCODE = '23514', CONSTRAINT = 'commission_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON commissions_commissionadjustment
    FOR EACH ROW EXECUTE FUNCTION commissions_guard_adjustment();

CREATE FUNCTION commissions_guard_payout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A commission payout never changes.' USING ERRCODE = '23514', CONSTRAINT = 'commission_frozen';
END $$;
CREATE TRIGGER a_guard BEFORE UPDATE OR DELETE ON commissions_commissionpayout
    FOR EACH ROW EXECUTE FUNCTION commissions_guard_payout();

-- A commission is never taken back twice: snapshot and adjustments are never below zero in sum.
CREATE FUNCTION commissions_not_below_zero() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM commissions_commissionsnapshot s WHERE s.company_id = NEW.company_id AND s.id = NEW.snapshot_id
        AND s.commission_amount + (SELECT sum(a.commission_amount) FROM commissions_commissionadjustment a
            WHERE a.company_id = s.company_id AND a.snapshot_id = s.id) < 0) THEN
        RAISE EXCEPTION 'More commission is taken back than was earned.'
            USING ERRCODE = '23514', CONSTRAINT = 'commission_not_below_zero';
    END IF;
    RETURN NULL;
END $$;

-- A payout pays exactly its rows.
CREATE FUNCTION commissions_payout_adds_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    rows bigint;
    net numeric;
BEGIN
    SELECT count(*), COALESCE(sum(net_amount), 0) INTO rows, net FROM (
        SELECT net_amount FROM commissions_commissionsnapshot WHERE company_id = NEW.company_id AND payout_id = NEW.id
        UNION ALL
        SELECT net_amount FROM commissions_commissionadjustment WHERE company_id = NEW.company_id AND payout_id = NEW.id
    ) AS parts;
    IF rows <> NEW.row_count OR net <> NEW.amount THEN
        RAISE EXCEPTION 'A payout is the sum of its commissions.'
            USING ERRCODE = '23514', CONSTRAINT = 'commission_payout_adds_up';
    END IF;
    RETURN NULL;
END $$;
GRANT SELECT ON commissions_commissionadjustment, commissions_commissionpayout TO app_sec;
ALTER FUNCTION commissions_not_below_zero() OWNER TO app_sec;
ALTER FUNCTION commissions_payout_adds_up() OWNER TO app_sec;
SET LOCAL ROLE app_sec;
REVOKE ALL ON FUNCTION commissions_not_below_zero(), commissions_payout_adds_up() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commissions_not_below_zero(), commissions_payout_adds_up() TO app_owner;
RESET ROLE;
CREATE CONSTRAINT TRIGGER b_not_below_zero AFTER INSERT ON commissions_commissionadjustment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commissions_not_below_zero();
CREATE CONSTRAINT TRIGGER b_adds_up AFTER INSERT ON commissions_commissionpayout
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION commissions_payout_adds_up();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON commissions_commissionadjustment
    FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON commissions_commissionpayout
    FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate();
