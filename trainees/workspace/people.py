"""The people of one class as a list of the office: who has a seat, waits, was absent, was sent, has
left.
"""

import django_filters
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.lists.actions import Bulk, Link, Nothing, Outcomes
from academy.lists.columns import Action, Badge, Column, LongText, Moment
from academy.lists.listing import OfficeList
from academy.search.index import people_found
from courses.models import HELD, ClassStatus, TrainingClass

from ..booking.approval_state import state_of
from ..errors import BookingError
from ..models import (
    AWAY,
    LIVE,
    SEAT_HOLDING,
    Attendance,
    Enrolment,
    EnrolmentChannel,
    EnrolmentStatus,
)
from ..on_behalf.class_bookings import sentence_for_the_class, withdraw_person

SEATED, WAITING, ABSENT, CALLED, LEFT = "seat", "waiting", "absent", "called", "left"
WHO = [
    (SEATED, pgettext_lazy("people of a class", "With a seat")),
    (WAITING, pgettext_lazy("people of a class", "Waiting")),
    (ABSENT, pgettext_lazy("people of a class", "Absent or on leave")),
    (CALLED, pgettext_lazy("people of a class", "Sent")),
    (LEFT, pgettext_lazy("people of a class", "Left")),
]
STATE_BADGES = {
    EnrolmentStatus.BOOKED: "ok",
    EnrolmentStatus.COMPLETED: "ok",
    EnrolmentStatus.OFFERED: "wait",
    EnrolmentStatus.WAITLISTED: "wait",
    EnrolmentStatus.WITHDRAWN: "idle",
    EnrolmentStatus.LAPSED: "idle",
}


