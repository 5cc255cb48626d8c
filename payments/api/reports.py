"""What customers owe, as a report."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import query_of
from api.serializers import amount
from api.shapes import day, money
from api.views import ApiView
from ar.api.inputs import today_of
from payments.selectors.customer_balances import customer_balances


class CustomerBalanceRow(drf.Serializer[Any]):
    """One customer in one currency."""

    customer = drf.UUIDField()
    code = drf.CharField()
    name = drf.CharField()
    name_arabic = drf.CharField()
    currency = drf.CharField()
    open_amount = amount()
    credit_amount = amount()
    balance = amount()


class CustomerBalancesShape(drf.Serializer[Any]):
    """What customers owe today."""

    as_of = drf.DateField()
    currency = drf.CharField()
    rows = CustomerBalanceRow(many=True)


class CustomerBalances(ApiView):
    """Balances of customers."""

    permissions = {"GET": "reports.books.view"}  # read only

    @extend_schema(operation_id="reports_customer_balances", responses=CustomerBalancesShape)
    def get(self, request: Request) -> Response:
        """Return open invoices, credit on account and balance of every customer that has any."""
        query_of(request.query_params, (), is_list=False)
        return Response(
            {
                "as_of": day(today_of(self.principal)),
                "currency": self.principal.currency,
                "rows": [
                    {
                        "customer": str(row.customer_id),
                        "code": row.code,
                        "name": row.name,
                        "name_arabic": row.name_arabic,
                        "currency": row.currency,
                        "open_amount": money(row.open_amount, row.currency),
                        "credit_amount": money(row.credit_amount, row.currency),
                        "balance": money(row.balance, row.currency),
                    }
                    for row in customer_balances()
                ],
            }
        )
