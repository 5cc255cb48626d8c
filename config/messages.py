"""The Arabic translations: collected, checked and compiled in Python, so that no machine needs GNU gettext.

Catalogues lie in locale/<language>/LC_MESSAGES/django.po. The compiled files are made at the start of `make run` and
`make test` and are not committed.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGE = "ar"
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    # core.errors: marked now, translated when shown.
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NOT_OURS = frozenset(
    {
        ".venv",
        ".data",
        ".git",
        "tests",
        "bench",
        "migrations",
        "static",
        "locale",
        "docs",
        "node_modules",
    }
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
HEADER = "# Arabic translation of Mizan.\n#"


def sources(root: Path) -> Iterator[Path]:
    """Yield the Python files and templates whose strings people see, in a stable order."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS)
        for name in sorted(files):
            if name.endswith((".py", ".html", ".txt")) and (
                name.endswith(".py") or "templates" in Path(folder).parts
            ):
                yield Path(folder) / name


def collect(root: Path) -> Catalog:
    """Return every string marked for translation, with the places it stands at."""
    catalogue = Catalog(locale=LANGUAGE, domain="django", project="Mizan", header_comment=HEADER)
    for file in sources(root):
        text = file.read_text(encoding="utf-8")
        if file.suffix != ".py":
            # Django turns a template into something like Python; its indentation means nothing.
            text = "\n".join(line.lstrip() for line in templatize(text).split("\n"))
        found = extract(
            "python", io.BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=("Translators:",)
        )
        for line, message, comments, context in found:
            catalogue.add(
                message,
                locations=[(file.relative_to(root).as_posix(), line)],
                auto_comments=comments,
                context=context,
            )
    return catalogue


def load(root: Path) -> Catalog:
    """Return the committed catalogue, empty when there is none yet."""
    file = root / CATALOGUE
    if not file.exists():
        return Catalog(locale=LANGUAGE, domain="django", project="Mizan", header_comment=HEADER)
    with file.open("rb") as source:
        return read_po(source, locale=LANGUAGE, domain="django")


def update(root: Path) -> int:
    """Bring the catalogue up to date with the sources; return how many strings await translation."""
    catalogue = load(root)
    catalogue.update(collect(root), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    file = root / CATALOGUE
    file.parent.mkdir(parents=True, exist_ok=True)
    output = io.BytesIO()
    write_po(
        output, catalogue, width=110, sort_output=True, include_lineno=False, omit_header=False
    )
    # A date in the header would make every update a conflict.
    kept = [line for line in output.getvalue().split(b"\n") if b"-Date: " not in line]
    file.write_bytes(b"\n".join(kept))
    return sum(not _is_translated(message) for message in catalogue if message.id)


def problems(root: Path) -> list[str]:
    """Return what keeps the translation from being complete, one sentence for each string."""
    committed = load(root)
    found = []
    for message in collect(root):
        if not message.id:
            continue
        place = ":".join(map(str, message.locations[0]))
        translation = committed.get(_key(message), message.context)
        if translation is None or not _is_translated(translation):
            found.append(f"{place}: no Arabic for {message.id!r}")
        elif translation.fuzzy:
            found.append(f"{place}: the Arabic of {message.id!r} is marked fuzzy")
        elif reason := _placeholder_fault(message, translation):
            found.append(f"{place}: {reason} in the Arabic of {message.id!r}")
    return found


def compile_catalogues(root: Path) -> bool:
    """Compile the catalogue when it is newer than its compiled file; return whether it was."""
    source = root / CATALOGUE
    target = source.with_suffix(".mo")
    if not source.exists() or (
        target.exists() and target.stat().st_mtime >= source.stat().st_mtime
    ):
        return False
    # Several test workers may do this at once: each writes its own file and renames it.
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as output:
        write_mo(output, load(root))
    Path(output.name).chmod(0o644)
    Path(output.name).rename(target)
    return True


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, list | tuple) else message.id


def _is_translated(message: Message) -> bool:
    return all(_texts(message))


def _texts(message: Message) -> tuple[str, ...]:
    """Return the translation, one text for each plural form."""
    string = message.string
    texts = string if isinstance(string, list | tuple) else (string,)
    return tuple(text or "" for text in texts)


def _placeholder_fault(original: Message, translation: Message) -> str:
    """Return what is wrong with the placeholders; plural forms may leave the number out, never invent a name."""
    originals = original.id if isinstance(original.id, list | tuple) else (original.id,)
    texts = _texts(translation)
    allowed = {match[0] for text in originals for match in PLACEHOLDER.finditer(text)}
    for text in texts:
        used = {match[0] for match in PLACEHOLDER.finditer(text)}
        if used - allowed:
            return f"unknown placeholder {', '.join(sorted(used - allowed))}"
        if len(originals) == 1 and allowed - used:
            return f"missing placeholder {', '.join(sorted(allowed - used))}"
    return ""
