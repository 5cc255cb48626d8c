"""Small views that write and then answer in different ways, for tests of the request's transaction."""

from django.db import connection, transaction
from django.http import HttpResponse, JsonResponse
from django.urls import include, path

from ar.models import Invoice
from config.urls import urlpatterns as product
from inventory.models import ItemCategory
from tenancy.permissions import page


def write(request, status):
    """Write a row, then answer with the status."""
    ItemCategory.objects.create(code=f"C{status}", name="Written")
    return HttpResponse(status=status)


def crash(request):
    """Write a row, then fail."""
    ItemCategory.objects.create(code="CRASH", name="Written")
    raise RuntimeError("broken on purpose")


def settle(request):
    """Break a promise that the database checks at commit."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ar_invoice SET allocated_amount = 1")
    return HttpResponse("done")


@page("ar.invoice.view")
def who(request):
    """Say what this request sees, and what the database was told."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('app.company_id', true), current_setting('app.actor_id', true), "
            "current_setting('app.source', true), current_setting('app.cause', true)"
        )
        told = cursor.fetchone()
        cursor.execute("SELECT count(*), count(DISTINCT company_id) FROM ar_invoice")
        rows = cursor.fetchone()
    return JsonResponse(
        {
            "told": told,
            "rows": rows,
            "numbers": list(Invoice.objects.values_list("number", flat=True)),
        }
    )


@transaction.non_atomic_requests
def outside(request):
    """Look at the tables without a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ar_invoice")
        return JsonResponse({"rows": cursor.fetchone()[0]})


urlpatterns = [
    path("test/write/<int:status>/", write),
    path("test/crash/", crash),
    path("test/settle/", settle),
    path("test/who/", who, name="test-who"),
    path("test/outside/", outside),
    path("", include(product)),
]