class ClassPeopleFilter(django_filters.FilterSet):
    """At first everybody who has a seat or waits; whoever has left only when asked for."""

    q = django_filters.CharFilter(method="find", label=gettext_lazy("Name"))
    who = django_filters.ChoiceFilter(
        choices=WHO,
        label=pgettext_lazy("people of a class", "Who"),
        empty_label=pgettext_lazy("people of a class", "With a seat and waiting"),
        method="chosen",
    )

    class Meta:
        model = Enrolment
        fields = ["q", "who"]

    def find(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        names = {str(pk): name for pk, name in queryset.values_list("pk", "trainee__user__name")}
        return queryset.filter(pk__in=people_found(value, names))

    def chosen(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        match value:
            case "seat":
                return queryset.filter(stood_as__in=SEAT_HOLDING)
            case "waiting":
                return queryset.filter(stood_as=EnrolmentStatus.WAITLISTED)
            case "absent":
                away = Attendance.objects.filter(enrolment=OuterRef("pk"), status__in=AWAY)
                return queryset.filter(Exists(away), stood_as__in=LIVE)
            case "called":
                return queryset.filter(channel=EnrolmentChannel.DISPATCH, stood_as__in=LIVE)
        return queryset.exclude(stood_as__in=LIVE)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.form.cleaned_data.get("who"):
            queryset = queryset.filter(stood_as__in=LIVE)
        return super().filter_queryset(queryset)


class ClassPeople(OfficeList):
    """Everybody who has or had to do with a class; of one that was cancelled as they stood until
    then.
    """

    slug, address = "class-people", "trainees:class_roster"
    heading = gettext_lazy("Roster")
    filters = ClassPeopleFilter
    template = "trainees/class_roster.html"
    sizes = (200, 50)
    takes_ticks = True
    nothing = Nothing(
        gettext_lazy("Nobody has booked yet."), gettext_lazy("Bookings appear here by themselves.")
    )
    nothing_matches = gettext_lazy("Nobody matches.")
    see_all = gettext_lazy("See everybody")
    bulk = (
        Bulk("move", gettext_lazy("Move to another run")),
        Bulk("withdraw", gettext_lazy("End the booking"), wants=("reason", gettext_lazy("Why"))),
    )

    person = Column(
        pgettext_lazy("of a person", "Name"), "trainee.user.name", sort="trainee__stroke_key"
    )
    town = Column(gettext_lazy("Street-town"), "village.town.name", sort="village__town__code")
    village = Column(
        pgettext_lazy("unit", "Village"), "village.name", sort="village__code", width="w-place"
    )
    post = Column(pgettext_lazy("of a person", "Post"), "post", sort="position__sort_order")
    phone = Column(gettext_lazy("Phone"), "trainee.user.masked_phone")
    state = Badge(
        pgettext_lazy("of a booking", "State"),
        lambda row: (STATE_BADGES[row.stood_as], EnrolmentStatus(row.stood_as).label),
        sort="stood_as",
    )
    approval = Column(gettext_lazy("Approval"), state_of, on=False)
    channel = Column(
        pgettext_lazy("of a booking", "How booked"),
        lambda row: row.get_channel_display(),
        sort="channel",
    )
    booked = Moment(pgettext_lazy("of a booking", "Since"), "queued_at", sort="queued_at", on=False)
    repeats = LongText(gettext_lazy("Taken before, why again"), "repeat_reason", on=False)
    change = Action(pgettext_lazy("column", "Change"))

    def __init__(self, request: HttpRequest, training_class: TrainingClass) -> None:
        super().__init__(request, training_class.code)
        self.training_class = training_class
        self.slug = f"class-people-{training_class.pk}"  # each class is remembered for itself

    def rows(self) -> QuerySet[Enrolment]:
        if self.training_class.status == ClassStatus.CANCELLED:
            found = Enrolment.objects.ended_with_the_class().filter(stood_as__isnull=False)
        else:
            found = Enrolment.objects.annotate(stood_as=F("status"))
        return (
            found.filter(training_class=self.training_class)
            .select_related(
                "trainee__user", "village__town", "position", "learner_group", "approval"
            )
            .order_by("village__town__code", "trainee__stroke_key", "pk")
        )

    def name(self, row: Enrolment) -> str:
        return row.trainee.user.name

    def count_words(self, count: int) -> str:
        return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}

    def may_tick(self, row: Enrolment) -> bool:
        return row.stood_as in LIVE

    @property
    def takes_bookings(self) -> bool:
        return (
            self.training_class.status == ClassStatus.OPEN
            and not self.training_class.has_started(self.now)
        )

    def steps(self) -> list[Bulk]:
        return super().steps() if self.takes_bookings else []

    def links(self) -> list[Link]:
        code = [self.training_class.code]
        found = [
            Link(
                _("Workbook with chosen columns"),
                reverse("trainees:export_roster", args=code),
                "download",
            ),
            Link(
                _("Tell the class something"),
                reverse("trainees:class_message", args=code),
                "chat-left-text",
            ),
            Link(
                pgettext("page", "Waiting list"),
                reverse("trainees:queue", args=code),
                "hourglass-split",
            ),
        ]
        if self.training_class.status in HELD:
            found.append(
                Link(
                    _("What people bring along"),
                    reverse("trainees:class_questions", args=code),
                    "chat-left-text",
                )
            )
        if self.takes_bookings:
            found += [
                Link(
                    _("Move people to another run"),
                    reverse("trainees:move_people", args=code),
                    "arrow-left-right",
                ),
                Link(
                    _("Book a person by phone number"),
                    reverse("trainees:book_for_class", args=code),
                    "person-plus",
                ),
            ]
        return found

    def show_state(self, row: Enrolment) -> str:
        badge = self.columns["state"].html(self.columns["state"].of(row))
        approval = state_of(row)
        return format_html("{} <small>{}</small>", badge, approval) if approval else badge

    def show_change(self, row: Enrolment) -> str:
        if not (self.takes_bookings and row.stood_as in LIVE):
            return ""
        return format_html(
            '<a class="tap" href="{}">{}<span class="visually-hidden">{}{}</span></a>',
            reverse("trainees:change_booking", args=[row.pk]),
            pgettext("a booking", "Swap or end"),
            "：",
            row.trainee.user.name,
        )

    # --- With ticked rows -------------------------------------------------------------------------

    def bulk_move(self, rows: list[Enrolment], outcomes: Outcomes) -> HttpResponse:
        """On to the page that asks which run, with these people ticked."""
        url = reverse("trainees:move_people", args=[self.training_class.code])
        return redirect(f"{url}?{urlencode([('person', row.pk) for row in rows])}")

    def bulk_withdraw(self, rows: list[Enrolment], outcomes: Outcomes) -> None:
        reason = self.request.POST.get("reason", "")
        for row in rows:
            try:
                withdraw_person(enrolment=row, by=self.user, now=self.now, reason=reason)
            except BookingError as error:
                outcomes.refused.append(
                    (self.name(row), sentence_for_the_class(error, self.training_class))
                )
            else:
                outcomes.done.append(self.name(row))
        outcomes.report(
            self.request,
            lambda count: ngettext(
                "%(count)d booking has ended, and the person was told why: ",
                "%(count)d bookings have ended, and the people were told why: ",
                count,
            ),
        )
