"""Money: allocations, states, the control account, commissions."""

from __future__ import annotations

from reports.verify.checks import Check

#: Every open item of both sides: positive where it is a debit on its control account. Money paid ahead to suppliers that
#: stands on the advances account is none of them (P13).
_ITEMS = """
    SELECT 'ar_control' AS role, customer_id AS party, currency, open_amount AS amount, base_total - allocated_base AS base
    FROM ar_invoice WHERE company_id = %(company)s AND status <> 'draft'
    UNION ALL SELECT 'ar_control', customer_id, currency, -open_amount, allocated_base - base_total
    FROM ar_creditnote WHERE company_id = %(company)s AND status <> 'draft'
    UNION ALL SELECT 'ap_control', supplier_id, currency, -open_amount, allocated_base - base_total
    FROM ap_bill WHERE company_id = %(company)s AND status <> 'draft'
    UNION ALL SELECT 'ap_control', supplier_id, currency, open_amount, base_total - allocated_base
    FROM ap_suppliercredit WHERE company_id = %(company)s AND status <> 'draft'
    UNION ALL SELECT CASE WHEN customer_id IS NOT NULL THEN 'ar_control' WHEN is_advance THEN 'supplier_advances'
                     ELSE 'ap_control' END, COALESCE(customer_id, supplier_id), currency,
        CASE direction WHEN 'in' THEN -open_amount ELSE open_amount END,
        CASE direction WHEN 'in' THEN -1 ELSE 1 END * (base_amount + base_withholding - allocated_base)
    FROM payments_payment WHERE company_id = %(company)s AND status = 'posted'
"""

#: Entries that value open items for a closing day; they are taken back on the next one and settle nothing.
_VALUED = """
    (e.kind = 'revaluation' OR EXISTS (SELECT 1 FROM ledger_journalentry o WHERE o.company_id = e.company_id
     AND o.id = e.reverses_id AND o.kind = 'revaluation'))
"""

CONTROL_ACCOUNT = Check(
    "receivables by customer",
    "receivables, payables and advances equal the open items, for each party and currency, at carrying amount",
    f"""
    WITH open AS (SELECT role, party, currency, sum(amount) AS amount, sum(base) AS base FROM ({_ITEMS}) AS items
                  GROUP BY 1, 2, 3),
    control AS (
        SELECT a.role, l.party_id AS party, l.currency, sum(l.amount_currency) AS amount, sum(l.debit - l.credit) AS base
        FROM ledger_journalline l
        JOIN ledger_account a ON a.company_id = l.company_id AND a.id = l.account_id
        JOIN ledger_journalentry e ON e.company_id = l.company_id AND e.id = l.entry_id
        WHERE l.company_id = %(company)s AND a.role IN ('ar_control', 'ap_control', 'supplier_advances') AND NOT {_VALUED}
        GROUP BY 1, 2, 3)
    SELECT COALESCE(k.role, o.role) || ' ' || COALESCE(c.code, s.code, 'nobody') || ' ' || COALESCE(o.currency, k.currency),
           'open items ' || COALESCE(o.amount, 0) || ' at ' || COALESCE(o.base, 0)
           || ', account ' || COALESCE(k.amount, 0) || ' at ' || COALESCE(k.base, 0)
    FROM open o FULL JOIN control k ON k.role = o.role AND k.party = o.party AND k.currency = o.currency
    LEFT JOIN ar_customer c ON c.company_id = %(company)s AND c.id = COALESCE(o.party, k.party)
    LEFT JOIN ap_supplier s ON s.company_id = %(company)s AND s.id = COALESCE(o.party, k.party)
    WHERE COALESCE(o.amount, 0) <> COALESCE(k.amount, 0) OR COALESCE(o.base, 0) <> COALESCE(k.base, 0)
    """,  # noqa: S608  # put together from the texts above only
)

