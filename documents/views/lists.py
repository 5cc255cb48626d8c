"""The list of documents of one kind: filters in the address, chips, sums of the filter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.dates import local_today
from documents.lifecycle import OPEN
from documents.pages import DocumentPages, address
from documents.selectors.listing import document_listing, read_filter
from tenancy.permissions import View, page, principal_of
from web.htmx import fragment, is_htmx


def list_page(pages: DocumentPages) -> View:
    """Return the list of a kind."""

    @require_GET
    @page(pages.may("view"))
    def document_list(request: HttpRequest) -> HttpResponse:
        """Show documents by the filters in the address; constant statements on any page."""
        principal = principal_of(request)
        party = pages.party
        wanted = read_filter(request.GET, party.field)
        today = local_today()
        listing = document_listing(pages, wanted, today=today)
        context = {
            "pages": pages,
            "listing": listing,
            "wanted": wanted,
            "query": request.GET.get("q", "")[:100],
            "today": today,
            "open_states": sorted(OPEN),
            "counted": pages.words.counted(listing.count),
            "spread": next(
                (at for at, one in enumerate(pages.list_columns) if one.kind == "total"), 1
            ),
            "create_url": address(pages.names["create"])
            if principal.has(pages.may("create"))
            else "",
            "import_url": address(pages.import_page) if principal.has(pages.may("import")) else "",
        }
        if is_htmx(request):
            return fragment(request, "documents/_list.html", context | {"oob": True})
        return render(request, "documents/list.html", context)

    return document_list
