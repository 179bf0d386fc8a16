"""The people and classes behind the figures of one village."""

from collections import defaultdict
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.lists.actions import Link, Nothing
from academy.lists.columns import Column, Day, Names
from academy.lists.listing import OfficeList
from academy.models import Village
from academy.templatetags.portal_tags import full_day
from trainees.models import Enrolment, Trainee

from .forms import DayForm
from .lists import TownsByTrack, cell_badge
from .next_classes import next_steps
from .reach import Window, attended, by_track, reach_of, seats_behind, window_up_to


class SeatsOfVillage(OfficeList):
    """The class seats that the figures of one village are made of, the latest class first.

    Whoever works elsewhere now is counted where they booked, but only named to those who see them.
    """

    slug, address = "coverage-seats", "coverage:village"
    template = "portal/coverage/village.html"
    nothing = Nothing(gettext_lazy("Nobody of this village came in these twelve months."))

    title = Column(gettext_lazy("Training class"), "training_class.title", width="w-title")
    starts = Day(gettext_lazy("First lesson"), "training_class.starts_at")
    person = Column(pgettext_lazy("of a person", "Name"), "shown_name")
    phone = Column(gettext_lazy("Phone"), "shown_phone")
    post = Column(pgettext_lazy("of a person", "Post"), "post")
    stage = Column(gettext_lazy("Growth stage"), "trainee.stage.name")
    tracks = Names(pgettext_lazy("of courses", "Tracks"), "tracks_attended")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.village: Village | None = None

    def of_village(self, village: Village) -> "SeatsOfVillage":
        """The list of this village; the view has asked whether the reader sees it."""
        self.village, self.args = village, (village.code,)
        return self

    @property
    def heading(self) -> str:
        if self.village is None:
            return str(TownsByTrack.heading)
        return _("%(village)s: who came in twelve months") % {"village": self.village.name}

    @cached_property
    def form(self) -> DayForm:
        return DayForm(self.request.GET, today=self.today)

    @property
    def window(self) -> Window:
        return window_up_to(self.form.as_of)

    @property
    def about(self) -> str:
        words = _(
            "Class seats from %(first)s to %(last)s in which somebody was there for at least one"
            " lesson."
        )
        return words % {"first": full_day(self.window.first), "last": full_day(self.window.last)}

    def rows(self) -> QuerySet[Enrolment]:
        return seats_behind(self.village, self.window)

    @cached_property
    def found(self) -> Any:
        return self.rows() if self.is_known else []

    def prepared(self, rows: list[Enrolment]) -> list[Enrolment]:
        """With the tracks attended, and the names that the reader may see; two statements."""
        tracks: dict[int, list[str]] = defaultdict(list)
        for key, name in (
            attended(self.window)
            .filter(enrolment__in=rows)
            .order_by("lesson__course_version__course__track__sort_order")
            .values_list("enrolment", "lesson__course_version__course__track__name")
        ):
            if name not in tracks[key]:
                tracks[key].append(name)
        known = set(
            Trainee.objects.visible_to(self.user)
            .filter(pk__in=[row.trainee_id for row in rows])
            .values_list("pk", flat=True)
        )
        for row in rows:
            is_known = row.trainee_id in known
            person = row.trainee.user
            row.shown_name = person.name if is_known else _("Works elsewhere now")
            row.shown_phone = person.masked_phone if is_known else ""
            row.tracks_attended = tracks[row.pk]
        return rows

    def name(self, row: Enrolment) -> str:
        return f"{row.training_class.title} {row.shown_name}"

    def link(self, row: Enrolment) -> str:
        return row.training_class.get_absolute_url()

    def count_words(self, count: int) -> str:
        return ngettext("%(count)s class seat", "%(count)s class seats", count) % {"count": count}

    @property
    def crumb(self) -> Link | None:
        town = self.village.town
        return Link(town.name, reverse("coverage:villages", args=[town.code]))

    def context(self) -> dict[str, Any]:
        """The tracks of the village with what can be done about each."""
        axis = by_track()
        reached = reach_of([self.village.town], axis, as_of=self.form.as_of, now=self.now)
        row = next((found for found in reached if found.pk == self.village.pk), None)
        if row is None:
            return {"village": self.village, "has_ended": True}
        gaps = [track for track in axis.terms if row.has_gap_in(track.pk)]
        steps = {}
        if gaps and row.cadres:
            found = next_steps(self.user, self.village.town, gaps, self.now, self.village)
            steps = {step.track.pk: step for step in found}
        return {
            "village": self.village,
            "cadres": row.cadres,
            "parts": [
                (track, cell_badge(row.cells[track.pk]), steps.get(track.pk))
                for track in axis.terms
            ],
        }
