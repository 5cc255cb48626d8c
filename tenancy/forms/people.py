"""Sign-in, sign-up, profile and members: shape of the input."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import NumberField, PageForm, TextField, VatNumberField
from tenancy.models import Role, User

LONGEST_PASSWORD = 128


def password_field(label: Any, *, new: bool, **kwargs: Any) -> forms.CharField:
    """Return a password input; browsers are told whether to suggest a new one."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password" if new else "current-password", "dir": "ltr"}
        ),
        **kwargs,
    )


def email_field(**kwargs: Any) -> forms.EmailField:
    """Return an e-mail input."""
    return forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "dir": "ltr"}),
        **kwargs,
    )


class SignInForm(PageForm):
    email = email_field()
    password = password_field(_("Password"), new=False)

    layout = (("", (("email", ""), ("password", ""))),)


class CompanyForm(PageForm):
    """A new company of a person who is signed in already."""

    name = TextField(label=_("Company name"), max_length=200)
    name_arabic = TextField(
        label=_("Company name in Arabic"),
        max_length=200,
        required=False,
        attrs={"dir": "rtl", "lang": "ar"},
    )
    vat_number = VatNumberField(
        label=_("VAT number"), help_text=_("15 digits, the first and the last are 3.")
    )
    currency = forms.ChoiceField(
        label=_("Base currency"),
        choices=[(code, code) for code in ("SAR", "AED", "KWD", "BHD", "OMR", "QAR")],
        help_text=_("The books are kept in it; it cannot be changed later."),
    )

    layout = (
        (_("Company"), (("name", ""), ("name_arabic", ""), ("vat_number", ""), ("currency", ""))),
    )


class SignUpForm(CompanyForm):
    """A new person with a new company."""

    full_name = TextField(label=_("Your name"), max_length=150, attrs={"autocomplete": "name"})
    email = email_field()
    password = password_field(_("Password"), new=True, help_text=_("At least 12 characters."))

    layout = (  # type: ignore[assignment]  # one section more than the base form
        (_("You"), (("full_name", ""), ("email", ""), ("password", ""))),
        *CompanyForm.layout,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        password = data.get("password")
        if password:
            person = User(email=data.get("email", ""), full_name=data.get("full_name", ""))
            try:
                password_validation.validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return data


class ProfileForm(PageForm):
    full_name = TextField(label=_("Your name"), max_length=150)
    language = forms.ChoiceField(label=_("Language"), choices=User.Language.choices)

    layout = (("", (("full_name", "w-6"), ("language", "w-6"))),)


class PasswordForm(PageForm):
    """Change of the own password; the present one is asked for."""

    current = password_field(_("Present password"), new=False)
    new = password_field(_("New password"), new=True, help_text=_("At least 12 characters."))
    again = password_field(_("New password again"), new=True)

    layout = (("", (("current", "w-4"), ("new", "w-4"), ("again", "w-4"))),)

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current(self) -> str:
        typed: str = self.cleaned_data["current"]
        if self.user is None or not self.user.check_password(typed):
            raise ValidationError(_("This is not your present password."))
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        new, again = data.get("new"), data.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two are not the same."))
        if new:
            try:
                password_validation.validate_password(new, self.user)
            except ValidationError as error:
                self.add_error("new", error)
        return data


def percent_field() -> NumberField:
    """Return the commission percent; empty means the company's usual one."""
    return NumberField(
        label=_("Commission percent"),
        required=False,
        places=4,
        max_digits=7,
        minimum=Decimal(0),
        maximum=Decimal(100),
        help_text=_("Empty: 20%."),
    )


class MemberAddForm(PageForm):
    full_name = TextField(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.ACCOUNTANT.value)
    commission_percent = percent_field()
    language = forms.ChoiceField(label=_("Language"), choices=User.Language.choices)
    password = password_field(
        _("First password"),
        new=True,
        required=False,
        help_text=_("For a person who is new here; they change it in their profile."),
    )

    layout = (
        (
            "",
            (
                ("full_name", "w-6"),
                ("email", "w-6"),
                ("role", "w-6"),
                ("commission_percent", "w-6"),
                ("language", "w-6"),
                ("password", "w-6"),
            ),
        ),
    )
    affixes = {"commission_percent": "%"}

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if typed:
            password_validation.validate_password(typed)
        return typed


class MemberChangeForm(PageForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    commission_percent = percent_field()
    is_active = forms.BooleanField(label=_("Works for this company"), required=False)

    layout = (("", (("role", "w-6"), ("commission_percent", "w-6"), ("is_active", ""))),)
    affixes = {"commission_percent": "%"}
