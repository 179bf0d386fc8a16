"""The portal's addresses, and beside them the floor: the least Django can do for the same work."""

from django.urls import include, path

from . import floor

urlpatterns = [
    path("floor/rows/", floor.rows),
    path("floor/book/<int:pool>/<int:trainee>/", floor.book),
    path("floor/check-in/<int:lesson>/<int:enrolment>/<int:user>/", floor.check_in),
    path("", include("academy.urls")),
]
