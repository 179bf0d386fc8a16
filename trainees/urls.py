from django.urls import path, register_converter
from django.urls.converters import StringConverter

from .views import (
    attendance,
    booking,
    calendar,
    class_edit,
    class_rules,
    colleagues,
    finding,
    follows,
    hours,
    interest,
    offers,
    petitions,
    queue,
)

app_name = "trainees"


class ClassInHand(StringConverter):
    """The code of a class that exists: “new” is the page of courses that makes one, which is asked after these."""

    regex = "(?!new/)[^/]+"


register_converter(ClassInHand, "class_in_hand")

urlpatterns = [
    path("classes/", finding.class_list, name="class_list"),  # stands before the list of courses, which knows no reader
    path("classes/<str:code>/", booking.class_page, name="class_page"),
    path("classes/<str:code>/book/", booking.book_class, name="book"),
    path("classes/<str:code>/cancel/", booking.cancel_booking, name="cancel"),
    path("classes/<str:code>/colleagues/", colleagues.colleagues, name="colleagues"),
    path("classes/<str:code>/pass-on/", colleagues.pass_on_own_seat, name="pass_on"),
    path("manage/enrolments/<int:pk>/swap/", colleagues.swap, name="swap"),
    path("classes/<str:code>/interest/", interest.interest, name="interest"),
    path("classes/<str:code>/offer/", offers.offer, name="offer"),
    path("classes/<str:code>/exemption/", petitions.exemption, name="exemption"),
    path("me/absences/", petitions.my_absences, name="my_absences"),
    path("me/bookings/", booking.my_bookings, name="my_bookings"),
    path("me/calendar/", calendar.calendar_page, name="calendar"),
    path("me/calendar/change/", calendar.change_calendar, name="change_calendar"),
    path("me/calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("me/follows/", follows.my_follows, name="my_follows"),
    path("follows/<slug:kind>/<str:code>/", follows.change_follow, name="change_follow"),
    path("me/hours/", hours.my_hours, name="my_hours"),
    path("manage/classes/<class_in_hand:code>/", attendance.class_roster, name="class_roster"),
    path("manage/classes/<str:code>/edit/", class_edit.class_edit, name="class_edit"),
    path("manage/classes/<str:code>/rules/", class_rules.class_rules, name="class_rules"),
    path("manage/classes/<str:code>/queue/", queue.queue, name="queue"),
    path("manage/petitions/", petitions.petition_list, name="petitions"),
    path("manage/petitions/<str:kind>/<int:pk>/", petitions.decide_petition, name="decide_petition"),
    path("manage/classes/<str:code>/close/", attendance.close, name="close_class"),
    path("manage/classes/<str:code>/reopen/", attendance.reopen, name="reopen_class"),
    path("manage/classes/<str:code>/cancel/", attendance.cancel, name="cancel_class"),
    path("manage/lessons/<int:pk>/attendance/", attendance.roll, name="attendance"),
    path("manage/lessons/<int:pk>/sign-in/", attendance.sign_in_sheet, name="sign_in_sheet"),
]
