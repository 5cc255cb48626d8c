"""Addresses of people and companies."""

from django.urls import path

from tenancy.views import company, people, session

app_name = "tenancy"
urlpatterns = [
    path("sign-in/", session.sign_in, name="sign-in"),
    path("session/", session.session_state, name="session-state"),
    path("sign-out/", session.sign_out, name="sign-out"),
    path("sign-up/", session.sign_up, name="sign-up"),
    path("company/switch/", session.company_switch, name="company-switch"),
    path("profile/", people.profile, name="profile"),
    path("profile/password/", people.password_change, name="password-change"),
    path("members/", people.member_list, name="member-list"),
    path("members/new/", people.member_create, name="member-create"),
    path("members/<uuid:membership_id>/", people.member_edit, name="member-edit"),
    path("members/<uuid:membership_id>/rights/", people.member_grant, name="member-grant"),
    path("settings/", company.company_settings, name="company-settings"),
]
