"""Addresses of the page shell."""

from django.urls import path

from web.views import set_language

app_name = "web"
urlpatterns = [path("language/", set_language, name="set-language")]
