"""Revaluation of foreign items at period end (accounting.md sections 4 G3 and 5)."""
