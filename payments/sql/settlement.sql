-- Both sides of a settlement; payments_allocations_arrive itself is in arrive.sql, what the triggers check in settled.sql.
CREATE OR REPLACE FUNCTION payments_refuse_party() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An allocation joins two open items of one party, not before the later of them.'
        USING ERRCODE = '23514', CONSTRAINT = 'allocation_party';
END $$;

CREATE OR REPLACE FUNCTION payments_refuse_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What is settled is the sum of the allocations.'
        USING ERRCODE = '23514', CONSTRAINT = 'settled_by_allocations';
END $$;
CREATE OR REPLACE TRIGGER a_guard_new BEFORE INSERT ON payments_payment FOR EACH ROW
    WHEN (NEW.status <> 'posted') EXECUTE FUNCTION payments_refuse_settled();

-- payments_allocations_arrive moves the kept sums as app_sec, by what it was given; whoever else changes them is checked
-- against all allocations of the row. Nobody signs in as app_sec.
CREATE OR REPLACE TRIGGER d_settled AFTER UPDATE ON ar_invoice REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (current_user <> 'app_sec') EXECUTE FUNCTION payments_settled_by_allocations();
CREATE OR REPLACE TRIGGER d_settled AFTER UPDATE ON ar_creditnote REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (current_user <> 'app_sec') EXECUTE FUNCTION payments_settled_by_allocations();
CREATE OR REPLACE TRIGGER d_settled AFTER UPDATE ON ap_bill REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (current_user <> 'app_sec') EXECUTE FUNCTION payments_settled_by_allocations();
CREATE OR REPLACE TRIGGER d_settled AFTER UPDATE ON ap_suppliercredit REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (current_user <> 'app_sec') EXECUTE FUNCTION payments_settled_by_allocations();
CREATE OR REPLACE TRIGGER d_settled AFTER UPDATE ON payments_payment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT WHEN (current_user <> 'app_sec') EXECUTE FUNCTION payments_settled_by_allocations();
GRANT SELECT, UPDATE ON ar_invoice, ar_creditnote, ap_bill, ap_suppliercredit, payments_payment, ledger_period TO app_sec;
GRANT SELECT ON payments_allocation, ledger_lockdate TO app_sec;
GRANT SELECT ON payments_paymentaccount TO app_sec;
