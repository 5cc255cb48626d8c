"""Rules of companies and people that can be broken."""

from __future__ import annotations

from core.errors import N_, DomainError


class PermissionRefused(DomainError):
    """The acting user's role and grants do not include the permission (403)."""

    code = "permission_refused"
    status = 403


class NotSignedIn(DomainError):
    """There is no signed-in user (401)."""

    code = "not_signed_in"
    status = 401


class NoCompany(DomainError):
    """The signed-in user works for no company, or not for the one asked for (403)."""

    code = "no_company"
    status = 403


class LastOwner(DomainError):
    """A company always has an active owner (T7)."""

    code = "last_owner"
    status = 409


class UnknownMember(DomainError):
    """The person does not work for the company; another company's membership is as unknown as a wrong one."""

    code = "not_found"
    status = 404


class FixedSetting(DomainError):
    """Key, short name and base currency of a company are fixed at sign-up: its books are kept in them."""

    code = "fixed_setting"
    status = 409


class OwnRole(DomainError):
    """Nobody changes their own role or grants."""

    code = "own_role"
    status = 403


class EmailTaken(DomainError):
    """A user with this e-mail address exists already."""

    code = "email_taken"
    status = 409


class SlugTaken(DomainError):
    """A company with this short name exists already."""

    code = "slug_taken"
    status = 409


PERMISSION_MESSAGE = N_("Your role does not allow this: %(permission)s.")
