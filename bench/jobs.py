"""The jobs on single documents: preview, add a line, post, pay, print."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal

from django.db import transaction
from weasyprint import HTML

from ar.models import InvoiceLine
from ar.printing import print_document
from bench.floor import Floor
from bench.table import Table, side_by_side
from bench.world import TODAY, World, owner_connection
from documents import rendering


def preview(world: World, *, rounds: int) -> Table:
    """Live preview beside a signed-in view that does nothing."""
    table = Table("Live preview (floor: bare signed-in view with the same body)")
    for count in (1, 10, 100):
        body = json.dumps(
            {
                "line_items": [
                    {
                        "description": "Item",
                        "quantity": "3",
                        "unit_price": "10.03",
                        "vat_rate": "15",
                    }
                    for _ in range(count)
                ]
            }
        )

        def ask(path: str, body: str = body) -> None:
            answer = world.client.post(path, body, "application/json")
            assert answer.status_code == 200, answer.content[:300]

        table.rows.append(
            side_by_side(
                f"{count} lines",
                floor=lambda: ask("/bench/bare"),
                ours=lambda: ask("/api/v1/preview/calculate"),
                rounds=rounds * 5,
                target="<= 1.8x, no SQL, p99 < 20 ms",
            )
        )
    return table


PART = Decimal("0.01")


def add_line(world: World, *, rounds: int) -> Table:
    """Add one line to documents of three sizes."""
    table = Table("Add one line")
    floor = Floor(owner_connection(world.company.pk))
    line = json.dumps(
        {"description": "One more", "quantity": "3", "unit_price": "10.03", "vat_rate": "15"}
    )
    for count in (1, 500, 2000):
        invoice = world.post(
            "invoices", {"customer": str(world.customer.pk), "lines": world.lines(count)}
        )
        key = uuid.UUID(invoice["id"])
        floor.take_invoice(key)
        table.rows.append(
            side_by_side(
                f"to a document of {count} lines",
                floor=lambda key=key: floor.call("add_line", key),
                ours=lambda key=key: world.send(f"invoices/{key}/items", line),
                rounds=rounds,
                target="<= 5x, <= 8 statements, 2,000 within 1.3x of 1",
            )
        )
    floor.close()
    return table


def post(world: World, *, rounds: int) -> Table:
    """Create and post in one request, with journal, audit and history."""
    table = Table("Create and post an invoice with its journal")
    floor = Floor(owner_connection(world.company.pk))
    for count in (10, 100, 500):
        source = world.posted(count)
        floor.take_invoice(source.pk)
        body = json.dumps({"customer": str(world.customer.pk), "lines": world.lines(count)})
        table.rows.append(
            side_by_side(
                f"{count} lines",
                floor=lambda key=source.pk: floor.call("post", key),
                ours=lambda body=body: world.send("invoices/generate?pdf=false", body),
                rounds=rounds,
                target="<= 5x, <= 12 statements",
            )
        )
    floor.close()
    return table


def payment(world: World, *, rounds: int) -> Table:
    """One payment over several invoices, by hand allocation so that each round has its own."""
    table = Table("One payment over several invoices")
    floor = Floor(owner_connection(world.company.pk))
    for count in (1, 10, 100):
        rounds_here = max(rounds // 2, 4) if count == 100 else rounds
        invoices = [world.posted(1) for _ in range(count)]

        body = json.dumps(
            {
                "customer": str(world.customer.pk),
                "payment_account": str(world.account.pk),
                "amount": str(PART * count),
                "date": TODAY.isoformat(),
                "strategy": "manual",
                "allocations": [{"invoice": str(i.pk), "amount": str(PART)} for i in invoices],
            }
        )
        source = uuid.UUID(world.send("payments", body).json()["id"])
        floor.take_payment(source)
        table.rows.append(
            side_by_side(
                f"{count} invoices",
                floor=lambda key=source: floor.call("pay", key),
                ours=lambda body=body: world.send("payments", body),
                rounds=rounds_here,
                target="<= 4x, equal statements",
            )
        )
    floor.close()
    return table


def pdf(world: World, *, rounds: int) -> Table:
    """PDF/A-3 beside bare WeasyPrint on the same HTML and style sheets."""
    table = Table("PDF/A-3 (floor: bare WeasyPrint on the same HTML)")
    kit = rendering._kit()
    for count in (1, 10, 100):
        invoice = world.posted(count)
        with world.scope(), transaction.atomic():
            lines = list(InvoiceLine.objects.filter(document_id=invoice.pk).order_by("position"))
            document = print_document(invoice, lines, world.principal.company)
        html = rendering.render_page_html(document)
        table.rows.append(
            side_by_side(
                f"{count} lines",
                floor=lambda html=html: HTML(string=html, url_fetcher=kit.fetcher).write_pdf(
                    stylesheets=list(kit.styles), font_config=kit.fonts
                ),
                ours=lambda document=document: rendering.render_pdf(document),
                rounds=max(rounds // 4, 3),
                target="<= 1.2x",
                warm=1,
            )
        )
    return table
