"""Money: allocations, states, the control account, commissions."""

from __future__ import annotations

from reports.verify.checks import Check

CONTROL_ACCOUNT = Check(
    "receivables by customer",
    "the control account equals the open items, for each customer and currency",
    """
    WITH items AS (
        SELECT customer_id, currency, open_amount AS amount FROM ar_invoice
        WHERE company_id = %(company)s AND status <> 'draft'
        UNION ALL SELECT customer_id, currency, -open_amount FROM ar_creditnote
        WHERE company_id = %(company)s AND status <> 'draft'
        UNION ALL SELECT customer_id, currency, -open_amount FROM payments_payment
        WHERE company_id = %(company)s AND status = 'posted'),
    open AS (SELECT customer_id, currency, sum(amount) AS amount FROM items GROUP BY 1, 2),
    control AS (
        SELECT l.party_id AS customer_id, l.currency, sum(l.amount_currency) AS amount
        FROM ledger_journalline l JOIN ledger_account a ON a.company_id = l.company_id AND a.id = l.account_id
        WHERE l.company_id = %(company)s AND a.role = 'ar_control' GROUP BY 1, 2)
    SELECT COALESCE(c.code, 'no customer') || ' ' || COALESCE(o.currency, k.currency),
           'open items ' || COALESCE(o.amount, 0) || ', account ' || COALESCE(k.amount, 0)
    FROM open o FULL JOIN control k ON k.customer_id = o.customer_id AND k.currency = o.currency
    LEFT JOIN ar_customer c ON c.company_id = %(company)s AND c.id = COALESCE(o.customer_id, k.customer_id)
    WHERE COALESCE(o.amount, 0) <> COALESCE(k.amount, 0)
    """,
)

CONTROL_TOTAL = Check(
    "receivables in total",
    "the receivables account equals all open items in base currency",
    """
    SELECT 'receivables', 'account ' || b.amount || ', open items ' || o.amount
    FROM (SELECT COALESCE(sum(k.debit - k.credit), 0) AS amount FROM ledger_accountbalance k
          JOIN ledger_account a ON a.company_id = k.company_id AND a.id = k.account_id
          WHERE k.company_id = %(company)s AND a.role = 'ar_control' AND k.currency = %(currency)s) AS b,
         (SELECT COALESCE(sum(amount), 0) AS amount FROM (
            SELECT open_amount AS amount FROM ar_invoice
            WHERE company_id = %(company)s AND status <> 'draft' AND currency = %(currency)s
            UNION ALL SELECT -open_amount FROM ar_creditnote
            WHERE company_id = %(company)s AND status <> 'draft' AND currency = %(currency)s
            UNION ALL SELECT -open_amount FROM payments_payment
            WHERE company_id = %(company)s AND status = 'posted' AND currency = %(currency)s) AS items) AS o
    WHERE b.amount <> o.amount
    """,
)

_SETTLED = """
    SELECT '{kind} ' || h.number, 'stored ' || h.allocated_amount || ', allocations ' || COALESCE(a.amount, 0)
           || ' of ' || h.{total}
    FROM {table} h
    LEFT JOIN (SELECT {column} AS id, sum(amount) AS amount FROM payments_allocation
               WHERE company_id = %(company)s AND {column} IS NOT NULL GROUP BY 1) AS a ON a.id = h.id
    WHERE h.company_id = %(company)s AND (h.allocated_amount <> COALESCE(a.amount, 0)
          OR h.allocated_amount < 0 OR h.allocated_amount > h.{total})
"""

_JOINED = """
    SELECT 'allocation ' || n.id, 'joins customers or currencies'
    FROM payments_allocation n
    LEFT JOIN ar_invoice i ON i.company_id = n.company_id AND i.id = n.invoice_id
    LEFT JOIN payments_payment p ON p.company_id = n.company_id AND p.id = n.payment_id
    LEFT JOIN ar_creditnote c ON c.company_id = n.company_id AND c.id = n.credit_note_id
    WHERE n.company_id = %(company)s AND (i.customer_id IS DISTINCT FROM n.customer_id
          OR i.currency IS DISTINCT FROM n.currency OR COALESCE(p.customer_id, c.customer_id) IS DISTINCT FROM n.customer_id
          OR COALESCE(p.currency, c.currency) IS DISTINCT FROM n.currency)
"""

