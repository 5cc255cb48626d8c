"""The words of the journal grid's script."""

from __future__ import annotations

from django.utils.translation import gettext as _


def grid_text() -> dict[str, str]:
    """Return the texts by key in the active language; {places} are filled in by the script."""
    return {
        "nothingFound": _("Nothing found"),
        "nothingFoundFree": _("Nothing found"),
        "balanced": _("balanced"),
        "tooMuchDebit": _("debits are more by {amount}"),
        "tooMuchCredit": _("credits are more by {amount}"),
        "rowDeleted": _("Line {row} deleted."),
        "notSaved": _("Not saved yet; trying again"),
        "offlineSave": _("No connection. What you typed is kept; try again in a moment."),
        "signedOut": _("You are signed out. Sign in again in another tab, then save here."),
        "pasted": _("{rows} lines added, {unknown} without a known account."),
        "liveTotal": _("Debit {debit}, credit {credit}"),
    }
