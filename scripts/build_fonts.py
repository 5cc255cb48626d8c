"""Rebuild static/fonts from the npm packages @fontsource/ibm-plex-sans and @fontsource/ibm-plex-sans-arabic.

    npm pack @fontsource/ibm-plex-sans @fontsource/ibm-plex-sans-arabic      # unpack each
    python scripts/build_fonts.py SANS_PACKAGE ARABIC_PACKAGE

Browsers get the woff2 subsets by script. WeasyPrint gets one TTF for each weight with both scripts, because two files
under one family name come out as garbage there. The merged files carry a name of their own, as the licence asks of
changed fonts.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}
FAMILY = "Mizan Document"
#: Height above and below the base line in 1/1000 em: those of the Latin face, so both renderers set lines alike.
ASCENT, DESCENT = 1025, -275


def without(source: Path, taken: set[int], target: Path) -> set[int]:
    """Write `source` as TTF without the characters already taken; return those it brings."""
    font = TTFont(source)
    font.flavor = None
    characters = set(font.getBestCmap()) - taken
    options = subset.Options()
    options.layout_features = ["*"]
    options.hinting = False
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.save(target)
    return characters


def name_as_ours(font: TTFont, weight: int) -> None:
    """Give the merged font its own names, weight and line heights."""
    style = WEIGHTS[weight]
    names = {
        1: f"{FAMILY} {style}",
        2: "Regular",
        3: f"{FAMILY} {style} 1.0",
        4: f"{FAMILY} {style}",
        6: f"{FAMILY.replace(' ', '')}-{style}",
        16: FAMILY,
        17: style,
    }
    table = font["name"]
    for number in (*names, 21, 22):
        table.removeNames(nameID=number)
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = ASCENT, DESCENT, 0
    font["OS/2"].sTypoAscender, font["OS/2"].sTypoDescender = ASCENT, DESCENT
    font["OS/2"].usWeightClass = weight


def build(sans: Path, arabic: Path) -> None:
    """Write the web subsets, the merged fonts and the licences."""
    for weight in WEIGHTS:
        sources = {
            "latin": sans / f"files/ibm-plex-sans-latin-{weight}-normal.woff2",
            "latin-ext": sans / f"files/ibm-plex-sans-latin-ext-{weight}-normal.woff2",
            "arabic": arabic / f"files/ibm-plex-sans-arabic-arabic-{weight}-normal.woff2",
        }
        with tempfile.TemporaryDirectory() as folder:
            parts, taken = [], set[int]()
            for script, source in sources.items():
                shutil.copy(source, TARGET / f"plex-{script}-{weight}.woff2")
                part = Path(folder) / f"{script}.ttf"
                taken |= without(source, taken, part)
                parts.append(str(part))
            font = merge.Merger().merge(parts)
        name_as_ours(font, weight)
        font.save(TARGET / f"mizan-document-{weight}.ttf")
    shutil.copy(sans / "LICENSE", TARGET / "OFL-IBM-Plex-Sans.txt")
    shutil.copy(arabic / "LICENSE", TARGET / "OFL-IBM-Plex-Sans-Arabic.txt")


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
