-- All active memberships of a user, for the principal: the one look-up across companies. Owned by app_sec.
CREATE FUNCTION tenancy_memberships_of(for_user bigint)
RETURNS TABLE (company_id bigint, role text, branch_id uuid, grants text[], company jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.company_id, m.role::text,
           (SELECT b.id FROM tenancy_branch b WHERE b.company_id = m.company_id AND b.is_default),
           ARRAY(SELECT p.codename::text FROM tenancy_companyusergrant g JOIN auth_permission p ON p.id = g.permission_id
                 WHERE g.company_id = m.company_id AND g.user_id = for_user),
           to_jsonb(c)
    FROM tenancy_membership m JOIN tenancy_company c ON c.id = m.company_id
    WHERE m.user_id = for_user AND m.is_active
    ORDER BY m.created_at, m.company_id
$$;

CREATE FUNCTION tenancy_company_id_for_slug(wanted text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM tenancy_company WHERE slug = wanted
$$;

-- Ids only: for verification jobs, which then work company by company under its policy.
CREATE FUNCTION tenancy_company_ids() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM tenancy_company ORDER BY id
$$;

-- The role of the acting user in the current company, for guards in triggers (RR-4).
CREATE FUNCTION app_actor_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT role::text FROM tenancy_membership
    WHERE company_id = app_company() AND user_id = app_actor() AND is_active
$$;

-- Two owners who end each other at the same time must not both succeed: the second waits for the first, and then sees
-- what it left (T7).
CREATE FUNCTION tenancy_keep_an_owner() RETURNS trigger
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
