"""Broken business rules: one class per rule, with a stable code for programs and a translated text for people.

Pure modules raise these with plain English templates; the text is translated when it is shown, in the language of
whoever reads it. Mark the template with N_ so that `manage.py makemessages` finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext


def N_(message: str) -> str:  # noqa: N802  # the name gettext tools look for
    """Mark a message for translation; DomainError translates it when it is shown."""
    return message


gettext_noop = N_


class DomainError(Exception):
    """A rule refused the request. `field` is a dotted path such as `lines.2.quantity`, positions from 0.

    `message` is an English template with %(name)s placeholders filled from `params` after translation.
    """

    code: str = "invalid"
    status: int = 400

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.template = message
        self.params = dict(params or {})
        self.field = field
        if code is not None:
            self.code = code

    @property
    def message(self) -> str:
        """The text in the active language."""
        # gettext("") would return the catalogue's header
        text = gettext(self.template) if self.template else ""
        return text % self.params if self.params else text

    def within(self, prefix: str) -> DomainError:
        """Put a path in front of the field: `quantity` within `lines.2` becomes `lines.2.quantity`. Returns itself."""
        self.field = f"{prefix}.{self.field}" if self.field else prefix
        return self

    def __str__(self) -> str:
        return self.message


class ValidationErrors(DomainError):
    """Several broken rules at once."""

    code = "validation_failed"

    def __init__(self, errors: Iterable[DomainError]) -> None:
        self.errors = list(errors)
        super().__init__(N_("Please correct the marked fields."))
