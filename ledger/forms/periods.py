"""Lock dates and reasons: shape of the input."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, PageForm, TextField
from ledger.models import LockDate

_AREAS = [choice for choice in LockDate.Area.choices if choice[0] != LockDate.Area.TAX]


class LockForm(PageForm):
    """One area and its last locked day; empty lifts the lock."""

    area = forms.ChoiceField(label=_("Area"), choices=_AREAS)
    until = DayField(label=_("Locked until"), required=False)
    reason = TextField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Needed to lift a lock or to set it earlier; only an owner may."),
    )

    layout = (("", (("area", "w-3"), ("until", "w-3"), ("reason", "w-6"))),)


class ReasonForm(PageForm):
    """Why something closed is opened again."""

    reason = TextField(label=_("Reason"), max_length=300)

    layout = (("", (("reason", "w-12"),)),)
