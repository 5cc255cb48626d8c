"""Tag-length-value encoding of the e-invoice QR code (zatca.md section 9). Pure.

One byte tag, one byte length, value; tags ascending, each once. The length counts UTF-8 bytes, not characters.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import N_, DomainError

LONGEST_VALUE = 255


class TlvValueTooLong(DomainError):
    """A value has at most 255 bytes in UTF-8."""

    code = "tlv_too_long"


class TlvInvalid(DomainError):
    """The bytes are no sequence of ascending tags with their lengths and values."""

    code = "tlv_invalid"


def encode_tlv(fields: Iterable[tuple[int, bytes | str]]) -> bytes:
    """Return the fields as bytes; text is UTF-8.

    Raises TlvValueTooLong (field `tag_<n>`), and TlvInvalid for tags outside 1..255 or not ascending.
    """
    encoded = bytearray()
    previous = 0
    for tag, value in fields:
        if not previous < tag <= 255:
            raise TlvInvalid(N_("The tags of a QR code ascend and occur once."))
        previous = tag
        data = value.encode() if isinstance(value, str) else value
        if len(data) > LONGEST_VALUE:
            raise TlvValueTooLong(
                N_("This takes %(length)s bytes in the QR code; at most %(maximum)s fit."),
                field=f"tag_{tag}",
                params={"length": len(data), "maximum": LONGEST_VALUE},
            )
        encoded += bytes((tag, len(data))) + data
    return bytes(encoded)


def decode_tlv(data: bytes) -> list[tuple[int, bytes]]:
    """Return the (tag, value) pairs; raises TlvInvalid for anything cut, left over, repeated or out of order."""
    fields: list[tuple[int, bytes]] = []
    position = previous = 0
    while position < len(data):
        header = data[position : position + 2]
        if len(header) < 2:
            raise TlvInvalid(N_("The QR code ends in the middle of a field."))
        tag, length = header
        if tag <= previous:
            raise TlvInvalid(N_("The tags of a QR code ascend and occur once."))
        value = data[position + 2 : position + 2 + length]
        if len(value) < length:
            raise TlvInvalid(N_("The QR code ends in the middle of a field."))
        fields.append((tag, value))
        previous = tag
        position += 2 + length
    return fields
