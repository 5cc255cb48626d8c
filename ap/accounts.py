"""Which accounts lines of bills may go to, besides those of costs. Pure data."""

from __future__ import annotations

from ledger.posting import AccountRole

#: Subledgers that take lines of bills while goods are kept by hand (company setting `inventory_method`).
GOODS = frozenset({"batch", "goods_receipt"})
#: VAT accounts move with VAT codes only, or the return would not agree with them.
VAT_ROLES = frozenset(
    {
        AccountRole.VAT_INPUT,
        AccountRole.VAT_INPUT_CUSTOMS,
        AccountRole.VAT_INPUT_RC,
        AccountRole.VAT_OUTPUT,
        AccountRole.VAT_OUTPUT_RC,
        AccountRole.VAT_CREDIT,
        AccountRole.VAT_SETTLEMENT,
    }
)
