"""Tasks that work for one company."""

from __future__ import annotations

from typing import Any

from celery import Task

from tenancy.context import company_scope


class CompanyTask(Task):
    """A task called with (company_id, actor_id, ...): it runs inside that company's scope and refuses to run without.

    The body opens its own transactions: outside of one the database shows no rows.
    """

    abstract = True

    def __call__(self, company_id: int, actor_id: int | None, *args: Any, **kwargs: Any) -> Any:
        """Open the scope and run."""
        if not isinstance(company_id, int):
            raise TypeError("A company task needs the company id first.")
        with company_scope(
            company_id,
            actor_id=actor_id,
            source="task",
            request_id=str(self.request.id or ""),
            cause=self.name,
        ):
            return self.run(company_id, actor_id, *args, **kwargs)
