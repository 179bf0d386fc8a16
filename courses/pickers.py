"""Courses, classes, rooms and experts that can be chosen by typing; rooms and experts with whether
they are free at the time of the lesson.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from academy.models import Venue
from academy.picking.kinds import FREE, MOST, TAKEN, Ask, Choice, PickKind, rank
from academy.search.index import Findable, codes_found
from academy.templatetags.portal_tags import short_day
from academy.text.numbers import plain

from .experts import matching, with_load
from .models import FINDABLE_CLASSES, Course, Expert, Lesson, LessonTeacher, TrainingClass
from .schedule.season import FIRST_YEAR, LAST_YEAR, Season
from .schedule.teachers import class_teachers

LONGEST_KEY = 18  # digits
PERSON = "person-"  # before the key of a class teacher, as the form of lessons names one


def _facts(*facts: str) -> str:
    return pgettext("between facts", ", ").join(filter(None, facts))


def _number(text: str | None) -> int | None:
    text = text or ""
    is_key = text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
    return int(text) if is_key else None


@dataclass(frozen=True)
class Sitting:
    """When a lesson is to be, and which one it is already: it does not clash with itself."""

    starts_at: datetime
    ends_at: datetime
    lesson: int | None = None

    @classmethod
    def of(cls, ask: Ask) -> "Sitting | None":
        """What the form says; nothing while it says no whole time."""
        about = ask.about
        try:
            day = date.fromisoformat(about.get("day", ""))
            starts, ends = (time.fromisoformat(about.get(name, "")) for name in ("starts", "ends"))
        except ValueError:
            return None
        if (
            not FIRST_YEAR <= day.year <= LAST_YEAR
            or starts >= ends
            or starts.tzinfo
            or ends.tzinfo
        ):
            return None
        begins, over = (
            timezone.make_aware(datetime.combine(day, moment)) for moment in (starts, ends)
        )
        return cls(begins, over, _number(about.get("lesson")))

    @property
    def others(self) -> QuerySet[Lesson]:
        """The other lessons at this time."""
        return Lesson.objects.overlapping(self.starts_at, self.ends_at).exclude(pk=self.lesson or 0)


def _busy_words(title: str, starts_at: datetime) -> str:
    return _("taken at %(time)s: %(title)s") % {
        "time": f"{timezone.localtime(starts_at):%H:%M}",
        "title": title,
    }


# --- Courses and classes --------------------------------------------------------------------------


class CourseKind(PickKind):
    """Published courses, which everybody sees: found as the search page finds them, or by the
    beginning of the code.
    """

    name = "course"

    def may_ask(self, user) -> bool:
        return user.is_authenticated

    def choices(self, user, ask: Ask) -> list[Choice]:
        courses = Course.objects.published().select_related("track")
        if ask.words:
            codes = codes_found(ask.query, kind="course")
            place = {code: number for number, code in enumerate(codes)}
            begins = ask.query.upper()
            found = courses.filter(Q(code__in=codes[: MOST * 4]) | Q(code__startswith=begins))
            rows = sorted(
                found,
                key=lambda row: (not row.code.startswith(begins), place.get(row.code, 0), row.code),
            )
        else:
            rows = courses.order_by("code")[: MOST + 1]
        return [
            Choice(
                row.code,
                row.pk,
                f"{row.code} {row.title}",
                _facts(row.track.name, _("%(hours)s hours") % {"hours": plain(row.hours)}),
            )
            for row in rows[: MOST + 1]
        ]


class ClassKind(PickKind):
    """Classes that the person runs, the latest first."""

    name = "class"

    def may_ask(self, user) -> bool:
        return user.has_perm("courses.view_schedule")

    def choices(self, user, ask: Ask) -> list[Choice]:
        run = TrainingClass.objects.run_by(user).select_related("campus")
        place: dict[str, int] = {}
        if ask.words:
            drafts = run.exclude(status__in=FINDABLE_CLASSES).values_list("code", "title")
            unlisted = (Findable(code, title, "") for code, title in drafts)
            found = codes_found(ask.query, kind="class", unlisted=unlisted)
            place = {code: number for number, code in enumerate(found)}
            run = run.filter(Q(code__in=found[: MOST * 20]) | Q(code__startswith=ask.query.upper()))
        rows = list(run.order_by("-starts_at", "code")[: MOST * 4])
        rows.sort(key=lambda row: place.get(row.code, 0))
        return [
            Choice(
                row.code,
                row.pk,
                row.title,
                _facts(
                    short_day(row.starts_at) or _("no date yet"),
                    row.campus.name,
                    row.get_status_display(),
                ),
            )
            for row in rows[: MOST + 1]
        ]


# --- Rooms ----------------------------------------------------------------------------------------


class RoomKind(PickKind):
    """Rooms in use: those of the class's campus first, the free and the large enough before the
    others, the tightest fit first.
    """

    name = "room"

    def may_ask(self, user) -> bool:
        return user.has_perm("courses.view_schedule")

    def choices(self, user, ask: Ask) -> list[Choice]:
        rooms = Venue.objects.filter(ended_on__isnull=True, campus__ended_on__isnull=True)
        sitting, campus = Sitting.of(ask), _number(ask.about.get("campus"))
        seats = _number(ask.about.get("seats")) or 0
        taken = {}
        if sitting:
            of_rooms = sitting.others.order_by("-starts_at").values_list(
                "venue", "training_class__title", "starts_at"
            )
            taken = {venue: _busy_words(title, begins) for venue, title, begins in of_rooms}
        ranked = []
        for room in rooms.select_related("campus"):
            place = rank(ask, room.code, [room.name, room.campus.name, room.immersive_topic])
            if place is not None:
                fit = (room.pk in taken, room.capacity < seats, room.capacity, room.code)
                ranked.append((room.campus_id != campus, place if ask.words else 0, *fit, room))
        ranked.sort(key=lambda row: row[:-1])
        return [self._choice(row[-1], sitting, taken) for row in ranked[: MOST + 1]]

    @staticmethod
    def _choice(room: Venue, sitting: Sitting | None, taken: dict[int, str]) -> Choice:
        state = "" if sitting is None else TAKEN if room.pk in taken else FREE
        seats = ngettext("%(count)d seat", "%(count)d seats", room.capacity)
        return Choice(
            room.code,
            room.pk,
            room.name,
            _facts(
                room.campus.name,
                seats % {"count": room.capacity},
                taken.get(room.pk, "") or (pgettext("of a room", "free") if state else ""),
            ),
            state,
        )


# --- Experts --------------------------------------------------------------------------------------


class ExpertKind(PickKind):
    """The register, as its page finds experts: who is free first, then who has taught least this
    season.
    """

    name = "expert"

    def may_ask(self, user) -> bool:
        return user.has_perm("courses.view_schedule")

    def choices(self, user, ask: Ask) -> list[Choice]:
        sitting = Sitting.of(ask)
        day = sitting.starts_at if sitting else timezone.now()
        season = Season.of(timezone.localtime(day).date())
        found = {item.pk: item for item in self._found(ask)}
        busy = self._busy(sitting, expert__in=found) if sitting else {}
        loads = with_load(Expert.objects.filter(pk__in=found), season).order_by()
        load = {
            pk: (lessons, hours)
            for pk, lessons, hours in loads.values_list("pk", "season_lessons", "season_hours")
        }
        rows = [
            (rank(ask, item.code, [item.name]), pk in busy, load.get(pk, (0, Decimal(0))), item)
            for pk, item in found.items()
        ]
        rows.sort(key=lambda row: (3 if row[0] is None else row[0], row[1], row[2], row[3].code))
        return [
            self._choice(item, *load_of, busy.get(item.pk, ""), sitting)
            for _rank, _is_busy, load_of, item in rows[: MOST + 1]
        ]

    @staticmethod
    def _found(ask: Ask) -> list[Expert]:
        """By name or code in any spelling, or as the register finds them by what they teach."""
        everybody = list(Expert.objects.select_related("village"))
        if not ask.words:
            return everybody
        named = [item for item in everybody if rank(ask, item.code, [item.name]) is not None]
        return named or list(matching(Expert.objects.all(), words=ask.query))

    @staticmethod
    def _busy(sitting: Sitting, **whom) -> dict[int, str]:
        """Key → what they teach at that time."""
        (field, _keys), *_rest = whom.items()
        owner = field.split("__")[0]
        taught = LessonTeacher.objects.filter(lesson__in=sitting.others, **whom).order_by()
        return {
            key: _busy_words(title, begins)
            for key, title, begins in taught.values_list(
                owner, "lesson__training_class__title", "lesson__starts_at"
            )
        }

    @staticmethod
    def _choice(item: Expert, lessons: int, hours, busy: str, sitting: Sitting | None) -> Choice:
        given = ngettext(
            "%(count)d lesson of %(hours)s hours this season",
            "%(count)d lessons of %(hours)s hours this season",
            lessons,
        )
        return Choice(
            item.code,
            item.pk,
            item.name,
            _facts(
                item.category,
                given % {"count": lessons, "hours": plain(Decimal(hours))} if lessons else "",
                busy or (pgettext("of an expert", "free") if sitting else ""),
            ),
            "" if sitting is None else TAKEN if busy else FREE,
        )


class TeacherKind(ExpertKind):
    """Experts, and the staff who may look after a class."""

    name = "teacher"

    def choices(self, user, ask: Ask) -> list[Choice]:
        experts = super().choices(user, ask)
        if not ask.words:
            return experts
        sitting = Sitting.of(ask)
        staff = [item for item in class_teachers() if rank(ask, "", [item.name]) is not None][:MOST]
        busy = self._busy(sitting, person__in=[item.pk for item in staff]) if sitting else {}
        people = [
            Choice(
                f"{PERSON}{item.pk}",
                item.pk,
                item.name,
                _facts(_("Staff"), busy.get(item.pk, "")),
                "" if sitting is None else TAKEN if item.pk in busy else FREE,
            )
            for item in staff
        ]
        named = [item for item in experts if rank(ask, item.code, [item.words]) is not None]
        others = [item for item in experts if item not in named]
        return [*named, *people, *others][: MOST + 1]


PICKERS = [CourseKind, ClassKind, RoomKind, ExpertKind, TeacherKind]
