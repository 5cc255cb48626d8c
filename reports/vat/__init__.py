"""The VAT return: rows from the journal, boxes, filing (accounting.md section 9)."""
