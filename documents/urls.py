"""Addresses of what every document has."""

from django.urls import path

from documents.views import attachments

app_name = "documents"
urlpatterns = [
    path("files/of/<str:kind>/<uuid:entity_id>/", attachments.attachments, name="attachments"),
    path("files/<uuid:attachment_id>/", attachments.attachment_file, name="attachment"),
    path(
        "files/<uuid:attachment_id>/remove/",
        attachments.attachment_remove,
        name="attachment-remove",
    ),
]
