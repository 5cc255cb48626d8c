"""Every string that people read has its Arabic: none missing, empty or fuzzy, placeholders as in the English."""

from __future__ import annotations

from django.conf import settings

from config.messages import problems


def test_every_string_has_its_arabic():
    assert problems(settings.BASE_DIR) == []