ALLOCATIONS = Check(
    "allocations",
    "what is settled is the sum of the allocations, never more than the item, within one customer and currency",
    " UNION ALL ".join(
        [
            *(
                _SETTLED.format(kind=kind, table=table, column=column, total=total)
                for kind, table, column, total in (
                    ("ar.invoice", "ar_invoice", "invoice_id", "total"),
                    ("ar.credit_note", "ar_creditnote", "credit_note_id", "total"),
                    ("payments.payment", "payments_payment", "payment_id", "amount"),
                )
            ),
            _JOINED,
        ]
    ),
)

_STATE = """
    SELECT '{kind} ' || number, status || ' with ' || open_amount || ' open of ' || total
    FROM {table} WHERE company_id = %(company)s AND status IN ('posted', 'partially_paid', 'paid')
      AND status <> CASE WHEN open_amount <= 0 THEN 'paid' WHEN allocated_amount > 0 THEN 'partially_paid' ELSE 'posted' END
"""

STATES = Check(
    "states follow what is open",
    "paid means nothing is open, partially paid something of it, posted all of it",
    _STATE.format(kind="ar.invoice", table="ar_invoice")
    + " UNION ALL "
    + _STATE.format(kind="ar.credit_note", table="ar_creditnote"),
)

PAYMENT_JOURNALS = Check(
    "payments have their journal",
    "a payment has one entry over its amount; a reversed one also has its mirror",
    """
    SELECT p.number, COALESCE('journal ' || e.total, 'no journal') || ', payment ' || p.base_amount || ' ' || p.status
    FROM payments_payment p
    LEFT JOIN ledger_journalentry e ON e.company_id = p.company_id AND e.source_kind = 'payments.payment'
              AND e.source_id = p.id AND e.purpose = 'post'
    WHERE p.company_id = %(company)s AND (e.total IS DISTINCT FROM p.base_amount OR (p.status = 'void') <> EXISTS (
          SELECT 1 FROM ledger_journalentry r WHERE r.company_id = e.company_id AND r.reverses_id = e.id))
    """,
)

COMMISSIONS = Check(
    "commissions",
    "a paid invoice with a salesperson has one snapshot; commission, tax and net agree with base and percent",
    """
    SELECT 'invoice ' || i.number, count(s.id) || ' snapshots'
    FROM ar_invoice i LEFT JOIN commissions_commissionsnapshot s
         ON s.company_id = i.company_id AND s.invoice_id = i.id AND s.salesperson_id = i.salesperson_id
    WHERE i.company_id = %(company)s AND i.status = 'paid' AND i.salesperson_id IS NOT NULL
    GROUP BY i.id, i.number HAVING count(s.id) <> 1
    UNION ALL
    SELECT 'snapshot ' || s.id, s.base_amount || ' x ' || s.percent || ' %% is not ' || s.commission_amount
    FROM commissions_commissionsnapshot s WHERE s.company_id = %(company)s AND (
        s.commission_amount <> round(s.base_amount * s.percent / 100, currency_digits(s.currency))
        OR s.tax_amount <> round(s.commission_amount * s.tax_percent / 100, currency_digits(s.currency))
        OR s.net_amount <> s.commission_amount - s.tax_amount)
    UNION ALL
    SELECT 'invoice ' || s.invoice_id, count(*) || ' snapshots for one salesperson'
    FROM commissions_commissionsnapshot s WHERE s.company_id = %(company)s
    GROUP BY s.invoice_id, s.salesperson_id HAVING count(*) > 1
    """,
)

AUDITED = Check(
    "audit trail",
    "every posted document left its trace in the audit log",
    """
    SELECT d.kind || ' ' || d.number, 'no audit row'
    FROM (SELECT company_id, id, number, 'ar.invoice' AS kind FROM ar_invoice WHERE status <> 'draft'
          UNION ALL SELECT company_id, id, number, 'ar.credit_note' FROM ar_creditnote WHERE status <> 'draft') AS d
    WHERE d.company_id = %(company)s AND NOT EXISTS (
        SELECT 1 FROM audit_log l WHERE l.company_id = d.company_id AND l.entity_type = d.kind
        AND l.entity_id = d.id::text AND l.action = 'POST')
    """,
)

CHECKS = (
    CONTROL_ACCOUNT,
    CONTROL_TOTAL,
    ALLOCATIONS,
    STATES,
    PAYMENT_JOURNALS,
    COMMISSIONS,
    AUDITED,
)
