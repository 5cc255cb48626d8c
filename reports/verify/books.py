"""The ledger: entries balance, kept balances are the sums of the lines, every entry has its cause (accounting.md 12)."""

from __future__ import annotations

from reports.verify.checks import Check

JOURNALS_BALANCED = Check(
    "journals balanced",
    "each entry has as many lines as it says and debits equal credits, in base and in its one currency",
    """
    SELECT e.source_number || ' ' || e.date, 'debit ' || COALESCE(s.debit, 0) || ', credit ' || COALESCE(s.credit, 0)
           || ', stated ' || e.total || ' in ' || e.line_count || ' lines'
    FROM ledger_journalentry e
    LEFT JOIN (SELECT entry_id, count(*) AS n, sum(debit) AS debit, sum(credit) AS credit, sum(amount_currency) AS amount,
                      count(DISTINCT currency) AS currencies, bool_or(amount_currency = 0) AS base_only
               FROM ledger_journalline WHERE company_id = %(company)s GROUP BY entry_id) AS s ON s.entry_id = e.id
    WHERE e.company_id = %(company)s AND (s.n IS DISTINCT FROM e.line_count OR s.debit IS DISTINCT FROM s.credit
          OR s.debit IS DISTINCT FROM e.total OR (s.currencies = 1 AND NOT s.base_only AND s.amount <> 0))
    """,
)

JOURNALS_IN_PERIOD = Check(
    "journals in their period",
    "an entry lies in the period of its date, its lines carry that date, and nothing arrived after the closing",
    """
    SELECT e.source_number || ' ' || e.date, p.start_date || ' to ' || p.end_date || ' ' || p.state
    FROM ledger_journalentry e JOIN ledger_period p ON p.company_id = e.company_id AND p.id = e.period_id
    WHERE e.company_id = %(company)s AND (e.date NOT BETWEEN p.start_date AND p.end_date
          OR (p.state = 'closed' AND e.posted_at > p.closed_at))
    UNION ALL
    SELECT e.source_number || ' ' || e.date, 'line of ' || l.date
    FROM ledger_journalline l JOIN ledger_journalentry e ON e.company_id = l.company_id AND e.id = l.entry_id
    WHERE l.company_id = %(company)s AND l.date <> e.date
    """,
)

KEPT_BALANCES = Check(
    "kept balances",
    "the balance of each account, period and currency is the sum of its lines, what year ends booked apart",
    """
    SELECT a.code || ' ' || p.start_date || ' ' || COALESCE(k.currency, s.currency),
           'kept ' || COALESCE(k.debit, 0) || ' / ' || COALESCE(k.credit, 0)
           || ', lines ' || COALESCE(s.debit, 0) || ' / ' || COALESCE(s.credit, 0)
    FROM (SELECT * FROM ledger_accountbalance WHERE company_id = %(company)s) AS k
    FULL JOIN (SELECT l.account_id, e.period_id, l.currency, e.is_closing, sum(l.debit) AS debit, sum(l.credit) AS credit,
                      sum(l.amount_currency) AS amount_currency
               FROM ledger_journalline l JOIN ledger_journalentry e ON e.company_id = l.company_id AND e.id = l.entry_id
               WHERE l.company_id = %(company)s GROUP BY 1, 2, 3, 4) AS s
         ON s.account_id = k.account_id AND s.period_id = k.period_id AND s.currency = k.currency
         AND s.is_closing = k.is_closing
    LEFT JOIN ledger_account a ON a.company_id = %(company)s AND a.id = COALESCE(k.account_id, s.account_id)
    LEFT JOIN ledger_period p ON p.company_id = %(company)s AND p.id = COALESCE(k.period_id, s.period_id)
    WHERE (COALESCE(k.debit, 0), COALESCE(k.credit, 0), COALESCE(k.amount_currency, 0))
          IS DISTINCT FROM (COALESCE(s.debit, 0), COALESCE(s.credit, 0), COALESCE(s.amount_currency, 0))
    """,
)

TRIAL_BALANCE = Check(
    "trial balance",
    "all debits equal all credits",
    """
    SELECT 'trial balance', 'debit ' || sum(debit) || ', credit ' || sum(credit)
    FROM ledger_accountbalance WHERE company_id = %(company)s HAVING sum(debit) <> sum(credit)
    """,
)

ENTRIES_HAVE_SOURCE = Check(
    "entries have their source",
    "an entry of a document or payment belongs to one that exists and is posted",
    """
    SELECT e.source_kind || ' ' || e.source_number, 'entry of ' || e.date || ' without its posted source'
    FROM ledger_journalentry e
    WHERE e.company_id = %(company)s AND e.source_kind IN ('ar.invoice', 'ar.credit_note', 'ap.bill', 'ap.supplier_credit', 'payments.payment')
      AND NOT EXISTS (SELECT 1 FROM ar_invoice d WHERE e.source_kind = 'ar.invoice' AND d.company_id = e.company_id
                      AND d.id = e.source_id AND d.status <> 'draft')
      AND NOT EXISTS (SELECT 1 FROM ar_creditnote d WHERE e.source_kind = 'ar.credit_note' AND d.company_id = e.company_id
                      AND d.id = e.source_id AND d.status <> 'draft')
      AND NOT EXISTS (SELECT 1 FROM ap_bill d WHERE e.source_kind = 'ap.bill' AND d.company_id = e.company_id
                      AND d.id = e.source_id AND d.status <> 'draft')
      AND NOT EXISTS (SELECT 1 FROM ap_suppliercredit d WHERE e.source_kind = 'ap.supplier_credit'
                      AND d.company_id = e.company_id AND d.id = e.source_id AND d.status <> 'draft')
      AND NOT EXISTS (SELECT 1 FROM payments_payment d WHERE e.source_kind = 'payments.payment'
                      AND d.company_id = e.company_id AND d.id = e.source_id)
    """,
)

