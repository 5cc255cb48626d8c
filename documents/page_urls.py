"""Addresses of a kind of document: the same for every kind, made from its description."""

from __future__ import annotations

from django.urls import URLPattern, path

from documents.pages import DocumentPages, Steps
from documents.views import actions, detail, editor, lists, typing
from tenancy.permissions import View


def document_urls(pages: DocumentPages, folder: str) -> list[URLPattern]:
    """Return list, editor, page, PDF and steps of a kind under `folder`, for example "invoices/"."""
    one = f"{folder}<uuid:document_id>/"
    routes: list[tuple[str, View | None, str]] = [
        (folder, lists.list_page(pages), "list"),
        (one, detail.detail_page(pages), "detail"),
        (f"{one}pdf/", detail.pdf_page(pages), "pdf"),
    ]
    if pages.steps is not None:
        routes += _typing(pages, pages.steps, folder, one) + _steps(pages, pages.steps, one)
    name = pages.prefix.partition(":")[2]
    return [path(route, view, name=f"{name}-{action}") for route, view, action in routes if view]


def _typing(
    pages: DocumentPages, steps: Steps, folder: str, one: str
) -> list[tuple[str, View | None, str]]:
    return [
        (f"{folder}new/", editor.create_page(pages), "create"),
        (f"{folder}save/", editor.save_call(pages, steps.save), "save"),
        (f"{folder}preview/", typing.preview_call(pages), "preview"),
        (f"{folder}draft/", typing.draft_call(pages), "draft"),
        (f"{one}edit/", editor.edit_page(pages), "edit"),
    ]


def _steps(pages: DocumentPages, steps: Steps, one: str) -> list[tuple[str, View | None, str]]:
    return [
        (f"{one}post/", actions.post_action(pages, steps.post), "post"),
        (f"{one}fields/", steps.change and actions.fields_action(pages, steps.change), "fields"),
        (f"{one}void/", steps.void and actions.void_action(pages, steps.void), "void"),
        (f"{one}lock/", steps.lock and actions.lock_action(pages, steps.lock), "lock"),
        (f"{one}unlock/", steps.unlock and actions.unlock_action(pages, steps.unlock), "unlock"),
        (f"{one}delete/", steps.delete and actions.delete_action(pages, steps.delete), "delete"),
    ]
