REVOKE INSERT, UPDATE, DELETE ON documents_documentsummary FROM app_web;
GRANT SELECT, INSERT, UPDATE ON documents_documentsummary TO app_sec;

-- D1: a number in a series never goes back; an import takes many at once.
CREATE FUNCTION documents_sequence_moves_by_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.last_number < OLD.last_number OR NEW.series <> OLD.series THEN
        RAISE EXCEPTION 'A number series only goes forward.'
            USING ERRCODE = '23514', CONSTRAINT = 'number_series_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_forward BEFORE UPDATE OR DELETE ON documents_numbersequence
    FOR EACH ROW EXECUTE FUNCTION documents_sequence_moves_by_one();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON documents_numbersequence
    FOR EACH STATEMENT EXECUTE FUNCTION documents_no_truncate();
ALTER TABLE documents_documentsummary ADD CONSTRAINT document_summary_finite
    CHECK (total <> 'NaN' AND open_amount <> 'NaN');
