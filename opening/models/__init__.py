"""Tables of the go-live."""

from opening.models.files import OpeningFile

__all__ = ["OpeningFile"]
