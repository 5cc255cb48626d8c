"""Form fields that read what people type by the rules of core.inputs. Shape only: the rules are in the services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from core.errors import DomainError, ValidationErrors
from core.inputs import clean_text, parse_date, parse_decimal, parse_integer, parse_vat_number

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

T = TypeVar("T")
UNPROCESSABLE = 422


def _read(read: Callable[[], T]) -> T:
    try:
        return read()
    except DomainError as error:
        raise ValidationError(error.message, code=error.code) from error


class TextField(forms.Field):
    """A text without characters that a document could not print."""

    widget = forms.TextInput

    def __init__(
        self,
        *,
        max_length: int,
        multiline: bool = False,
        attrs: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.max_length = max_length
        self.multiline = multiline
        kwargs.setdefault(
            "widget",
            (forms.Textarea if multiline else forms.TextInput)(
                attrs={"dir": "auto", "maxlength": str(max_length), **(attrs or {})}
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        return _read(
            lambda: clean_text(
                value or "",
                field="",
                min_length=1 if self.required else 0,
                max_length=self.max_length,
                multiline=self.multiline,
            )
        )


class NumberField(forms.Field):
    """An exact decimal number; Arabic-Indic digits are read too. Empty gives None where it is optional."""

    def __init__(
        self,
        *,
        places: int = 4,
        max_digits: int = 19,
        minimum: Decimal | None = None,
        maximum: Decimal | None = None,
        above: Decimal | None = None,
        **kwargs: Any,
    ) -> None:
        self.bounds: dict[str, Any] = {
            "places": places,
            "max_digits": max_digits,
            "minimum": minimum,
            "maximum": maximum,
            "above": above,
        }
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"inputmode": "decimal", "dir": "ltr", "class": "num", "autocomplete": "off"}
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Decimal | None:
        if not self.required and not str(value or "").strip():
            return None
        return _read(lambda: parse_decimal(value, field="", **self.bounds))

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number as somebody would type it: no trailing zeros."""
        if not isinstance(value, Decimal):
            return value
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text


class WholeNumberField(forms.Field):
    """A whole number between bounds; empty gives None where it is optional."""

    def __init__(self, *, minimum: int = 0, maximum: int, **kwargs: Any) -> None:
        self.minimum, self.maximum = minimum, maximum
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "class": "num"})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> int | None:
        if not self.required and not str(value or "").strip():
            return None
        return _read(
            lambda: parse_integer(value, field="", minimum=self.minimum, maximum=self.maximum)
        )


class DayField(forms.Field):
    """A date as YYYY-MM-DD, typed or chosen."""

    def __init__(self, *, earliest: int = 2015, **kwargs: Any) -> None:
        self.earliest = earliest
        kwargs.setdefault(
            "widget", forms.DateInput(attrs={"type": "date", "dir": "ltr"}, format="%Y-%m-%d")
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> dt.date | None:
        if not self.required and not value:
            return None
        return _read(lambda: parse_date(value, field="", earliest=self.earliest))


class VatNumberField(forms.Field):
    """A Saudi VAT number, or nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "maxlength": "15"}),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        return _read(lambda: parse_vat_number(value or "", field=""))


@dataclass(frozen=True, slots=True)
class Cell:
    """A field with its width (w-3, w-4, w-6 ...) and what stands at its end."""

    field: BoundField
    css: str
    affix: str


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    title: StrOrPromise
    cells: tuple[Cell, ...]


class PageForm(forms.Form):
    """A form with a layout: (heading, ((field, width), ...)) for components/_sections.html."""

    layout: ClassVar[tuple[tuple[Any, tuple[tuple[str, str], ...]], ...]] = ()
    affixes: ClassVar[dict[str, str]] = {}

    @property
    def sections(self) -> Iterator[Section]:
        """Return the sections with those fields of the layout that the form has."""
        for title, cells in self.layout:
            yield Section(
                title,
                tuple(
                    Cell(self[name], css, self.affixes.get(name, ""))
                    for name, css in cells
                    if name in self.fields
                ),
            )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service at its field, or above the form when it has none here."""
        for one in error.errors if isinstance(error, ValidationErrors) else [error]:
            name = one.field if one.field in self.fields else None
            self.add_error(name, one.message)

    @property
    def status(self) -> int:
        """422 when there is something to correct, else 200."""
        return UNPROCESSABLE if self.is_bound and self.errors else 200