LOCKS_OBEYED = Check(
    "locks obeyed",
    "nothing was posted on or before a lock date after the lock was set; year ends apart",
    """
    SELECT e.source_number || ' ' || e.date, k.area || ' locked until ' || k.until || ', posted at ' || e.posted_at
    FROM ledger_lockdate k
    JOIN ledger_journalentry e ON e.company_id = k.company_id AND e.date <= k.until AND e.posted_at > k.changed_at
    WHERE k.company_id = %(company)s AND NOT e.is_closing
      AND (k.area = 'general' OR k.area = ledger_area_of(e.book)
           OR (k.area = 'tax' AND EXISTS (
               SELECT 1 FROM ledger_journalline l
               JOIN ledger_account a ON a.company_id = l.company_id AND a.id = l.account_id
               LEFT JOIN ledger_taxcode t ON t.company_id = l.company_id AND t.code = l.tax_code
               WHERE l.company_id = e.company_id AND l.entry_id = e.id
                 AND (t.box NOT IN ('', '0') OR a.role IN ('vat_output', 'vat_output_rc', 'vat_input',
                      'vat_input_customs', 'vat_input_rc')))))
    """,
)

YEAR_ENDS = Check(
    "year ends",
    "a closed year has no result left on classes 4 to 8, and all its periods are closed",
    """
    SELECT p.fiscal_year::text, 'left on classes 4 to 8: ' || sum(b.debit - b.credit) FILTER (
               WHERE a.kind IN ('revenue', 'contra_revenue', 'expense', 'contra_expense'))
           || ', open periods: ' || count(DISTINCT p.id) FILTER (WHERE p.state <> 'closed')
    FROM ledger_period p
    JOIN ledger_accountbalance b ON b.company_id = p.company_id AND b.period_id = p.id
    JOIN ledger_account a ON a.company_id = b.company_id AND a.id = b.account_id
    WHERE p.company_id = %(company)s AND EXISTS (
        SELECT 1 FROM ledger_journalentry e WHERE e.company_id = p.company_id AND e.kind = 'closing'
          AND e.source_kind = 'ledger.year' AND e.source_number = p.fiscal_year::text
          AND NOT EXISTS (SELECT 1 FROM ledger_journalentry r WHERE r.company_id = e.company_id AND r.reverses_id = e.id))
    GROUP BY p.fiscal_year
    HAVING COALESCE(sum(b.debit - b.credit) FILTER (
               WHERE a.kind IN ('revenue', 'contra_revenue', 'expense', 'contra_expense')), 0) <> 0
        OR count(DISTINCT p.id) FILTER (WHERE p.state <> 'closed') > 0
    """,
)

OPENING_ACCOUNTS = Check(
    "opening accounts",
    "the four opening accounts are zero once a period with opening balances is closed",
    """
    SELECT a.code, 'balance ' || sum(b.debit - b.credit)
    FROM ledger_account a
    JOIN ledger_accountbalance b ON b.company_id = a.company_id AND b.account_id = a.id
    WHERE a.company_id = %(company)s AND a.role LIKE 'opening%%' AND EXISTS (
        SELECT 1 FROM ledger_accountbalance o
        JOIN ledger_account x ON x.company_id = o.company_id AND x.id = o.account_id AND x.role LIKE 'opening%%'
        JOIN ledger_period p ON p.company_id = o.company_id AND p.id = o.period_id AND p.state = 'closed'
        WHERE o.company_id = a.company_id)
    GROUP BY a.id, a.code HAVING sum(b.debit) <> sum(b.credit)
    """,
)

REVERSALS = Check(
    "reversals mirror",
    "a reversal takes back its original account by account, not before it, and is not reversed itself (L7)",
    """
    SELECT e.source_number || ' ' || e.date, 'reverses ' || o.source_number || ' of ' || o.date
    FROM ledger_journalentry e
    JOIN ledger_journalentry o ON o.company_id = e.company_id AND o.id = e.reverses_id
    WHERE e.company_id = %(company)s AND (o.reverses_id IS NOT NULL OR e.date < o.date OR EXISTS (
        SELECT FROM ledger_journalline l
        WHERE l.company_id = e.company_id AND l.entry_id IN (e.id, o.id)
        GROUP BY l.account_id, l.currency, l.party_id
        HAVING sum(l.debit - l.credit) <> 0 OR sum(l.amount_currency) <> 0))
    """,
)

OWNERS = Check(
    "an active owner",
    "somebody may act for the company (T7)",
    """
    SELECT 'members', 'no active owner' WHERE NOT EXISTS (
        SELECT FROM tenancy_membership WHERE company_id = %(company)s AND role = 'owner' AND is_active)
    """,
)

CHECKS = (
    OWNERS,
    JOURNALS_BALANCED,
    JOURNALS_IN_PERIOD,
    REVERSALS,
    KEPT_BALANCES,
    TRIAL_BALANCE,
    ENTRIES_HAVE_SOURCE,
    LOCKS_OBEYED,
    YEAR_ENDS,
    OPENING_ACCOUNTS,
)
