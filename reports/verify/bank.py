"""Bank: statements add up, matches are their lines and what their entries moved, what is settled on cards is what came in."""

from __future__ import annotations

from reports.verify.checks import Check

STATEMENTS = Check(
    "bank statements",
    "opening balance and lines of every statement are its closing balance",
    """
    SELECT p.code || ' ' || s.identifier,
           'opening ' || s.opening_balance || ' and lines ' || t.lines || ', closing ' || s.closing_balance
    FROM payments_bankstatement s
    JOIN payments_paymentaccount p ON p.company_id = s.company_id AND p.id = s.payment_account_id
    CROSS JOIN LATERAL (
        SELECT COALESCE(sum(l.amount), 0) + s.known_amount AS lines FROM payments_bankline l
        WHERE l.company_id = s.company_id AND l.statement_id = s.id AND NOT l.is_opening) AS t
    WHERE s.company_id = %(company)s AND s.opening_balance + t.lines <> s.closing_balance
    """,
)

MATCHES = Check(
    "bank matches",
    "a matched line is its bookings on its account, other accounts cancel out; an unmatched line holds nothing",
    """
    SELECT p.code || ' ' || l.date || ' ' || l.amount, 'bookings ' || COALESCE(h.held, 0) || ' on ' || q.code
    FROM payments_bankline l
    JOIN payments_paymentaccount p ON p.company_id = l.company_id AND p.id = l.payment_account_id
    LEFT JOIN payments_bankmatch m ON m.company_id = l.company_id AND m.line_id = l.id AND m.undone_at IS NULL
    CROSS JOIN LATERAL (
        SELECT l.payment_account_id AS account UNION SELECT i.payment_account_id FROM payments_bankmatchitem i
        WHERE i.company_id = m.company_id AND i.match_id = m.id AND i.is_active) AS a
    JOIN payments_paymentaccount q ON q.company_id = l.company_id AND q.id = a.account
    LEFT JOIN LATERAL (
        SELECT sum(i.amount) AS held FROM payments_bankmatchitem i
        WHERE i.company_id = m.company_id AND i.match_id = m.id AND i.is_active AND i.payment_account_id = a.account) AS h
        ON true
    WHERE l.company_id = %(company)s AND (l.is_matched <> (m.id IS NOT NULL) OR COALESCE(h.held, 0) <>
        CASE WHEN m.id IS NOT NULL AND a.account = l.payment_account_id THEN l.amount ELSE 0 END)
    """,
)

MOVEMENTS = Check(
    "matched bookings",
    "a booking held by a match is what its entry moves on the payment account",
    """
    SELECT p.code || ' ' || e.source_number, 'held ' || i.amount || ', moved ' || COALESCE(v.moved, 0)
    FROM payments_bankmatchitem i
    JOIN payments_paymentaccount p ON p.company_id = i.company_id AND p.id = i.payment_account_id
    JOIN tenancy_company c ON c.id = p.company_id
    JOIN ledger_journalentry e ON e.company_id = i.company_id AND e.id = i.entry_id
    LEFT JOIN LATERAL (
        SELECT sum(CASE WHEN c.currency = p.currency THEN l.debit - l.credit
                        WHEN l.currency = p.currency THEN l.amount_currency ELSE 0 END) AS moved
        FROM ledger_journalline l
        WHERE l.company_id = i.company_id AND l.entry_id = i.entry_id AND l.account_id = p.account_id) AS v ON true
    WHERE i.company_id = %(company)s AND i.is_active AND i.amount <> COALESCE(v.moved, 0)
    """,
)

CHECKS = (STATEMENTS, MATCHES, MOVEMENTS)
