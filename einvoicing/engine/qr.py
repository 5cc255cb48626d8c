"""The QR code of an invoice: its text by the rules of phase 1 (tags 1 to 5) and its picture. Pure."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from core.errors import N_
from core.money import minor_digits, quantize
from einvoicing.engine.tlv import TlvInvalid, TlvValueTooLong, decode_tlv, encode_tlv

SELLER_NAME, VAT_NUMBER, ISSUED_AT, TOTAL, TAX = 1, 2, 3, 4, 5
_FIELD_NAMES = {SELLER_NAME: "seller_name", VAT_NUMBER: "vat_number"}
_QUIET_ZONE = 4


def amount_text(amount: Decimal, currency: str = "SAR") -> str:
    """Return an amount as the e-invoice writes it, with all its minor digits; raises ValueError for more digits."""
    if quantize(amount, currency) != amount:
        raise ValueError(f"{amount} has digits below the minor unit of {currency}")
    return f"{amount:.{minor_digits(currency)}f}"


def phase1_qr(
    *,
    seller_name: str,
    vat_number: str,
    issued_at: dt.datetime,
    total: Decimal,
    tax: Decimal,
    currency: str = "SAR",
) -> str:
    """Return base64 of tags 1 to 5: seller, VAT number, moment of issue in UTC, total with VAT, VAT.

    Raises TlvValueTooLong at `seller_name` for a name of more than 255 bytes: it must equal the registered name, so it
    is never shortened. `issued_at` is aware; the trailing Z says UTC, so the moment is converted before it is written.
    """
    if issued_at.tzinfo is None:
        raise ValueError("the moment of issue needs a time zone")
    moment = issued_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = [
        (SELLER_NAME, seller_name),
        (VAT_NUMBER, vat_number),
        (ISSUED_AT, moment),
        (TOTAL, amount_text(total, currency)),
        (TAX, amount_text(tax, currency)),
    ]
    try:
        return base64.b64encode(encode_tlv(fields)).decode("ascii")
    except TlvValueTooLong as error:
        tag = int((error.field or "tag_0").removeprefix("tag_"))
        error.field = _FIELD_NAMES.get(tag, error.field)
        raise


def read_qr(text: str) -> dict[int, str | bytes]:
    """Return the values of a QR code's text by tag: tags 1 to 7 as text, the keys of tags 8 and 9 as bytes.

    Raises TlvInvalid for anything that is no base64, no TLV or no UTF-8.
    """
    try:
        data = base64.b64decode(text, validate=True)
        return {tag: value if tag > 7 else value.decode("utf-8") for tag, value in decode_tlv(data)}
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise TlvInvalid(N_("This is no QR code of an invoice.")) from None


def qr_matrix(data: str) -> list[list[bool]]:
    """Return the modules of the code, dark ones true, with its quiet zone of 4 on every side.

    The mask is fixed: the same invoice gives the same picture, and seven of eight trial encodings are saved.
    """
    code: Any = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET_ZONE, mask_pattern=3)
    code.add_data(data, optimize=0)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_png(data: str, *, scale: int = 4) -> bytes:
    """Return a black and white PNG of the code, `scale` pixels for each module."""
    matrix = qr_matrix(data)
    size = len(matrix)
    image = Image.new("1", (size, size), 1)
    image.putdata([0 if module else 1 for row in matrix for module in row])
    buffer = io.BytesIO()
    image.resize((size * scale, size * scale), Image.Resampling.NEAREST).save(buffer, "PNG")
    return buffer.getvalue()


def qr_svg_path(data: str) -> tuple[int, str]:
    """Return (modules per side, path data) of the code for one SVG path in a square of that size."""
    matrix = qr_matrix(data)
    parts: list[str] = []
    for y, row in enumerate(matrix):
        start = None
        for x, module in enumerate([*row, False]):
            if module and start is None:
                start = x
            elif not module and start is not None:
                parts.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    return len(matrix), "".join(parts)
