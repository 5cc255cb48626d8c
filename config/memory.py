"""Python's garbage collector, for a process that serves requests."""

from __future__ import annotations

import gc

from django.urls import get_resolver


def settle() -> None:
    """Leave what start-up made out of all later collections.

    A full collection goes through every object of Django and of ours: a tenth of a second in the middle of somebody's
    request (the p99 of the live preview). Views are loaded first, so that they belong to what is left out.
    """
    get_resolver().url_patterns  # noqa: B018  # read for its effect: imports every view
    gc.collect()
    gc.freeze()
