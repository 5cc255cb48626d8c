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
    "the balance of each account, period and currency is the sum of its lines",
    """
    SELECT a.code || ' ' || p.start_date || ' ' || COALESCE(k.currency, s.currency),
           'kept ' || COALESCE(k.debit, 0) || ' / ' || COALESCE(k.credit, 0)
           || ', lines ' || COALESCE(s.debit, 0) || ' / ' || COALESCE(s.credit, 0)
    FROM (SELECT * FROM ledger_accountbalance WHERE company_id = %(company)s) AS k
    FULL JOIN (SELECT l.account_id, e.period_id, l.currency, sum(l.debit) AS debit, sum(l.credit) AS credit,
                      sum(l.amount_currency) AS amount_currency
               FROM ledger_journalline l JOIN ledger_journalentry e ON e.company_id = l.company_id AND e.id = l.entry_id
               WHERE l.company_id = %(company)s GROUP BY 1, 2, 3) AS s
         ON s.account_id = k.account_id AND s.period_id = k.period_id AND s.currency = k.currency
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
    WHERE e.company_id = %(company)s AND e.source_kind IN ('ar.invoice', 'ar.credit_note', 'payments.payment')
      AND NOT EXISTS (SELECT 1 FROM ar_invoice d WHERE e.source_kind = 'ar.invoice' AND d.company_id = e.company_id
                      AND d.id = e.source_id AND d.status <> 'draft')
      AND NOT EXISTS (SELECT 1 FROM ar_creditnote d WHERE e.source_kind = 'ar.credit_note' AND d.company_id = e.company_id
                      AND d.id = e.source_id AND d.status <> 'draft')
      AND NOT EXISTS (SELECT 1 FROM payments_payment d WHERE e.source_kind = 'payments.payment'
                      AND d.company_id = e.company_id AND d.id = e.source_id)
    """,
)

CHECKS = (JOURNALS_BALANCED, JOURNALS_IN_PERIOD, KEPT_BALANCES, TRIAL_BALANCE, ENTRIES_HAVE_SOURCE)
