"""Users, companies and their members."""

from __future__ import annotations

import itertools

from tenancy.models import Company, Membership, User
from tenancy.services.companies import company_create
from tenancy.services.members import member_add

PASSWORD = "a long test password 1"

_serial = itertools.count(1)


def user_make(name: str = "Person", *, email: str = "", language: str = "en") -> User:
    """Return a new user who signs in with PASSWORD."""
    address = email or f"{name.lower().replace(' ', '.')}.{next(_serial)}@mizan.test"
    return User.objects.create_user(address, password=PASSWORD, full_name=name, language=language)


def company_make(owner: User, *, name: str = "Najd Trading", **fields: object) -> Company:
    """Return a new company with chart of accounts, VAT codes, periods and payment accounts."""
    return company_create(
        slug=f"company-{next(_serial)}",
        name=name,
        owner=owner,
        name_arabic=str(fields.pop("name_arabic", "شركة نجد للتجارة")),
        vat_number=str(fields.pop("vat_number", "310122393500003")),
        **fields,  # type: ignore[arg-type]  # columns of the company
    )


def member_make(role: str, *, name: str = "", **fields: object) -> Membership:
    """Add a new person with a role to the current company."""
    number = next(_serial)
    return member_add(
        email=f"{role}.{number}@mizan.test",
        full_name=name or role.capitalize(),
        role=role,
        password=PASSWORD,
        **fields,  # type: ignore[arg-type]  # percent and language
    )
