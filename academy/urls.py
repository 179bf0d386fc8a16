"""The root of all addresses.

Apps are named as text: this module looks up at every room, no room looks at it.
"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, register_converter

from .accounts import views as account_views
from .picking.views import pick
from .text.codes import CodeConverter
from .web import views
from .web.office_settings import office_settings

register_converter(CodeConverter, "code")

# one log-in page, with its lock-out, for everybody
admin.site.login = secure_admin_login(admin.site.login)

accounts = [
    path("login/", account_views.login, name="account_login"),
    path("login/code/", account_views.request_login_code, name="account_request_login_code"),
    path(
        "login/code/confirm/", account_views.confirm_login_code, name="account_confirm_login_code"
    ),
    path("unsent/", account_views.unsent, name="account_unsent"),
    path("logout/", account_views.logout, name="account_logout"),
    path("password/", account_views.change_password, name="account_change_password"),
    path("password/forgotten/", account_views.forgotten_password, name="account_reset_password"),
]

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("large-print/<slug:wish>/", views.large_print, name="large_print"),
    path("fold-navigation/<slug:wish>/", views.fold_navigation, name="fold_navigation"),
    path("language/<slug:code>/", views.choose_language, name="choose_language"),
    path("accounts/", include(accounts)),
    path("admin/", admin.site.urls),
    path("manage/pick/<slug:kind>/", pick, name="pick"),
    path("manage/imports/", include("academy.imports.urls")),
    path("manage/settings/", office_settings, name="office_settings"),
    path("manage/roles/", include("portal.roles.urls")),
    path("manage/coverage/", include("portal.coverage.urls")),
    path("manage/monitor/", include("portal.monitor.urls")),
    path("manage/tables/", include("academy.table_pages.urls")),
    path("", include("notices.urls")),
    path("", include("courses.urls")),
    path("", include("trainees.urls")),
    path("", include("practicums.urls")),
    path("", include("plans.urls")),
    path("", include("portal.urls")),
]

handler400 = "academy.web.views.bad_request"
handler403 = "academy.web.views.permission_denied"
handler404 = "academy.web.views.page_not_found"
handler500 = "academy.web.views.server_error"
