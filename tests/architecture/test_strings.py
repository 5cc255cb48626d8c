"""Every text a person reads can be translated: in templates, in refusals, in models."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise

from tests.architecture.test_layers import trees

ROOT = Path(settings.BASE_DIR)

#: Names and codes that are the same in both languages.
#: "EN" and the two names of the languages stand in their own language on purpose, as does the hint of an Arabic field.
SAME_EVERYWHERE = {
    "EN",
    "English",
    "العربية",
    "الوصف",
    "بالعربية",
    "Mizan",
    "ميزان",
    "VAT",
    "IBAN",
    "QR",
    "PDF",
    "CSV",
    "XLSX",
    "ZATCA",
    "SAR",
    "Esc",
    "Enter",
    "Tab",
    "Ctrl",
}
#: Documents print both languages side by side, as the law asks: their words stand in documents/print_labels.py. The page
#: for a failure shows both as well, since nothing may be asked of the language then.
BILINGUAL = ("templates/print/", "templates/base_print.html", "templates/500.html")
TEMPLATES = [
    file
    for file in sorted((ROOT / "templates").rglob("*.html"))
    if not file.relative_to(ROOT).as_posix().startswith(BILINGUAL)
]
READ_ALOUD = ("title", "placeholder", "alt", "aria-label", "aria-description")

_TRANSLATED = re.compile(
    r"\{%-?\s*blocktrans(?:late)?\b.*?\{%-?\s*endblocktrans(?:late)?\s*-?%\}", re.DOTALL
)
# a block that fills an attribute of the parent template
_CLASSES = re.compile(r"\{%\s*block \w*class\w*\s*%\}.*?\{%\s*endblock\b.*?%\}", re.DOTALL)
_COMMENT = re.compile(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z\u0600-\u06FF]{2,}")


class Texts(HTMLParser):
    """Collects what a person would read."""

    def __init__(self):
        super().__init__()
        self.silent = 0
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "style", "svg", "code", "kbd"):
            self.silent += 1
        self.found += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag):
        if tag in ("script", "style", "svg", "code", "kbd") and self.silent:
            self.silent -= 1

    def handle_data(self, data):
        if not self.silent:
            self.found.append(data)


def words_of(source):
    """Return the words of a template that no translation reaches."""
    text = _TAG.sub("", _CLASSES.sub("", _TRANSLATED.sub("", _COMMENT.sub("", source))))
    parser = Texts()
    parser.feed(text)
    words = {word for part in parser.found for word in _WORD.findall(part)}
    return words - SAME_EVERYWHERE


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_template_has_no_untranslated_word(file):
    assert words_of(file.read_text(encoding="utf-8")) == set(), (
        "Put it into {% translate %} or {% blocktranslate %}."
    )


def test_the_check_itself_finds_what_it_should():
    assert words_of('<p title="Hello">{% translate "Good" %} there {{ name }}</p>') == {
        "Hello",
        "there",
    }
    assert (
        words_of(
            "<script>var x = 1</script>{# note #}{% blocktranslate %}Hi you{% endblocktranslate %}"
        )
        == set()
    )


def refusals(tree):
    """Return (line, text) of refusals whose text was not marked with N_."""
    for node in ast.walk(tree):
        if (
            not isinstance(node, ast.Raise)
            or not isinstance(node.exc, ast.Call)
            or not node.exc.args
        ):
            continue
        name = getattr(node.exc.func, "id", getattr(node.exc.func, "attr", ""))
        first = node.exc.args[0]
        if name in PROGRAMMING_ERRORS or name.endswith(("Error", "Exception")):
            continue
        if isinstance(first, ast.Constant) and isinstance(first.value, str) and " " in first.value:
            yield node.lineno, first.value


#: Raised at programmers and operators, not at people: these stay English.
PROGRAMMING_ERRORS = {
    "BadSetting",
    "CommandError",
    "ImproperlyConfigured",
    "NoCompanyActive",
    "ScopeConflict",
    "ServiceFailed",
    "UnsafeRole",
    "SystemExit",
}


def test_refusals_are_marked_for_translation():
    found = [f"{name}:{line}: {text}" for name, tree in trees() for line, text in refusals(tree)]

    assert found == [], "Write N_(...) around it."


def test_names_of_models_and_fields_are_translatable():
    plain = []
    for model in apps.get_models():
        if (
            model.__module__.split(".")[0] not in {p.name for p in ROOT.iterdir()}
            or "Historical" in model.__name__
        ):
            continue
        if not isinstance(model._meta.verbose_name, Promise):
            plain.append(model.__name__)
    assert plain == [], "Give Meta a verbose_name with gettext_lazy."
