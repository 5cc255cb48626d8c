"""Errors carry a stable code for programs and a text for people."""

import pickle

from django.utils import translation

from core.errors import N_, DomainError, ValidationErrors


class QuantityTooSmall(DomainError):
    """The quantity is greater than zero."""

    code = "quantity_too_small"


def test_error_fills_its_text_from_its_parameters():
    error = QuantityTooSmall(N_("At least %(minimum)s."), field="quantity", params={"minimum": 3})

    assert str(error) == "At least 3."
    assert (error.code, error.field, error.status) == ("quantity_too_small", "quantity", 400)


def test_text_with_percent_sign_and_no_parameters_stays_as_it_is():
    assert str(DomainError("100 % off")) == "100 % off"


def test_code_may_be_narrower_than_its_class():
    assert DomainError("x", code="special").code == "special"
    assert DomainError("x").code == "invalid"


def test_field_grows_from_the_inside_out():
    error = DomainError("x", field="quantity").within("lines.2").within("invoice")

    assert error.field == "invoice.lines.2.quantity"
    assert DomainError("x").within("lines.2").field == "lines.2"


def test_text_is_translated_when_it_is_read():
    error = DomainError("This field is required.")

    with translation.override("ar"):
        arabic = str(error)

    assert arabic != str(error)
    assert any("\u0600" <= char <= "\u06ff" for char in arabic)


def test_empty_text_is_not_the_catalogue_header():
    with translation.override("ar"):
        assert str(DomainError("")) == ""


def test_several_errors_are_one():
    first, second = DomainError("a", field="x"), DomainError("b", field="y")

    assert ValidationErrors(iter([first, second])).errors == [first, second]


def test_error_survives_the_way_to_another_process():
    error = QuantityTooSmall("At least %(minimum)s.", field="quantity", params={"minimum": 3})

    copy = pickle.loads(pickle.dumps(error))

    assert (str(copy), copy.code, copy.field) == (str(error), error.code, error.field)
