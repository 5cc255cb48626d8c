"""Commissions earned by salespeople, what was taken back, and what was paid out."""

from commissions.models.adjustments import CommissionAdjustment
from commissions.models.payouts import CommissionPayout
from commissions.models.snapshots import CommissionSnapshot

__all__ = ["CommissionAdjustment", "CommissionPayout", "CommissionSnapshot"]
