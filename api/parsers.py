"""Request bodies: JSON only, read strictly, up to a stated size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.http import parse_header_parameters
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

from api import strict_json
from core.errors import N_, DomainError


class BodyTooLarge(DomainError):
    """The body is larger than API_MAX_BODY_BYTES (IF-8)."""

    code = "body_too_large"
    status = 413


class WrongCharset(DomainError):
    """The content type names another encoding than JSON's; its bytes would be read as something else than was meant."""

    code = "unsupported_media_type"
    status = 415


def read_limited(stream: IO[Any], content_length: str | None) -> bytes:
    """Return the body; raises BodyTooLarge before reading more than the limit."""
    limit: int = settings.API_MAX_BODY_BYTES
    too_large = BodyTooLarge(
        N_("The request is larger than %(limit)s bytes."), params={"limit": limit}
    )
    if content_length and content_length.isdigit() and int(content_length) > limit:
        raise too_large
    content: bytes = stream.read(limit + 1)
    if len(content) > limit:
        raise too_large
    return content


class StrictJSONParser(BaseParser):
    """Parses `application/json` by api.strict_json; nothing sent is an empty object."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {}).get("request")
        meta = request.META if request is not None else {}
        # the media type comes without its parameters
        named = parse_header_parameters(meta.get("CONTENT_TYPE", ""))[1].get("charset", "utf-8")
        if named.lower() not in ("utf-8", "utf8", "us-ascii"):
            raise WrongCharset(N_("Send JSON in UTF-8."))
        length = meta.get("CONTENT_LENGTH")
        content = read_limited(stream, length)
        return strict_json.parse(content) if content else {}