CONTROL_TOTAL = Check(
    "receivables in total",
    "the balances of receivables, payables and advances equal all open items at carrying amount",
    f"""
    WITH items AS ({_ITEMS}),
    valued AS (
        SELECT a.role, sum(l.debit - l.credit) AS base FROM ledger_journalentry e
        JOIN ledger_journalline l ON l.company_id = e.company_id AND l.entry_id = e.id
        JOIN ledger_account a ON a.company_id = l.company_id AND a.id = l.account_id
        WHERE e.company_id = %(company)s AND {_VALUED} GROUP BY 1)
    SELECT a.role, 'account ' || b.base || ', open items ' || o.base
    FROM ledger_account a
    CROSS JOIN LATERAL (
        SELECT COALESCE(sum(k.debit - k.credit), 0) - COALESCE((SELECT v.base FROM valued v WHERE v.role = a.role), 0) AS base
        FROM ledger_accountbalance k WHERE k.company_id = a.company_id AND k.account_id = a.id) AS b
    CROSS JOIN LATERAL (SELECT COALESCE(sum(base), 0) AS base FROM items WHERE items.role = a.role) AS o
    WHERE a.company_id = %(company)s AND a.role IN ('ar_control', 'ap_control', 'supplier_advances') AND b.base <> o.base
    """,  # noqa: S608  # put together from the texts above only
)

_SETTLED = """
    SELECT '{kind} ' || h.number, 'stored ' || h.allocated_amount || ' at ' || h.allocated_base || ', allocations '
           || COALESCE(a.amount, 0) || ' at ' || COALESCE(a.base, 0) || ' of ' || {total} || ' at ' || {base}
    FROM {table} h
    LEFT JOIN (SELECT {column} AS id, sum({amount}) AS amount, sum({amount_base}) AS base FROM payments_allocation
               WHERE company_id = %(company)s AND {column} IS NOT NULL GROUP BY 1) AS a ON a.id = h.id
    WHERE h.company_id = %(company)s AND {where} AND (h.allocated_amount <> COALESCE(a.amount, 0)
          OR h.allocated_base <> COALESCE(a.base, 0) OR h.allocated_amount < 0 OR h.allocated_amount > {total}
          OR h.allocated_base < 0 OR h.allocated_base > {base}
          OR (h.allocated_amount = {total} AND h.allocated_base <> {base}))
"""


def _settled(kind: str, table: str, column: str, *, source: bool, where: str = "true") -> str:
    """Return the check of one kind of open item, as source or as target of allocations."""
    is_payment = table == "payments_payment"
    return _SETTLED.format(
        kind=kind,
        table=table,
        column=column,
        total="(h.amount + h.withholding_tax)" if is_payment else "h.total",
        base="(h.base_amount + h.base_withholding)" if is_payment else "h.base_total",
        amount="source_amount" if source else "amount",
        amount_base="source_base_amount" if source else "base_amount",
        where=where if is_payment else "h.status <> 'draft'",
    )


_MONEY = "(h.direction = 'in') = (h.customer_id IS NOT NULL)"

_JOINED = """
    SELECT 'allocation ' || n.id, 'joins parties or currencies'
    FROM payments_allocation n
    LEFT JOIN ar_invoice i ON i.company_id = n.company_id AND i.id = n.invoice_id
    LEFT JOIN ap_bill b ON b.company_id = n.company_id AND b.id = n.bill_id
    LEFT JOIN payments_payment r ON r.company_id = n.company_id AND r.id = n.refund_id
    LEFT JOIN payments_payment p ON p.company_id = n.company_id AND p.id = n.payment_id
    LEFT JOIN ar_creditnote c ON c.company_id = n.company_id AND c.id = n.credit_note_id
    LEFT JOIN ap_suppliercredit s ON s.company_id = n.company_id AND s.id = n.supplier_credit_id
    WHERE n.company_id = %(company)s AND (
        COALESCE(i.customer_id, b.supplier_id, r.customer_id, r.supplier_id) IS DISTINCT FROM COALESCE(n.customer_id, n.supplier_id)
        OR (n.entry_id IS NULL AND COALESCE(p.customer_id, p.supplier_id, c.customer_id, s.supplier_id)
            IS DISTINCT FROM COALESCE(n.customer_id, n.supplier_id))
        OR COALESCE(i.currency, b.currency, r.currency) IS DISTINCT FROM n.currency)
"""

