import gc
import io
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest
from weasyprint import CSS
from weasyprint.urls import URLFetchingError

from documents.printing import format_document
from documents.rendering import OwnFilesOnly, PdfAttachment, _kit, render_pdf
from tests.documents.print_samples import invoice

XML = PdfAttachment("310122393500003_20260115T110233_INV-2026-00042.xml", b"<Invoice/>")


def opened(pdf):
    return pikepdf.open(io.BytesIO(pdf))


def test_pdf_declares_archive_part_3b_with_an_output_intent():
    with opened(render_pdf(format_document(invoice(2)))) as pdf:
        meta = pdf.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "B")
        assert len(pdf.Root.OutputIntents) == 1
        assert pdf.docinfo["/Title"] == "TAX INVOICE INV-2026-00042"
        assert pdf.docinfo["/CreationDate"] == "D:20260115110233Z"


def test_attachment_is_embedded_once_byte_for_byte():
    with opened(render_pdf(format_document(invoice(1)), attachments=[XML])) as pdf:
        assert list(pdf.attachments) == [XML.name]
        assert pdf.attachments[XML.name].get_file().read_bytes() == XML.content
        assert len(pdf.Root.AF) == 1
        assert pdf.Root.AF[0].AFRelationship == "/Data"


def test_same_document_gives_the_same_bytes():
    document = format_document(invoice(12))

    assert render_pdf(document, attachments=[XML]) == render_pdf(document, attachments=[XML])


def test_all_fonts_are_ours_and_embedded():
    with opened(render_pdf(format_document(invoice(2)))) as pdf:
        fonts = pdf.pages[0].Resources.Font.values()
        names = {str(font.BaseFont) for font in fonts}
        assert {name.split("+")[1] for name in names} == {"Plex", "Plex-Medium", "Plex-Semi-Bold"}
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def test_long_documents_number_their_pages():
    with opened(render_pdf(format_document(invoice(60)))) as pdf:
        assert len(pdf.pages) >= 3


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1/", "ftp://x/", "https://example.com/x.png"],
)
def test_nothing_but_our_fonts_and_data_is_read(address):
    fetcher = OwnFilesOnly(frozenset())

    with pytest.raises(ValueError, match=r"may not read|disallowed"):
        fetcher.fetch(address)


def test_a_style_sheet_cannot_reach_other_files():
    kit = _kit()

    with pytest.raises((ValueError, URLFetchingError)):
        CSS(url="file:///etc/passwd", url_fetcher=kit.fetcher)


def test_collector_is_running_again_after_a_render():
    render_pdf(format_document(invoice(1)))

    assert gc.isenabled()


def test_renders_of_several_threads_stand_in_line():
    documents = [format_document(invoice(count)) for count in (1, 2, 3, 1, 2, 3)]

    with ThreadPoolExecutor(3) as pool:
        files = list(pool.map(render_pdf, documents))

    assert files[:3] == files[3:]
