-- What is settled already gets its values in base currency. Until now a payment settled documents of its own rate only,
-- so source and target relieve the same; rounding follows what was settled so far, and the last row takes the rest.
ALTER TABLE payments_payment NO FORCE ROW LEVEL SECURITY;
ALTER TABLE payments_payment DISABLE TRIGGER USER;
ALTER TABLE payments_allocation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE payments_allocation DISABLE TRIGGER USER;
ALTER TABLE ar_invoice NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ar_invoice DISABLE TRIGGER USER;
ALTER TABLE ar_creditnote NO FORCE ROW LEVEL SECURITY;
ALTER TABLE ar_creditnote DISABLE TRIGGER USER;

UPDATE payments_allocation a SET source_amount = a.amount, base_amount = s.after - s.before, source_base_amount = s.after - s.before
FROM (SELECT r.company_id, r.id, round(sum(r.amount) OVER w * i.exchange_rate, d.digits) AS after,
             round((sum(r.amount) OVER w - r.amount) * i.exchange_rate, d.digits) AS before
      FROM payments_allocation r
      JOIN ar_invoice i ON i.company_id = r.company_id AND i.id = r.invoice_id
      JOIN tenancy_company c ON c.id = r.company_id
      CROSS JOIN LATERAL (SELECT currency_digits(c.currency) AS digits) AS d
      WINDOW w AS (PARTITION BY r.company_id, r.invoice_id ORDER BY r.created_at, r.id)) AS s
WHERE a.company_id = s.company_id AND a.id = s.id;
UPDATE ar_invoice h SET allocated_base = s.base
FROM (SELECT company_id, invoice_id AS id, sum(base_amount) AS base FROM payments_allocation GROUP BY 1, 2) AS s
WHERE h.company_id = s.company_id AND h.id = s.id;
UPDATE ar_creditnote h SET allocated_base = s.base
FROM (SELECT company_id, credit_note_id AS id, sum(source_base_amount) AS base FROM payments_allocation GROUP BY 1, 2) AS s
WHERE h.company_id = s.company_id AND h.id = s.id;
UPDATE payments_payment h SET allocated_base = COALESCE(s.base, 0),
    void_date = CASE WHEN h.status = 'void' THEN h.date END
FROM payments_payment p LEFT JOIN (
    SELECT company_id, payment_id AS id, sum(source_base_amount) AS base FROM payments_allocation GROUP BY 1, 2) AS s
    ON s.company_id = p.company_id AND s.id = p.id
WHERE h.company_id = p.company_id AND h.id = p.id;

ALTER TABLE payments_payment FORCE ROW LEVEL SECURITY;
ALTER TABLE payments_payment ENABLE TRIGGER USER;
ALTER TABLE payments_allocation FORCE ROW LEVEL SECURITY;
ALTER TABLE payments_allocation ENABLE TRIGGER USER;
ALTER TABLE ar_invoice FORCE ROW LEVEL SECURITY;
ALTER TABLE ar_invoice ENABLE TRIGGER USER;
ALTER TABLE ar_creditnote FORCE ROW LEVEL SECURITY;
ALTER TABLE ar_creditnote ENABLE TRIGGER USER;
