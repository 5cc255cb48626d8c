"""What commissions do when lower apps report something."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from commissions.services.snapshots import snapshots_store


def paid_invoices_earn_commission(invoice_ids: Sequence[uuid.UUID], **_: Any) -> None:
    """An invoice that becomes PAID stores its salesperson's commission (RR-5)."""
    snapshots_store(invoice_ids)
