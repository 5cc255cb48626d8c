-- Digits behind the decimal point of a currency (ISO 4217); core.money.MINOR_DIGITS says the same.
CREATE FUNCTION currency_digits(currency text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN currency IN ('KWD', 'BHD', 'OMR', 'JOD', 'TND', 'LYD', 'IQD') THEN 3
                WHEN currency IN ('JPY', 'KRW', 'CLP', 'VND') THEN 0
                ELSE 2 END
$$;

-- The scope of the transaction, as set by the backend when the transaction began.
CREATE FUNCTION app_company() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT NULLIF(current_setting('app.company_id', true), '')::bigint
$$;
CREATE FUNCTION app_actor() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT NULLIF(current_setting('app.actor_id', true), '')::bigint
$$;

CREATE FUNCTION tenancy_company_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A row never moves to another company.' USING ERRCODE = '23514', CONSTRAINT = 'company_is_fixed';
END $$;
