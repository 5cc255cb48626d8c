"""Items: shape of the input."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.forms import NumberField, PageForm, TextField
from inventory.models import Item, ItemCategory
from ledger.models import TaxCode

_CODE = {"dir": "ltr"}


class ItemForm(PageForm):
    """One choice of VAT code sets category and rate: they always agree."""

    code = TextField(label=_("Code"), max_length=60, attrs=_CODE)
    barcode = TextField(label=_("Barcode"), max_length=60, required=False, attrs=_CODE)
    name = TextField(label=_("Name"), max_length=300)
    name_arabic = TextField(
        label=_("Name in Arabic"),
        max_length=300,
        required=False,
        attrs={"dir": "rtl", "lang": "ar"},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Item.Kind.choices)
    category = forms.ChoiceField(label=_("Category"), required=False)
    unit = TextField(label=_("Unit"), max_length=20)
    price = NumberField(label=_("Price without VAT"), places=6, minimum=Decimal(0), max_digits=19)
    tax_code = forms.ChoiceField(label=_("VAT"))
    is_controlled_drug = forms.BooleanField(label=_("Controlled drug"), required=False)
    is_active = forms.BooleanField(label=_("Active"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    layout = (
        (
            "",
            (
                ("name", "w-6"),
                ("name_arabic", "w-6"),
                ("code", "w-4"),
                ("barcode", "w-4"),
                ("category", "w-4"),
                ("kind", "w-3"),
                ("unit", "w-3"),
                ("price", "w-3"),
                ("tax_code", "w-3"),
                ("is_controlled_drug", "w-6"),
                ("is_active", "w-6"),
            ),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        arabic = (get_language() or "").startswith("ar")
        self._codes = {
            code.code: code for code in TaxCode.objects.filter(direction="sale", is_active=True)
        }
        self.fields["tax_code"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (code.code, code.name_arabic if arabic else code.name) for code in self._codes.values()
        ]
        self.fields["category"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", "—"),
            *(
                (str(one.pk), (one.name_arabic if arabic else "") or one.name)
                for one in ItemCategory.objects.all()
            ),
        ]

    def values(self) -> dict[str, Any]:
        """Return the cleaned values as the service takes them."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        code = self._codes[data["tax_code"]]
        data["category_id"] = data.pop("category") or None
        return data | {"tax_category": code.category, "tax_rate": code.rate}
