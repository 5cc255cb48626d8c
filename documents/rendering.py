"""The printed document: the same HTML for the live preview and, through WeasyPrint, for the PDF/A-3 (IF-1, IF-6, IF-7).

Rendering is local and closed: only our own fonts and `data:` addresses are ever read (reliability.md part 13). Two
renders of the same document are the same bytes, so a hash of the file can be stored.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pydyf
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from documents.print_labels import labels, tax_category
from documents.printing import PrintDocument, PrintLine

DOCUMENT_TEMPLATE = "print/document.html"
PAGE_TEMPLATE = "base_print.html"
STYLE_SHEETS = ("css/print.css", "css/print-page.css")
FONT_FOLDER = "fonts"

# WeasyPrint's font configuration is not safe across threads; renders of one process stand in line.
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class PdfAttachment:
    """A file embedded in the PDF, such as the e-invoice's XML. `relationship` as in the authority's samples."""

    name: str
    content: bytes
    description: str = ""
    relationship: str = "Data"


class OwnFilesOnly(URLFetcher):
    """Serves our font files and `data:`; everything else, redirects included, is refused."""

    def __init__(self, allowed: frozenset[str]) -> None:
        super().__init__(allowed_protocols=("data", "file"), allow_redirects=False)
        self._allowed = allowed

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith("data:") and url not in self._allowed:
            raise ValueError(f"printed documents may not read {url[:80]}")
        return super().fetch(url, headers)


@dataclass(frozen=True, slots=True)
class _Kit:
    """What is read and parsed once in a process: a short invoice renders four times faster for it."""

    fonts: FontConfiguration
    styles: tuple[CSS, ...]
    fetcher: OwnFilesOnly


def _static_path(name: str) -> Path:
    found = finders.find(name)
    assert isinstance(found, str), f"static file {name} is missing"
    return Path(found)


@cache
def _kit(style_sheets: tuple[str, ...] = STYLE_SHEETS) -> _Kit:
    sheets = [_static_path(name) for name in style_sheets]
    fonts_folder = _static_path(style_sheets[0]).parent.parent / FONT_FOLDER
    fetcher = OwnFilesOnly(
        frozenset(path.resolve().as_uri() for path in fonts_folder.glob("*.ttf"))
    )
    fonts = FontConfiguration()
    styles = tuple(
        CSS(
            string=path.read_text(),
            base_url=path.resolve().as_uri(),
            font_config=fonts,
            url_fetcher=fetcher,
        )
        for path in sheets
    )
    return _Kit(fonts, styles, fetcher)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Layout makes very many small objects that live until the end; looking through them costs a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _list_attachments_once(document: Document, pdf: pydyf.PDF) -> None:
    # WeasyPrint names each embedded file twice in the catalogue
    if pdf.catalog.get("AF"):
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


_CODE = '<bdi class="code">{}</bdi> '
_FIRST = "<bdi>{}</bdi>"
_SECOND = '<br><bdi class="second" lang="ar">{}</bdi>'
_UNIT = ' <bdi class="unit">{}</bdi>'


def _description(line: PrintLine, language: str) -> SafeString:
    arabic_only = language == "ar" and line.description_arabic
    text = line.description_arabic if arabic_only else line.description
    parts = [_CODE.format(escape(line.code))] if line.code else []
    # plain Latin text in a left-to-right sheet needs no isolation, and each box less makes layout faster
    plain = language != "ar" and text.isascii()
    parts.append(escape(text) if plain else _FIRST.format(escape(text)))
    if language == "both" and line.description_arabic:
        parts.append(_SECOND.format(escape(line.description_arabic)))
    return SafeString("".join(parts))  # every part is escaped above


def _row(line: PrintLine, language: str) -> tuple[str, ...]:
    """The cells of a line as the template unpacks them: five times faster than looking up attributes there."""
    quantity = escape(line.quantity)
    if line.unit:
        quantity = SafeString(quantity + _UNIT.format(escape(line.unit)))
    return (
        line.position,
        _description(line, language),
        quantity,
        line.unit_price,
        line.discount,
        line.net,
        line.tax_rate,
        line.tax,
        line.gross,
    )


def _context(document: PrintDocument) -> dict[str, object]:
    return {
        "document": document,
        "l": labels(document.language),
        "discounts": document.has_line_discounts,
        "rows": [_row(line, document.language) for line in document.lines],
        "tax_rows": [
            (tax_category(row.category, document.language), row) for row in document.tax_rows
        ],
    }


def render_preview_html(document: PrintDocument) -> str:
    """Return the sheet as HTML for the preview pane: no SQL, no request, about a millisecond for 20 lines."""
    return get_template(DOCUMENT_TEMPLATE).render(_context(document))


def _w3c(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def render_page_html(document: PrintDocument) -> str:
    """Return the whole HTML page from which the PDF is made."""
    # in UTC, whatever zone is active: the same document gives the same bytes everywhere
    context = {**_context(document), "stamp": _w3c(document.issued_at)}
    return get_template(PAGE_TEMPLATE).render(context)


def render_pdf(document: PrintDocument, *, attachments: Sequence[PdfAttachment] = ()) -> bytes:
    """Return the document as PDF/A-3b with the attachments embedded.

    All dates in the file are the document's `issued_at`: the same document gives the same bytes. Takes 0.05 s for one
    line and 0.5 s for 100; above about 50 lines call it from a job.
    """
    html = render_page_html(document)
    stamp = document.issued_at.astimezone(UTC)
    files = [
        Attachment(
            string=file.content,
            name=file.name,
            description=file.description or file.name,
            relationship=file.relationship,
            created=stamp,
            modified=stamp,
        )
        for file in attachments
    ]
    with _lock, _collector_paused():
        kit = _kit()
        pdf: bytes = HTML(string=html, url_fetcher=kit.fetcher).write_pdf(
            stylesheets=list(kit.styles),
            font_config=kit.fonts,
            pdf_variant="pdf/a-3b",
            attachments=files,
            finisher=_list_attachments_once,
        )
    return pdf


def html_pdf(html: str, *, style_sheets: tuple[str, ...]) -> bytes:
    """Return any page of ours as PDF with style sheets of ours: reports and letters. Reads no other file."""
    with _lock, _collector_paused():
        kit = _kit(style_sheets)
        pdf: bytes = HTML(string=html, url_fetcher=kit.fetcher).write_pdf(
            stylesheets=list(kit.styles), font_config=kit.fonts
        )
    return pdf
