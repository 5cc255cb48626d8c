-- Search by supplier and number, as in ar/sql/search.sql. A bill is found by our number and by the supplier's.
CREATE INDEX ap_supplier_search ON ap_supplier USING gin (search_text gin_trgm_ops);
CREATE INDEX ap_bill_number_search ON ap_bill USING gin (lower(number || ' ' || supplier_number) gin_trgm_ops);
CREATE FUNCTION ap_search_suppliers(needle text, at_most integer) RETURNS TABLE (supplier_id uuid, rank integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, CASE WHEN lower(code) = needle THEN 0
                    WHEN search_text LIKE replace(replace(needle, '\', '\\'), '%', '\%') || '%' THEN 1 ELSE 2 END AS rank
    FROM ap_supplier
    WHERE company_id = app_company()
      AND search_text LIKE '%' || replace(replace(replace(needle, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    ORDER BY rank, code LIMIT least(at_most, 1000)
$$;
CREATE FUNCTION ap_search_bill_numbers(needle text, at_most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM ap_bill
    WHERE company_id = app_company()
      AND lower(number || ' ' || supplier_number)
          LIKE '%' || replace(replace(replace(lower(needle), '\', '\\'), '%', '\%'), '_', '\_') || '%'
    ORDER BY issue_date DESC, id DESC LIMIT least(at_most, 1000)
$$;
GRANT SELECT ON ap_supplier, ap_bill TO app_sec;
