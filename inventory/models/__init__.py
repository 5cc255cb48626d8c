"""Items that are sold and bought."""

from inventory.models.items import Item, ItemCategory

__all__ = ["Item", "ItemCategory"]
