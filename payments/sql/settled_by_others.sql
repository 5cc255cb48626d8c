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
