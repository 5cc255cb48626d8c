"""The steps of a kind of document from its services, which all name the document's id their own way (documents.pages)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from core.dates import local_today
from documents.models import DocumentHeader
from documents.pages import Save, Steps
from tenancy.principal import Principal


def by_id(service: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return the service with the document's id first; it calls the id `name` (`bill_id`)."""

    def step(document_id: uuid.UUID, **rest: Any) -> Any:
        return service(**{name: document_id}, **rest)

    return step


def saving(
    *,
    name: str,
    parse: Callable[..., Any],
    create: Callable[..., DocumentHeader],
    update: Callable[..., DocumentHeader],
    post: Callable[..., DocumentHeader],
    create_posted: Callable[..., DocumentHeader],
) -> Save:
    """Return the `save` of Steps: what was typed is parsed, then created or changed, and posted when asked.

    A new document is posted as it is created, not as a draft first.
    """

    def save(
        document_id: uuid.UUID | None, payload: Mapping[str, Any], is_posted: bool, actor: Principal
    ) -> DocumentHeader:
        typed = parse(payload, currency=actor.currency, today=local_today())
        if document_id is None:
            return (create_posted if is_posted else create)(typed=typed, actor=actor)
        document = update(**{name: document_id}, typed=typed, actor=actor)
        return post(**{name: document_id}, actor=actor) if is_posted else document

    return save


def steps_of(
    name: str,
    *,
    parse: Callable[..., Any],
    create: Callable[..., DocumentHeader],
    update: Callable[..., DocumentHeader],
    post: Callable[..., DocumentHeader],
    create_posted: Callable[..., DocumentHeader],
    **others: Callable[..., Any],
) -> Steps:
    """Return the steps of a kind whose services call the document's id `name`.

    `others`: delete, void, lock, unlock, change; what is missing, the kind does not do.
    """
    return Steps(
        save=saving(
            name=name,
            parse=parse,
            create=create,
            update=update,
            post=post,
            create_posted=create_posted,
        ),
        post=by_id(post, name),
        **{step: by_id(service, name) for step, service in others.items()},
    )
