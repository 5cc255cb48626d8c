"""Accounts: shape of the input."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.forms import PageForm, TextField
from ledger.models import Account


def name_in_language(account: Account) -> str:
    """Return code and name as a choice shows them."""
    arabic = (get_language() or "").startswith("ar")
    return f"{account.code} {account.name_arabic if arabic else account.name}"


class AccountForm(PageForm):
    code = TextField(label=_("Code"), max_length=20, attrs={"dir": "ltr"})
    kind = forms.ChoiceField(label=_("Kind"), choices=Account.Kind.choices)
    name = TextField(label=_("Name"), max_length=200)
    name_arabic = TextField(
        label=_("Name in Arabic"), max_length=200, attrs={"dir": "rtl", "lang": "ar"}
    )
    parent = forms.ChoiceField(label=_("Heading"), required=False)
    is_monetary = forms.BooleanField(
        label=_("Monetary item"), required=False, help_text=_("Revalued when in foreign currency.")
    )
    is_active = forms.BooleanField(label=_("Accepts postings"), required=False)

    layout = (
        (
            "",
            (
                ("code", "w-3"),
                ("kind", "w-3"),
                ("parent", "w-6"),
                ("name", "w-6"),
                ("name_arabic", "w-6"),
                ("is_monetary", "w-6"),
                ("is_active", "w-6"),
            ),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headings = Account.objects.filter(kind=Account.Kind.HEADER).order_by("code")
        self.fields["parent"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "—"),
            *((str(one.pk), name_in_language(one)) for one in headings),
        ]

    def values(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        data = dict(self.cleaned_data)
        return {"parent_id": data.pop("parent") or None, **data}
