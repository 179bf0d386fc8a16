"""The lists of dispatch: the classes that towns send people to, and who is called when."""

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from academy.access import is_office
from academy.lists.actions import Link, Nothing
from academy.lists.columns import Column, Day, LongText, Moment, Names, Number
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import day

from ..forms.load import LoadForm
from ..models import Enrolment, Trainee
from ..on_behalf.colleagues import found_among, people_of
from ..on_behalf.dispatch import Dispatch, dispatches
from ..on_behalf.nominations import LOAD_DAYS, Call, calls_ahead


class DispatchList(OfficeList):
    """Every class to which the person's towns send people now."""

    slug, address = "dispatch", "trainees:dispatch"
    heading = pgettext_lazy("navigation", "Dispatch")
    searched = ("training_class__title", "training_class__code", "training_class__campus__name")
    nothing = Nothing(
        gettext_lazy("No class keeps seats for street-towns now."),
        gettext_lazy(
            "Whoever plans a class sets the seats of each street-town; it appears here as soon as"
            " booking opens."
        ),
    )

    title = Column(
        gettext_lazy("Training class"), "training_class.title", sort=True, width="w-title"
    )
    code = Column(gettext_lazy("Code"), "training_class.code", sort=True, on=False, on_phone=False)
    campus = Column(
        gettext_lazy("Campus"), "training_class.campus.name", sort=True, width="w-place"
    )
    starts = Day(gettext_lazy("First lesson"), "training_class.starts_at", sort=True)
    towns = Number(gettext_lazy("Street-towns"), sort=True)
    seats = Number(gettext_lazy("Seats kept"), sort=True)
    left = Number(pgettext_lazy("of a quota", "Seats left"), sort=True)
    until = Moment(gettext_lazy("Kept until"), sort=True)
    sent = Number(pgettext_lazy("dispatch", "Sent"), sort=True)
    asked = Number(gettext_lazy("Not answered"), sort=True)
    coming = Number(gettext_lazy("Coming"), sort=True, on=False)
    cannot = Number(pgettext_lazy("of a nomination", "Cannot come"), sort=True)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        if self.user and not is_office(self.user):
            self.columns = {name: found for name, found in self.columns.items() if name != "towns"}

    def rows(self) -> list[Dispatch]:
        return dispatches(self.user, self.now)

    def key(self, row: Dispatch) -> str:
        return row.training_class.code

    def name(self, row: Dispatch) -> str:
        return row.training_class.title

    def link(self, row: Dispatch) -> str:
        return reverse("trainees:nominations", args=[row.training_class.code])

    def count_words(self, count: int) -> str:
        left = sum(row.left for row in self.found)
        classes = ngettext(
            "%(count)s class with seats for street-towns",
            "%(count)s classes with seats for street-towns",
            count,
        ) % {"count": count}
        seats = ngettext("%(count)s seat left", "%(count)s seats left", left) % {"count": left}
        return f"{classes}，{seats}"

    def links(self) -> list[Link]:
        return [Link(_("Who is called how often"), reverse("trainees:load"))]


def _called(call: Call) -> str:
    words = f"{day(call.on)} {call.title}"
    return f"{words} {pgettext('dispatch', 'sent')}" if call.sent else words


class LoadList(OfficeList):
    """Who of one's scope goes to classes in the next 30 days, by village and name: in no order of
    more or less.
    """

    slug, address = "load", "trainees:load"
    heading = gettext_lazy("Who is called when")
    nothing_matches = gettext_lazy("Nobody matches who is called in this time.")
    nothing = Nothing(
        gettext_lazy("Nobody is called in this time."),
        gettext_lazy("Whoever books or is sent appears here."),
    )

    person = Column(pgettext_lazy("of a person", "Name"), "name", sort="stroke_key")
    town = Column(gettext_lazy("Street-town"), "village.town.name", sort="village__town__code")
    village = Column(
        pgettext_lazy("unit", "Village"), "village.name", sort="village__code", width="w-place"
    )
    post = LongText(
        pgettext_lazy("of a person", "Post"), "position.name", sort="position__sort_order"
    )
    times = Number(gettext_lazy("Classes ahead"), lambda row: len(row.calls))
    calls = Names(gettext_lazy("Called to"), lambda row: [_called(call) for call in row.calls])

    @property
    def about(self) -> str:
        return _(
            "Classes that people go to in the next %(days)s days, sent or booked by themselves, so"
            " that nobody is called twice in a week unawares. In the order of villages and names."
        ) % {"days": LOAD_DAYS}

    @cached_property
    def form(self) -> LoadForm:
        return LoadForm(self.request.GET, user=self.user)

    def rows(self) -> QuerySet[Trainee]:
        ahead = Enrolment.objects.holding_a_seat().filter(
            training_class__starts_at__gt=self.now,
            training_class__starts_at__lte=self.now + timedelta(days=LOAD_DAYS),
        )
        people = people_of(self.user).filter(pk__in=ahead.values("trainee"))
        return people.order_by("village__code", "stroke_key", "pk")

    @cached_property
    def found(self) -> Any:
        if not self.is_known:
            return []
        people, query = self.rows(), self.form.cleaned_data["q"]
        if self.form.village_asked:
            people = people.filter(village=self.form.village_asked)
        elif self.form.town_asked:
            people = people.filter(village__town=self.form.town_asked)
        return found_among(people, query) if query else people

    def prepared(self, rows: list[Trainee]) -> list[Trainee]:
        """With the classes each of them goes to."""
        calls = calls_ahead(rows, self.now)
        for row in rows:
            row.calls = calls.get(row.pk, [])
        return rows

    def name(self, row: Trainee) -> str:
        return row.name

    def link(self, row: Trainee) -> str:
        if not self.user.has_perm("trainees.see_people"):
            return ""
        return reverse("trainees:person", args=[row.user_id])

    def show_calls(self, row: Trainee) -> str:
        links = (
            (
                day(call.on),
                reverse("trainees:class_page", args=[call.code]),
                call.title,
                format_html(" <small>{}</small>", pgettext("dispatch", "sent"))
                if call.sent
                else "",
            )
            for call in row.calls
        )
        return format_html_join(pgettext("between names", ", "), '{} <a href="{}">{}</a>{}', links)

    def count_words(self, count: int) -> str:
        words = ngettext("%(count)s person is called", "%(count)s people are called", count)
        return words % {"count": count}
