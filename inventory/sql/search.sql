-- Search as you type (PS-16). Under row-level security LIKE cannot use an index, so the search runs as app_sec with the
-- company test inside; it returns keys only, which the caller reads under its own policy.
CREATE INDEX inventory_item_search ON inventory_item USING gin (search_text gin_trgm_ops);
CREATE FUNCTION inventory_search_items(needle text, at_most integer) RETURNS TABLE (item_id uuid, rank integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, CASE WHEN lower(code) = needle OR barcode = needle THEN 0
                    WHEN search_text LIKE replace(replace(needle, '\', '\\'), '%', '\%') || '%' THEN 1 ELSE 2 END AS rank
    FROM inventory_item
    WHERE company_id = app_company() AND is_active
      AND search_text LIKE '%' || replace(replace(replace(needle, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    ORDER BY rank, code LIMIT least(at_most, 100)
$$;
GRANT SELECT ON inventory_item TO app_sec;
