"""Rules of documents that can be broken (IF-5, SP-9, RR-2, RR-3)."""

from __future__ import annotations

from typing import Any

from core.errors import N_, DomainError


class DocumentLocked(DomainError):
    """An owner has locked the document; its status cannot change until it is unlocked (RR-3)."""

    code = "document_locked"
    status = 409


class DocumentNotFound(DomainError):
    """No document of this company has the id."""

    code = "not_found"
    status = 404


class NotADraft(DomainError):
    """Posted documents never change; correct them by a credit note."""

    code = "document_posted"
    status = 409


class TransitionRefused(DomainError):
    """The lifecycle has no such step from the document's state."""

    code = "transition_refused"
    status = 409


class StaleVersion(DomainError):
    """The edit was made on an outdated version (SP-9). `changes` lists the fields that differ meanwhile."""

    code = "stale_version"
    status = 409


class DuplicateNumber(DomainError):
    """The number is used by another document of the company (IF-5)."""

    code = "duplicate_number"
    status = 409


class DuplicateItem(DomainError):
    """The item is on the document already (PS-2); add to its quantity instead."""

    code = "duplicate_item"
    status = 409


class UnknownItem(DomainError):
    """No active item of the company has this id or code."""

    code = "unknown_item"


class UnknownParty(DomainError):
    """No active customer of the company has this id."""

    code = "unknown_customer"


class NoLines(DomainError):
    """A document needs at least one line (IF-5)."""

    code = "no_lines"


class TooManyLines(DomainError):
    """A document has at most 10,000 lines."""

    code = "too_many_lines"


class AmountTooLarge(DomainError):
    """The total is larger than an amount can be."""

    code = "amount_too_large"


class DraftNotFound(DomainError):
    """No draft of this user has the id."""

    code = "not_found"
    status = 404


class DraftGone(DomainError):
    """The draft a save continues was discarded, or its document posted or deleted: a late save is dropped (IF-2)."""

    code = "draft_gone"
    status = 410


class DraftConflict(DomainError):
    """The draft was saved from elsewhere meanwhile. `draft` is the stored one, `current` its shape for the API."""

    current: dict[str, Any] | None = None

    code = "stale_version"
    status = 409

    def __init__(self, draft: Any) -> None:
        super().__init__(N_("This draft was saved from another window meanwhile."), field="version")
        self.draft = draft
