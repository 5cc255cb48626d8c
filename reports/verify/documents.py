"""Documents: stored totals are what the lines give, posted ones have their journal, numbers have no gaps."""

from __future__ import annotations

from django.apps import apps

from documents.registry import DocumentType, all_types
from reports.verify.checks import Check

_TOTALS = """
WITH lines AS (
    SELECT document_id, count(*) AS n, sum(net_amount) AS net, sum(tax_amount) AS tax, sum(gross_amount) AS gross
    FROM {lines} WHERE company_id = %(company)s GROUP BY document_id),
categories AS (
    SELECT h.id, sum((c->>'taxable')::numeric) AS taxable, sum((c->>'tax')::numeric) AS tax,
           sum((c->>'allowance')::numeric) AS allowance, sum((c->>'lines_net')::numeric) AS net,
           sum((c->>'line_count')::integer) AS n,
           bool_and((c->>'taxable')::numeric = (c->>'lines_net')::numeric - (c->>'allowance')::numeric
                    AND (h.prices_include_tax OR abs((c->>'tax')::numeric - round((c->>'taxable')::numeric
                         * (c->>'rate')::numeric / 100, currency_digits(h.currency)))
                         <= {tolerance})) AS sound
    FROM {header} h CROSS JOIN LATERAL jsonb_array_elements(h.tax_breakdown) AS c
    WHERE h.company_id = %(company)s GROUP BY h.id)
SELECT '{kind} ' || COALESCE(NULLIF(h.number, ''), h.id::text),
       'stored ' || COALESCE(h.subtotal::text, 'none') || ' + ' || COALESCE(h.tax_amount::text, 'none') || ' = '
       || COALESCE(h.total::text, 'none') || '; lines ' || COALESCE(l.net, 0) || ' and ' || COALESCE(l.tax, 0)
FROM {header} h LEFT JOIN lines l ON l.document_id = h.id LEFT JOIN categories c ON c.id = h.id
WHERE h.company_id = %(company)s AND (
    h.total IS NULL OR h.line_count <> COALESCE(l.n, 0) OR COALESCE(c.n, 0) <> h.line_count
    OR h.subtotal <> COALESCE(c.taxable, 0) OR h.tax_amount <> COALESCE(c.tax, 0) OR NOT COALESCE(c.sound, true)
    OR (NOT h.prices_include_tax AND h.document_discount <> COALESCE(c.allowance, 0))
    OR COALESCE(l.net, 0) <> COALESCE(c.net, 0)
    OR (h.status <> 'draft' AND (h.tax_amount <> l.tax OR h.subtotal <> l.net - COALESCE(c.allowance, 0)))
    OR (NOT h.prices_include_tax AND h.total <> h.subtotal + h.tax_amount))
"""

_BREAKDOWN = """
SELECT '{kind} ' || COALESCE(NULLIF(h.number, ''), h.id::text),
       'lines ' || COALESCE(l.category, c.category) || ' ' || COALESCE(l.rate, c.rate) || ': '
       || COALESCE(l.net, 0) || ', stored ' || COALESCE(c.net, 0)
FROM (SELECT document_id, tax_category AS category, tax_rate AS rate, sum(net_amount) AS net, count(*) AS n
      FROM {lines} WHERE company_id = %(company)s GROUP BY 1, 2, 3) AS l
FULL JOIN (SELECT d.id AS document_id, b->>'category' AS category, (b->>'rate')::numeric AS rate,
                  (b->>'lines_net')::numeric AS net, (b->>'line_count')::integer AS n
           FROM {header} d CROSS JOIN LATERAL jsonb_array_elements(d.tax_breakdown) AS b
           WHERE d.company_id = %(company)s) AS c
     ON c.document_id = l.document_id AND c.category = l.category AND c.rate = l.rate
JOIN {header} h ON h.company_id = %(company)s AND h.id = COALESCE(l.document_id, c.document_id)
WHERE COALESCE(l.net, 0) <> COALESCE(c.net, 0) OR COALESCE(l.n, 0) <> COALESCE(c.n, 0)
"""