ALLOCATIONS = Check(
    "allocations",
    "what is settled is the sum of the allocations, never more than the item, within one party and control account",
    " UNION ALL ".join(
        [
            _settled("ar.invoice", "ar_invoice", "invoice_id", source=False),
            _settled("ap.bill", "ap_bill", "bill_id", source=False),
            _settled("ar.credit_note", "ar_creditnote", "credit_note_id", source=True),
            _settled("ap.supplier_credit", "ap_suppliercredit", "supplier_credit_id", source=True),
            _settled(
                "payments.payment", "payments_payment", "payment_id", source=True, where=_MONEY
            ),
            _settled(
                "refund", "payments_payment", "refund_id", source=False, where=f"NOT ({_MONEY})"
            ),
            _JOINED,
        ]
    ),
)

DIFFERENCES = Check(
    "exchange differences",
    "what settlements realised is what the journals of payments booked, for each party; its discounts likewise",
    """
    WITH realised AS (
        SELECT COALESCE(customer_id, supplier_id) AS party,
            sum(CASE WHEN customer_id IS NOT NULL THEN 1 ELSE -1 END
                * (source_base_amount + discount_base + write_off_base - base_amount)) AS gain,
            sum(CASE WHEN customer_id IS NOT NULL THEN 1 ELSE -1 END * (discount_base + write_off_base)) AS given
        FROM payments_allocation WHERE company_id = %(company)s AND entry_id IS NULL GROUP BY 1),
    entries AS (
        SELECT e.id, (SELECT p.party_id FROM ledger_journalline p WHERE p.company_id = e.company_id AND p.entry_id = e.id
                      AND p.party_id IS NOT NULL LIMIT 1) AS party
        FROM ledger_journalentry e
        WHERE e.company_id = %(company)s AND e.source_kind IN ('payments.payment', 'payments.allocation')),
    booked AS (
        SELECT e.party,
            COALESCE(sum(l.credit - l.debit) FILTER (WHERE a.role IN ('fx_gain_realised', 'fx_loss_realised')), 0) AS gain,
            COALESCE(sum(l.debit - l.credit) FILTER (WHERE a.role IN ('settlement_discount_allowed', 'supplier_rebates',
                'small_difference_write_off')), 0) AS given
        FROM entries e JOIN ledger_journalline l ON l.company_id = %(company)s AND l.entry_id = e.id
        JOIN ledger_account a ON a.company_id = l.company_id AND a.id = l.account_id GROUP BY 1)
    SELECT 'party ' || COALESCE(r.party, b.party), 'realised ' || COALESCE(r.gain, 0) || ', booked ' || COALESCE(b.gain, 0)
        || '; given up ' || COALESCE(r.given, 0) || ', booked ' || COALESCE(b.given, 0)
    FROM realised r FULL JOIN booked b ON b.party = r.party
    WHERE COALESCE(r.gain, 0) <> COALESCE(b.gain, 0) OR COALESCE(r.given, 0) <> COALESCE(b.given, 0)
    """,
)

_STATE = """
    SELECT '{kind} ' || number, status || ' with ' || open_amount || ' open of ' || total
    FROM {table} WHERE company_id = %(company)s AND status IN ('posted', 'partially_paid', 'paid')
      AND status <> CASE WHEN open_amount <= 0 THEN 'paid' WHEN allocated_amount > 0 THEN 'partially_paid' ELSE 'posted' END
"""

STATES = Check(
    "states follow what is open",
    "paid means nothing is open, partially paid something of it, posted all of it",
    " UNION ALL ".join(
        _STATE.format(kind=kind, table=table)
        for kind, table in (
            ("ar.invoice", "ar_invoice"),
            ("ar.credit_note", "ar_creditnote"),
            ("ap.bill", "ap_bill"),
            ("ap.supplier_credit", "ap_suppliercredit"),
        )
    ),
)

