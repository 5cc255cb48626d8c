"""Purchases: months of prepaid lines are what was paid for, credits are within their bills."""

from __future__ import annotations

from reports.verify.checks import Check

PREPAID = """
SELECT 'ap.bill ' || b.number, 'months ' || m.amount || ', put on the prepaid account ' || COALESCE(j.amount, 0)
FROM (SELECT bill_id, prepaid_account_id, sum(amount) AS amount FROM ap_prepaidpart
      WHERE company_id = %(company)s GROUP BY 1, 2) AS m
JOIN ap_bill b ON b.company_id = %(company)s AND b.id = m.bill_id
LEFT JOIN (SELECT COALESCE(c.bill_id, e.source_id) AS bill_id, l.account_id, sum(l.debit - l.credit) AS amount
           FROM ledger_journalentry e
           JOIN ledger_journalline l ON l.company_id = e.company_id AND l.entry_id = e.id
           LEFT JOIN ap_suppliercredit c ON c.company_id = e.company_id AND c.id = e.source_id
           WHERE e.company_id = %(company)s AND e.source_kind IN ('ap.bill', 'ap.supplier_credit')
             AND (e.source_id IN (SELECT bill_id FROM ap_prepaidpart WHERE company_id = %(company)s)
                  OR c.bill_id IN (SELECT bill_id FROM ap_prepaidpart WHERE company_id = %(company)s))
           GROUP BY 1, 2) AS j ON j.bill_id = m.bill_id AND j.account_id = m.prepaid_account_id
WHERE m.amount > COALESCE(j.amount, 0)
"""

BOOKED = """
SELECT 'ap.bill ' || b.number, 'month of ' || p.date || ': ' || p.amount || ', booked ' || COALESCE(e.total, 0)
FROM ap_prepaidpart p JOIN ap_bill b ON b.company_id = p.company_id AND b.id = p.bill_id
LEFT JOIN ledger_journalentry e ON e.company_id = p.company_id AND e.id = p.entry_id
WHERE p.company_id = %(company)s AND p.entry_id IS NOT NULL AND e.total IS DISTINCT FROM p.amount
"""

CREDITS = """
SELECT 'ap.bill ' || b.number, 'total ' || b.total || ', credited ' || c.total
FROM (SELECT bill_id, sum(total) AS total, sum(tax_amount) AS tax
      FROM ap_suppliercredit WHERE company_id = %(company)s AND bill_id IS NOT NULL AND status <> 'draft'
      GROUP BY 1) AS c
JOIN ap_bill b ON b.company_id = %(company)s AND b.id = c.bill_id
WHERE c.total > b.total OR c.tax > b.tax_amount OR (b.status = 'void' AND c.total <> b.total)
"""

CHECKS = (
    Check(
        "prepaid months",
        "the months of a prepaid line are no more than its bill, less its credits, put on the prepaid account",
        PREPAID,
    ),
    Check("prepaid months booked", "a booked month has a journal of its amount", BOOKED),
    Check(
        "supplier credits",
        "no more of a bill is taken back than was billed, all of it where the bill is void",
        CREDITS,
    ),
)