_LINES = """
SELECT '{kind} ' || COALESCE(NULLIF(h.number, ''), h.id::text) || ' line ' || l.position,
       l.quantity || ' x ' || l.unit_price || ' - ' || l.discount_amount || ' is not ' || l.net_amount
FROM {lines} l JOIN {header} h ON h.company_id = l.company_id AND h.id = l.document_id
WHERE l.company_id = %(company)s AND NOT h.prices_include_tax
  AND (l.net_amount <> round(l.quantity * l.unit_price, currency_digits(h.currency)) - l.discount_amount
       OR l.gross_amount <> l.net_amount + l.tax_amount)
"""

_JOURNAL = """
SELECT '{kind} ' || h.number, CASE WHEN e.id IS NULL THEN 'no journal'
       ELSE 'journal ' || e.total || ' of ' || e.date || ', receivable ' || COALESCE(s.control, 0) || ', VAT '
            || COALESCE(s.vat, 0) || ' of ' || e.source_number || '; document ' || h.base_total || ' of ' || h.issue_date || ', VAT '
            || h.base_tax_amount END
FROM {header} h
LEFT JOIN ledger_journalentry e ON e.company_id = h.company_id AND e.source_kind = '{kind}' AND e.source_id = h.id
          AND e.purpose = 'post'
LEFT JOIN (SELECT l.entry_id,
                  sum(l.debit - l.credit) FILTER (WHERE a.role = '{control}') AS control,
                  sum(l.credit - l.debit) FILTER (WHERE a.role LIKE 'vat%%') AS vat,
                  count(DISTINCT l.party_id) FILTER (WHERE a.role = '{control}') AS parties,
                  min(l.party_id::text) AS party
           FROM ledger_journalline l JOIN ledger_account a ON a.company_id = l.company_id AND a.id = l.account_id
           WHERE l.company_id = %(company)s GROUP BY l.entry_id) AS s ON s.entry_id = e.id
WHERE h.company_id = %(company)s AND h.status <> 'draft' AND (
    -- what was open before the books began is booked on the go-live date
    (h.base_total > 0 AND (e.id IS NULL OR (e.date <> h.issue_date AND (e.kind <> 'opening' OR e.date < h.issue_date))
        OR {sign} * s.control IS DISTINCT FROM h.base_total
        OR ({checks_vat} AND {sign} * COALESCE(s.vat, 0) <> h.base_tax_amount) OR s.parties <> 1 OR s.party <> h.{party}_id::text
        OR e.source_number <> h.number))
    OR abs(h.base_total - round(h.total * h.exchange_rate, currency_digits(%(currency)s))) > {tolerance})
"""

_SUMMARY = """
SELECT COALESCE(k.kind, c.kind) || ' ' || COALESCE(k.status, c.status) || ' ' || COALESCE(k.currency, c.currency),
       'kept ' || COALESCE(k.n, 0) || ' of ' || COALESCE(k.total, 0) || ', counted ' || COALESCE(c.n, 0) || ' of '
       || COALESCE(c.total, 0)
FROM (SELECT kind, status, currency, document_count AS n, total, open_amount FROM documents_documentsummary
      WHERE company_id = %(company)s) AS k
FULL JOIN ({counted}) AS c ON c.kind = k.kind AND c.status = k.status AND c.currency = k.currency
WHERE (COALESCE(k.n, 0), COALESCE(k.total, 0), COALESCE(k.open_amount, 0))
      IS DISTINCT FROM (COALESCE(c.n, 0), COALESCE(c.total, 0), COALESCE(c.open_amount, 0))
"""

_COUNTED = """
SELECT '{kind}' AS kind, status, currency, count(*) AS n, sum(COALESCE(total, 0)) AS total,
       sum(COALESCE(open_amount, 0)) AS open_amount
FROM {header} WHERE company_id = %(company)s GROUP BY status, currency
"""

_NUMBERED = """
SELECT series, sequence_number FROM {table} WHERE company_id = %(company)s AND sequence_number IS NOT NULL
"""