PAYMENT_JOURNALS = Check(
    "payments have their journal",
    "a payment has one entry that moves its amount on its account; a reversed one also has its mirror",
    """
    SELECT p.number, COALESCE('journal ' || m.moved, 'no journal') || ', payment ' || p.base_amount || ' ' || p.status
    FROM payments_payment p
    JOIN payments_paymentaccount t ON t.company_id = p.company_id AND t.id = p.payment_account_id
    LEFT JOIN ledger_journalentry e ON e.company_id = p.company_id AND e.source_kind = 'payments.payment'
              AND e.source_id = p.id AND e.purpose = 'post'
    LEFT JOIN LATERAL (SELECT sum(l.debit - l.credit) AS moved FROM ledger_journalline l
              WHERE l.company_id = e.company_id AND l.entry_id = e.id AND l.account_id = t.account_id) AS m ON true
    WHERE p.company_id = %(company)s AND (
        m.moved IS DISTINCT FROM CASE p.direction WHEN 'in' THEN p.base_amount ELSE -p.base_amount END
        OR (p.status = 'void') <> EXISTS (
          SELECT 1 FROM ledger_journalentry r WHERE r.company_id = e.company_id AND r.reverses_id = e.id))
    """,
)

COMMISSIONS = Check(
    "commissions",
    "a paid invoice with a salesperson has one snapshot; commission, tax and net agree with base and percent, the base "
    "with posting, credit notes and write-offs",
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
    UNION ALL
    SELECT 'invoice ' || number, 'commission is earned on ' || commission_base || ' instead of ' || expected
    FROM (
        SELECT i.number, i.commission_base, CASE
            WHEN w.amount = 0 THEN u.base
            WHEN w.amount >= i.total - c.total THEN 0
            ELSE round(u.base * (i.total - c.total - w.amount) / (i.total - c.total), d.digits) END AS expected
        FROM ar_invoice i
        CROSS JOIN (SELECT currency_digits(currency) AS digits FROM tenancy_company WHERE id = %(company)s) AS d
        CROSS JOIN LATERAL (SELECT COALESCE(sum(total), 0) AS total, COALESCE(sum(base_total - base_tax_amount), 0) AS net
            FROM ar_creditnote WHERE company_id = i.company_id AND invoice_id = i.id AND status <> 'draft') AS c
        CROSS JOIN LATERAL (SELECT COALESCE(sum(amount), 0) AS amount
            FROM ar_writeoff WHERE company_id = i.company_id AND invoice_id = i.id AND status = 'posted') AS w
        CROSS JOIN LATERAL (SELECT i.commission_base_posted - CASE WHEN c.net <= 0 THEN 0 ELSE
            round(i.commission_base_posted * LEAST(c.net, i.base_total - i.base_tax_amount)
                  / (i.base_total - i.base_tax_amount), d.digits) END AS base) AS u
        WHERE i.company_id = %(company)s AND i.commission_base_posted IS NOT NULL) AS bases
    WHERE commission_base <> expected
    """,
)

AUDITED = Check(
    "audit trail",
    "every posted document, entry and payment left its trace in the audit log",
    """
    SELECT d.kind || ' ' || d.number, 'no ' || d.action || ' in the trail'
    FROM (SELECT company_id, id, number, 'ar.invoice' AS kind, 'POST' AS action FROM ar_invoice WHERE status <> 'draft'
          UNION ALL SELECT company_id, id, number, 'ar.credit_note', 'POST' FROM ar_creditnote WHERE status <> 'draft'
          UNION ALL SELECT company_id, id, source_number, 'ledger.journal_entry', 'CREATE' FROM ledger_journalentry
          UNION ALL SELECT company_id, id, number, 'payments.payment', 'CREATE' FROM payments_payment) AS d
    WHERE d.company_id = %(company)s AND NOT EXISTS (
        SELECT 1 FROM audit_log l WHERE l.company_id = d.company_id AND l.entity_type = d.kind
        AND l.entity_id = d.id::text AND l.action = d.action)
    """,
)

CHECKS = (
    CONTROL_ACCOUNT,
    CONTROL_TOTAL,
    ALLOCATIONS,
    DIFFERENCES,
    STATES,
    PAYMENT_JOURNALS,
    COMMISSIONS,
    AUDITED,
)
