"""Sign-up: a new person with a new company, or one more company of a known person (SP-10)."""

from __future__ import annotations

import secrets

from django.db import connection, transaction
from django.utils.text import slugify

from core.errors import N_
from tenancy.errors import EmailTaken
from tenancy.models import Company, User
from tenancy.services.companies import company_create


def free_slug(name: str) -> str:
    """Return a short name made of the company's name that no company has."""
    wanted = slugify(name)[:50].strip("-") or "company"
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenancy_company_id_for_slug(%s)", [wanted])
        taken = cursor.fetchone()[0] is not None
    return f"{wanted}-{secrets.token_hex(3)}" if taken else wanted


@transaction.atomic
def user_sign_up(*, email: str, full_name: str, password: str, language: str) -> User:
    """Create a person who signs in. Raises EmailTaken."""
    if User.objects.filter(email=email.strip().lower()).exists():
        raise EmailTaken(
            N_("A user with this e-mail address exists already. Sign in."), field="email"
        )
    return User.objects.create_user(
        email, password=password, full_name=full_name, language=language
    )


@transaction.atomic
def company_sign_up(
    *, owner: User, name: str, name_arabic: str, vat_number: str, currency: str
) -> Company:
    """Create a company with its books under a free short name; `owner` is its first owner."""
    return company_create(
        slug=free_slug(name),
        name=name,
        name_arabic=name_arabic,
        vat_number=vat_number,
        currency=currency,
        owner=owner,
    )
