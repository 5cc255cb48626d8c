"""The invoice's QR code (zatca.md section 9; IF-6)."""

import base64
import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from einvoicing.engine.qr import phase1_qr, qr_matrix, qr_png, qr_svg_path, read_qr
from einvoicing.engine.tlv import TlvInvalid, TlvValueTooLong, decode_tlv, encode_tlv

D = Decimal
VALUES = st.one_of(st.binary(max_size=255), st.text(max_size=63))


@pytest.fixture
def vectors(shared_data: Path):
    return json.loads((shared_data / "zatca/qr_tlv.json").read_text("utf-8"))


@pytest.mark.realdata
def test_known_codes_are_read_and_written_the_same(vectors):
    for vector in vectors["valid"]:
        fields = read_qr(vector["base64"])
        for tag, expected in vector["fields"].items():
            if expected.startswith("base64:"):
                assert fields[int(tag)] == base64.b64decode(expected.removeprefix("base64:"))
            else:
                assert fields[int(tag)] == expected, vector["name"]
        assert base64.b64encode(encode_tlv(fields.items())).decode() == vector["base64"]


@pytest.mark.realdata
def test_broken_codes_are_refused(vectors):
    for vector in vectors["invalid"]:
        with pytest.raises(TlvInvalid):
            read_qr(vector["base64"])


@pytest.mark.realdata
def test_name_longer_than_the_limit_is_refused(vectors):
    name = "ش" * (vectors["limits"]["example_name_utf8_bytes"] // 2)

    with pytest.raises(TlvValueTooLong) as refused:
        code(seller_name=name)

    assert (refused.value.code, refused.value.field) == ("tlv_too_long", "seller_name")
    assert "540" in str(refused.value)


@given(st.dictionaries(st.integers(1, 255), VALUES, max_size=12))
def test_what_is_encoded_is_decoded(fields):
    encoded = encode_tlv(sorted(fields.items()))

    expected = [
        (tag, value.encode() if isinstance(value, str) else value)
        for tag, value in sorted(fields.items())
    ]
    assert decode_tlv(encoded) == expected


@given(st.binary(max_size=300))
def test_any_bytes_are_either_refused_or_written_back_unchanged(data):
    try:
        fields = decode_tlv(data)
    except TlvInvalid:
        return
    assert encode_tlv(fields) == data


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        read_qr(text)
    except TlvInvalid:
        return


@pytest.mark.parametrize(("letter", "size"), [("a", 1), ("ش", 2), ("漢", 3), ("😀", 4)])
def test_length_counts_bytes(letter, size):
    fitting = letter * (255 // size)

    assert encode_tlv([(1, fitting)])[1] == len(fitting.encode())
    with pytest.raises(TlvValueTooLong):
        encode_tlv([(1, letter * (255 // size + 1))])


@pytest.mark.parametrize("tags", [(2, 1), (1, 1), (0,), (256,), (-1,)])
def test_tags_ascend_and_occur_once(tags):
    with pytest.raises(TlvInvalid):
        encode_tlv([(tag, "x") for tag in tags])


def code(**changes: Any) -> str:
    """Return the guide's example, with changes."""
    facts: dict[str, Any] = {
        "seller_name": "Bobs Records",
        "vat_number": "310122393500003",
        "issued_at": dt.datetime(2022, 4, 25, 15, 30, tzinfo=dt.UTC),
        "total": D(1000),
        "tax": D("150.0000"),
    }
    return phase1_qr(**(facts | changes))


def test_worked_example_of_the_guide():
    assert code() == (
        "AQxCb2JzIFJlY29yZHMCDzMxMDEyMjM5MzUwMDAwMwMUMjAyMi0wNC0yNVQxNTozMDowMFoEBzEwMDAuMDAFBjE1MC4wMA=="
    )


def test_moment_is_written_in_utc():
    riyadh = dt.datetime(2026, 1, 1, 1, 5, 9, 999, tzinfo=ZoneInfo("Asia/Riyadh"))

    assert read_qr(code(issued_at=riyadh))[3] == "2025-12-31T22:05:09Z"
    with pytest.raises(ValueError, match="zone"):
        code(issued_at=riyadh.replace(tzinfo=None))


def test_amounts_carry_all_minor_digits_and_no_more():
    fields = read_qr(code(total=D("115.5"), tax=D("0"), currency="KWD"))

    assert (fields[4], fields[5]) == ("115.500", "0.000")
    with pytest.raises(ValueError, match="minor unit"):
        code(total=D("1.005"))


def test_picture_is_black_and_white_with_a_quiet_zone():
    text = code(seller_name="شركة النور للتجارة")

    image = Image.open(io.BytesIO(qr_png(text, scale=3)))
    matrix = qr_matrix(text)

    assert (image.format, image.mode) == ("PNG", "1")
    assert image.size == (len(matrix) * 3,) * 2
    assert not any(any(row) for row in matrix[:4] + matrix[-4:])
    assert all(
        (image.getpixel((x * 3 + 1, y * 3 + 1)) == 0) == module
        for y, row in enumerate(matrix)
        for x, module in enumerate(row)
    )


def test_same_text_gives_the_same_picture():
    assert qr_png(code()) == qr_png(code())


def test_vector_path_covers_the_dark_modules():
    size, path = qr_svg_path(code())
    dark = set()
    for part in path.split("M")[1:]:
        start, y = part.split("h")[0].split()
        width = int(part.split("h")[1].split("v")[0])
        dark |= {(int(start) + step, int(y)) for step in range(width)}

    matrix = qr_matrix(code())

    assert size == len(matrix)
    assert dark == {
        (x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module
    }