_SERIES = """
WITH numbered AS ({numbered})
SELECT COALESCE(s.series, n.series), 'last ' || COALESCE(s.last_number, 0) || ', used ' || COALESCE(n.used, 0)
       || ' from ' || COALESCE(n.first, 0) || ' to ' || COALESCE(n.last, 0)
FROM (SELECT series, last_number FROM documents_numbersequence WHERE company_id = %(company)s) AS s
FULL JOIN (SELECT series, count(*) AS n, count(DISTINCT sequence_number) AS used, min(sequence_number) AS first,
                  max(sequence_number) AS last FROM numbered GROUP BY series) AS n ON n.series = s.series
WHERE s.series IS NULL OR COALESCE(n.n, 0) <> s.last_number OR COALESCE(n.used, 0) <> s.last_number
      OR (s.last_number > 0 AND (n.first <> 1 OR n.last <> s.last_number))
"""

_DATED = """
SELECT series, sequence_number, {date} AS date FROM {table}
WHERE company_id = %(company)s AND sequence_number IS NOT NULL
"""

_DATES = """
WITH numbered AS ({numbered}), compared AS (
    SELECT series, sequence_number, date,
           max(date) OVER (PARTITION BY series ORDER BY sequence_number
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest
    FROM numbered)
SELECT n.series || ' ' || n.sequence_number, n.date || ' after ' || n.latest
FROM compared n JOIN tenancy_company c ON c.id = %(company)s
WHERE n.latest - n.date > c.number_backdating_days
"""


def _tables(kind: DocumentType) -> dict[str, str]:
    return {
        "kind": kind.kind,
        "header": kind.header._meta.db_table,
        "lines": kind.line._meta.db_table,
        # a debit of the control account: invoices and supplier credits; a credit: credit notes and bills
        "sign": "-1" if kind.kind in ("ar.credit_note", "ap.bill") else "1",
        # credits over one document are cumulative, so that the last one takes what is left: 0.01 either way
        "tolerance": "0.01" if kind.kind in ("ar.credit_note", "ap.supplier_credit") else "0",
        "control": "ar_control" if kind.kind.startswith("ar.") else "ap_control",
        "party": "customer" if kind.kind.startswith("ar.") else "supplier",
        # VAT of a bill may be cost (not recoverable) or stand on both sides (reverse charge): the VAT return checks it
        "checks_vat": "true" if kind.kind.startswith("ar.") else "false",
    }


def _series() -> list[tuple[str, str]]:
    """Return every table that takes numbers of a series, with the column of its date."""
    found = []
    for model in apps.get_models():
        columns = {field.column for field in model._meta.concrete_fields}
        if {"series", "sequence_number", "company_id"} <= columns and "historical" not in (
            model._meta.model_name or ""
        ):
            day = next((name for name in ("issue_date", "date") if name in columns), "NULL::date")
            found.append((model._meta.db_table, day))
    return found


def _each(template: str) -> str:
    return " UNION ALL ".join(template.format(**_tables(kind)) for kind in all_types())


def _each_apart(template: str) -> str:
    """Like _each, for statements that begin with WITH."""
    return " UNION ALL ".join(f"({template.format(**_tables(kind))})" for kind in all_types())


def checks() -> tuple[Check, ...]:
    """Return the checks of all registered document types."""
    numbered = " UNION ALL ".join(_NUMBERED.format(table=table) for table, _day in _series())
    dated = " UNION ALL ".join(_DATED.format(table=table, date=day) for table, day in _series())
    return (
        Check(
            "stored totals",
            "subtotal, VAT, total and the VAT breakdown of each document are what its lines give",
            _each_apart(_TOTALS) + " UNION ALL " + _each(_BREAKDOWN),
        ),
        Check(
            "line amounts",
            "net of a line = quantity x price - discount, rounded once; gross = net + VAT",
            _each(_LINES),
        ),
        Check(
            "documents have their journal",
            "a posted document has one entry of its date, over its amounts at the frozen rate, on its party",
            _each(_JOURNAL),
        ),
        Check(
            "document summaries",
            "the kept counts and sums by state are what counting gives",
            _SUMMARY.format(counted=_each(_COUNTED)),
        ),
        Check(
            "number series",
            "numbers run from 1 to the last one given, without gap or double",
            _SERIES.format(numbered=numbered),
        ),
        Check(
            "dates in number order",
            "inside a series dates run backwards by no more days than the company allows",
            _DATES.format(numbered=dated),
        ),
    )
