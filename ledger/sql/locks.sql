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

GRANT SELECT ON tenancy_companyusergrant, auth_permission, ledger_lockdate TO app_sec;
ALTER FUNCTION ledger_may_post_in_closing() OWNER TO app_sec;
SET LOCAL ROLE app_sec;
REVOKE ALL ON FUNCTION ledger_may_post_in_closing() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_may_post_in_closing() TO app_web, app_owner, app_migrator;
RESET ROLE;
