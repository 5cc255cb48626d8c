"""The words of the editor's scripts, translated here so that the catalogue has all of them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from documents.pages import DocumentPages


def editor_text(pages: DocumentPages) -> dict[str, str]:
    """Return the texts by key in the active language; {places} are filled in by the script."""
    fields = {f"field.{one.name}": str(one.label) for one in pages.fields}
    fields |= {f"field.{one.name}": str(one.label) for one in pages.all_columns}
    return {
        "rowLabel": _("Line {row}"),
        "nothingFound": _("Nothing found"),
        "nothingFoundFree": _("No such item: the text stays as it is typed"),
        "newItem": _("New item"),
        "newParty": str(pages.party.new),
        "owes": _("open {amount}"),
        "open": _("Open {open}"),
        "openOf": _("Open {open} of {limit}"),
        "rowDeleted": _("Line {row} deleted."),
        "duplicate": _("{name} is in line {row} already. Add to it ({had} + {more})?"),
        "duplicateYes": _("Add to line {row}"),
        "saved": _("saved {time}"),
        "offline": _("No connection: kept on this device"),
        "signedOut": _("You are signed out: kept on this device. Sign in again in another tab."),
        "notSaved": _("Not saved yet; trying again"),
        "notSavedBecause": _("Not saved: {message}"),
        "otherWindow": _("Open in another window: kept on this device only"),
        "draftGone": _("Posted or deleted elsewhere: kept on this device only"),
        "offlineSave": _("No connection. What you typed is kept; try again in a moment."),
        "liveTotal": _("Total {total}"),
        "onePage": _("page 1 of 1"),
        "pages": _("{pages} pages"),
        "restoreText": _("You were typing here on {when} ({lines} lines)."),
        "asideName": _("Set aside {when}"),
        "kept": _("Kept as “{name}”."),
        "pasteKnown": _("Item"),
        "pasteUnknown": _("Unknown item"),
        "pasteWrong": _("Figure not understood"),
        "pasteSummary": _("{all} rows, {known} with a known item"),
        "pasteTake": _("Add {rows} lines"),
        "mine": _("Mine"),
        "theirs": _("Theirs"),
        "empty": _("(empty)"),
        "lineOf": _("Line {row} ({name})"),
        "lineChanged": _("changed"),
        "lineDeleted": _("deleted"),
        "conflictText": _("Choose what counts for each field, then save."),
        "conflictNone": _("Your changes and theirs do not touch: they can be saved together."),
        **fields,
        f"field.{pages.party.field}": str(pages.party.label),
        "field.vat": _("VAT rate"),
        **{key: str(value) for key, value in pages.text.items()},
    }
