"""Schedules of journals: shape of the input."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, NumberField, PageForm
from ledger.models import JournalTemplate, RecurringJournal

_AMOUNT = _("For templates with percents.")


class RecurringForm(PageForm):
    template = forms.ChoiceField(label=_("Template"))
    frequency = forms.ChoiceField(label=_("Frequency"), choices=RecurringJournal.Frequency.choices)
    start_date = DayField(label=_("First date"))
    end_date = DayField(label=_("Last date"), required=False)
    amount = NumberField(
        label=_("Amount"), required=False, above=Decimal(0), places=2, help_text=_AMOUNT
    )
    post = forms.BooleanField(
        label=_("Post at once"), required=False, help_text=_("Otherwise they become drafts.")
    )

    layout = (
        (
            "",
            (
                ("template", "w-4"),
                ("frequency", "w-3"),
                ("start_date", "w-3"),
                ("end_date", "w-3"),
                ("amount", "w-3"),
                ("post", "w-4"),
            ),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        templates = JournalTemplate.objects.filter(is_active=True).order_by("name")
        self.fields["template"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (str(one.pk), one.name) for one in templates
        ]

    def values(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        data = dict(self.cleaned_data)
        return {"template_id": uuid.UUID(data.pop("template")), **data}


class RecurringChange(PageForm):
    """What may change on a schedule that runs."""

    end_date = DayField(label=_("Last date"), required=False)
    amount = NumberField(
        label=_("Amount"), required=False, above=Decimal(0), places=2, help_text=_AMOUNT
    )
    post = forms.BooleanField(
        label=_("Post at once"), required=False, help_text=_("Otherwise they become drafts.")
    )
    is_active = forms.BooleanField(label=_("Active"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    layout = (
        ("", (("end_date", "w-4"), ("amount", "w-4"), ("post", "w-4"), ("is_active", "w-4"))),
    )
