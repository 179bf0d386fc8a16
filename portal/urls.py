from django.urls import path

from . import desk_views, public_lists, season_pages, views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("network/", views.network, name="network"),
    path("campuses/<code:code>/", views.campus, name="campus"),
    path("towns/<code:code>/", views.town, name="town"),
    path("experts/", public_lists.experts, name="experts"),
    path("rooms/", public_lists.practice_rooms, name="practice_rooms"),
    path("season/", season_pages.season_now, name="season_now"),
    path("season/<code:code>/", season_pages.season, name="season"),
    path("methods/", public_lists.methods, name="methods"),
    path("search/", views.search_page, name="search"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("me/", views.me, name="me"),
    path("manage/", desk_views.manage, name="manage"),
    path("manage/counts/", desk_views.counts, name="counts"),
    path("manage/find/", desk_views.find, name="find"),
    path("manage/start/", views.start, name="start"),
    path("after-login/", views.after_login, name="after_login"),
    path("feedback/", views.feedback, name="feedback"),
    path("manage/unanswered/", views.unanswered_queries, name="unanswered"),
    path("manage/feedback/", views.feedback_inbox, name="feedback_inbox"),
    path("help/", views.help_page, name="help"),
    path("help/<slug:slug>/", views.help_part, name="help_part"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
