-- tenancy_keep_an_owner once more. Two owners who end each other at the same time must not both succeed: the second
-- waits here for the first, and then sees what it left (T7).
SET LOCAL ROLE app_sec;
CREATE OR REPLACE FUNCTION tenancy_keep_an_owner() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM tenancy_company WHERE id = OLD.company_id FOR NO KEY UPDATE;
    IF FOUND AND NOT EXISTS (SELECT 1 FROM tenancy_membership
                             WHERE company_id = OLD.company_id AND role = 'owner' AND is_active) THEN
        RAISE EXCEPTION 'A company needs at least one active owner.'
            USING ERRCODE = '23514', CONSTRAINT = 'last_owner';
    END IF;
    RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION tenancy_keep_an_owner() FROM app_web, app_ro;
RESET ROLE;

-- Every company-owned table has its company first in its key (T4).
ALTER TABLE tenancy_companyusergrant DROP CONSTRAINT tenancy_companyusergrant_pkey,
    ADD CONSTRAINT tenancy_companyusergrant_pkey PRIMARY KEY (company_id, id);
