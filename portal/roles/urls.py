from django.urls import path

from . import views, who_views

app_name = "roles"

urlpatterns = [
    path("", views.role_list, name="role_list"),
    path("give/", views.role_grant, name="role_grant"),
    path("give/new-person/", views.new_staff, name="new_staff"),
    path("<int:pk>/end/", views.role_end, name="role_end"),
    path("<int:pk>/extend/", views.role_extend, name="role_extend"),
    path("who/", who_views.can_do, name="can_do"),
]
