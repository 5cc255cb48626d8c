-- Search by customer and number (IF-4), as in inventory/sql/search.sql.
CREATE INDEX ar_customer_search ON ar_customer USING gin (search_text gin_trgm_ops);
CREATE INDEX ar_invoice_number_search ON ar_invoice USING gin (lower(number) gin_trgm_ops);
CREATE FUNCTION ar_search_customers(needle text, at_most integer) RETURNS TABLE (customer_id uuid, rank integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, CASE WHEN lower(code) = needle THEN 0
                    WHEN search_text LIKE replace(replace(needle, '\', '\\'), '%', '\%') || '%' THEN 1 ELSE 2 END AS rank
    FROM ar_customer
    WHERE company_id = app_company()
      AND search_text LIKE '%' || replace(replace(replace(needle, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    ORDER BY rank, code LIMIT least(at_most, 1000)
$$;
CREATE FUNCTION ar_search_invoice_numbers(needle text, at_most integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM ar_invoice
    WHERE company_id = app_company()
      AND lower(number) LIKE '%' || replace(replace(replace(lower(needle), '\', '\\'), '%', '\%'), '_', '\_') || '%'
    ORDER BY issue_date DESC, id DESC LIMIT least(at_most, 1000)
$$;
GRANT SELECT ON ar_customer, ar_invoice TO app_sec;
