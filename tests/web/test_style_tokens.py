"""The look's promises that can be computed: contrast in both themes, logical properties, nothing inline."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STYLES = sorted((Path(settings.BASE_DIR) / "static" / "css").glob("*.css"))
TOKENS = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
SURFACES = ("paper", "sheet", "raised")
TEXTS = ("ink", "ink-soft", "ink-faint", "accent", "good", "info", "warn", "bad")


def colour(name, theme):
    pair = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", TOKENS)
    if pair:
        return pair[1 if theme == "light" else 2]
    return re.search(rf"--{name}: (#\w+)", TOKENS)[1]


def luminance(value):
    parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("surface", SURFACES)
def test_text_reaches_aa_contrast_on_every_surface(theme, text, surface):
    assert contrast(colour(text, theme), colour(surface, theme)) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("tone", ["good", "info", "warn", "bad"])
def test_states_are_readable_on_their_soft_ground(theme, tone):
    assert contrast(colour(tone, theme), colour(f"{tone}-soft", theme)) >= 4.5
    assert contrast(colour("ink", theme), colour(f"{tone}-soft", theme)) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_buttons_controls_and_focus_reach_their_contrast(theme):
    assert contrast(colour("accent-ink", theme), colour("accent-fill", theme)) >= 4.5
    assert contrast(colour("accent-ink", theme), colour("accent-fill-strong", theme)) >= 3.9
    assert contrast(colour("ink", theme), colour("selected", theme)) >= 4.5
    assert contrast(colour("control", theme), colour("sheet", theme)) >= 3
    assert contrast(colour("focus", theme), colour("sheet", theme)) >= 3


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_use_logical_properties_only(path):
    physical = re.findall(
        r"(?:margin|padding|border|inset)-(?:left|right)|text-align:\s*(?:left|right)|float:\s*(?:left|right)|[;{]\s*(?:left|right):",
        path.read_text(),
    )

    assert physical == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.as_posix()[-60:])
def test_templates_carry_nothing_the_content_policy_refuses(path):
    text = path.read_text()

    assert not re.search(r"<[^>]*\s(?:style|on[a-z]+|hx-on[^=]*)=", text)
    assert not re.search(r"<style|javascript:|<script(?![^>]*\bsrc=)", text)
