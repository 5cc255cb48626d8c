"""Addresses of customers, included by ar.urls under the name space `ar`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
