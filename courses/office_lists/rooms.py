"""The list of rooms at a time: which are free, the tightest fit first, and who has the others."""

from datetime import timedelta
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from academy.lists.actions import Nothing
from academy.lists.columns import Action, Badge, Column, LongText, Number
from academy.lists.listing import OfficeList
from academy.templatetags.portal_tags import clock, day, span

from ..forms.rooms import RoomForm
from ..schedule.free_times import RoomOption, rooms_for, usual_starts
from ..schedule.holidays import mark_of, not_announced

A_WEEK = timedelta(days=7)


def _taken_in_words(option: RoomOption) -> str:
    lesson = option.taken_by
    if lesson is None:
        return ""
    return f"{span(lesson)} {lesson.training_class.title} ({lesson.training_class.code})"


class RoomList(OfficeList):
    """At first the next usual time in a week."""

    slug, address = "rooms", "courses:rooms"
    heading = gettext_lazy("Find a room")
    nothing = Nothing(
        gettext_lazy("No room is free then."),
        gettext_lazy("Take another time, fewer seats, or any campus."),
    )
    nothing_matches = gettext_lazy("No room is free then.")

    room = Column(gettext_lazy("Room"), "venue.name", sort=True)
    campus = Column(gettext_lazy("Campus"), "venue.campus.name", sort=True, width="w-place")
    floor = Column(gettext_lazy("Floor"), "venue.floor", sort=True)
    seats = Number(gettext_lazy("Seats"), "venue.capacity", sort=True)
    state = Badge(
        gettext_lazy("State"),
        lambda row: ("ok", _("Free")) if row.is_free else ("idle", _("Taken")),
        sort=True,
    )
    taken_by = LongText(pgettext_lazy("a room", "Taken by"), _taken_in_words)
    topic = Column(gettext_lazy("Practice topic"), "venue.immersive_topic", sort=True)
    equipment = LongText(gettext_lazy("Equipment"), "venue.equipment", on_phone=False)
    use = Action(gettext_lazy("Use it"))

    @cached_property
    def form(self) -> RoomForm:
        asked = {
            name: self.request.GET[name]
            for name in RoomForm.base_fields
            if self.request.GET.get(name)
        }
        return RoomForm({**self._usual_time(), **asked} if asked else self._usual_time())

    def _usual_time(self) -> dict[str, str]:
        soon = self.now + A_WEEK
        begins = timezone.localtime(next(usual_starts(soon), soon))
        return {
            "day": begins.date().isoformat(),
            "starts": f"{begins:%H:%M}",
            "minutes": str(RoomForm.base_fields["minutes"].initial),
        }

    def rows(self) -> list[RoomOption]:
        if not self.is_known:
            return []
        wanted, (starts_at, ends_at) = self.form.cleaned_data, self.form.span
        return rooms_for(
            starts_at,
            ends_at,
            seats=wanted["seats"] or 0,
            campus=wanted["campus"],
            topic=wanted["topic"],
        )

    @cached_property
    def found(self) -> list[RoomOption]:
        return self.rows()

    @property
    def notes(self) -> list[str]:
        """The time that was asked for, and what is known of the day."""
        notes = super().notes
        if not self.is_known:
            return notes
        starts_at, ends_at = self.form.span
        on = self.form.cleaned_data["day"]
        mark = mark_of(on)
        words = [f"{day(starts_at)} {clock(starts_at)}—{clock(ends_at)}"]
        if mark.words:
            words.append(str(mark.words))
        elif mark.is_off:
            words.append(_("weekend"))
        words += [
            _("the public holidays of %(year)s are not announced yet; only weekends are marked")
            % {"year": year}
            for year in not_announced([on.year])
        ]
        return [*notes, "，".join(words)]

    def key(self, row: RoomOption) -> str:
        return row.venue.code

    def name(self, row: RoomOption) -> str:
        return row.venue.name

    def show_use(self, row: RoomOption) -> str:
        if not row.is_free or not self.user.has_perm("courses.add_trainingclass"):
            return ""
        starts_at, ends_at = (timezone.localtime(moment) for moment in self.form.span)
        wish = {
            "venue": row.venue.code,
            "day": f"{starts_at:%Y-%m-%d}",
            "starts": f"{starts_at:%H:%M}",
            "ends": f"{ends_at:%H:%M}",
        }
        return format_html(
            '<a class="btn btn-quiet" href="{}?{}" aria-label="{}">{}</a>',
            reverse("courses:class_create"),
            urlencode(wish),
            _("Use it: %(name)s, %(campus)s")
            % {"name": row.venue.name, "campus": row.venue.campus.name},
            _("Use it"),
        )

    def count_words(self, count: int) -> str:
        free = sum(option.is_free for option in self.found)
        words = ngettext("%(count)s room is free", "%(count)s rooms are free", free)
        return words % {"count": free}
