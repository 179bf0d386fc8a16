"""The repeat guard: who took a course, one that counts as the same, or one with nearly the same
content.

Source: docs/rules.md R21.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from dateutil.relativedelta import relativedelta
from django.core.cache import cache
from django.db.models import Count, Q, Sum
from django.utils import timezone

from courses.catalogue.likeness import NEAR_SAME, likeness
from courses.models import Course, CourseVersion, SeatPool, TrainingClass

from ..models import Enrolment, Trainee
from ..statements import lessons_attended
from .requirements import Requirements

RATE_MONTHS = 12  # of the rate that staff see
GUARDED_MONTHS = 24  # so long a course counts as fresh; docs/rules.md R21


@dataclass
class Training:
    """A course that a person took part in, in a class that is closed: the newest time."""

    course_id: int
    version_id: int
    title: str
    class_title: str
    on: date
    equivalents: set[int] = field(default_factory=set)


class Kinship(Enum):
    """In which way an earlier training was the same."""

    SAME = "same"
    EQUIVALENT = "equivalent"
    NEAR_SAME = "near_same"


@dataclass(frozen=True)
class Earlier:
    """An earlier training that a class would repeat, and the course of the class that repeats
    it.
    """

    training: Training
    course_id: int
    kinship: Kinship
    score: int = 100


def trainings_of(trainee: Trainee) -> list[Training]:
    """What the person has taken part in, the newest first, each course once; one query."""
    found: dict[int, Training] = {}
    for lesson in lessons_attended(trainee.pk):
        training = found.setdefault(
            lesson.course_id,
            Training(
                lesson.course_id,
                lesson.course_version_id,
                lesson.version_title,
                lesson.class_title,
                timezone.localdate(lesson.starts_at),
            ),
        )
        if lesson.equivalent is not None:
            training.equivalents.add(lesson.equivalent)
    return list(found.values())


def courses_taken(trainings: Iterable[Training]) -> set[int]:
    """Keys of the courses that count as taken, whenever it was: the ones taken and those that count
    as the same.
    """
    return {key for training in trainings for key in (training.course_id, *training.equivalents)}


def earlier_trainings(
    trainings: Iterable[Training], wanted: Mapping[int, Requirements], now: datetime
) -> dict[int, list[Earlier]]:
    """Class key → what it would repeat of the last 24 months, the newest first; one query at most,
    for contents not met before.

    The same course and an equivalent one are known at once; contents are compared only for what is
    left.
    """
    since = timezone.localdate(now) - relativedelta(months=GUARDED_MONTHS)
    recent = [training for training in trainings if training.on >= since]
    found: dict[int, list[Earlier]] = {}
    unclear: list[int] = []
    for class_id, requirements in wanted.items():
        found[class_id] = [
            earlier for training in recent if (earlier := _by_course(training, requirements))
        ]
        if recent and not found[class_id] and requirements.versions:
            unclear.append(class_id)
    if unclear:
        contents = _contents(
            {key for class_id in unclear for key in wanted[class_id].versions}
            | {training.version_id for training in recent}
        )
        for class_id in unclear:
            found[class_id] = [
                earlier
                for training in recent
                if (earlier := _by_content(training, wanted[class_id], contents))
            ]
    return found


def _by_course(training: Training, requirements: Requirements) -> Earlier | None:
    if training.course_id in requirements.courses:
        return Earlier(training, training.course_id, Kinship.SAME)
    for course_id in training.equivalents & set(requirements.courses):
        return Earlier(training, course_id, Kinship.EQUIVALENT)
    return None


def _by_content(
    training: Training, requirements: Requirements, contents: Mapping[int, tuple[int, dict]]
) -> Earlier | None:
    _course, content = contents[training.version_id]
    scores = [
        (likeness(content, contents[key][1]), contents[key][0]) for key in requirements.versions
    ]
    score, course_id = max(scores)
    return Earlier(training, course_id, Kinship.NEAR_SAME, score) if score >= NEAR_SAME else None


def _contents(versions: Iterable[int]) -> dict[int, tuple[int, dict]]:
    """Version key → its course and frozen content; a version from before contents were kept has at
    least its title.

    A version never changes, so Django's cache keeps it.
    """
    keys = {f"courses:version:{key}": key for key in versions}
    contents = {keys[name]: content for name, content in cache.get_many(keys).items()}
    if unknown := set(versions) - contents.keys():
        rows = CourseVersion.objects.filter(pk__in=unknown).order_by()
        read = {
            key: (course_id, content or {"title": title})
            for key, course_id, title, content in rows.values_list(
                "pk", "course_id", "title", "content"
            )
        }
        cache.set_many({f"courses:version:{key}": content for key, content in read.items()})
        contents |= read
    return contents


def next_level(courses: Iterable[int]) -> list[Course]:
    """Published courses that build on these."""
    return list(
        Course.objects.published()
        .filter(prerequisites__in=list(courses))
        .distinct()
        .order_by("code")
    )


# --- How often ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RepeatRate:
    """Of the bookings that count, how many repeat. No percentage of nothing."""

    repeats: int
    bookings: int

    @property
    def per_cent(self) -> int | None:
        return round(100 * self.repeats / self.bookings) if self.bookings else None


def recent_repeat_rate(user, now: datetime) -> RepeatRate:
    """Of the classes that the person runs and that began within the last twelve months or later.

    The classes know how many seats are taken and how many people wait, so that only repeats and
    the bookings of other groups are counted one by one. Four queries, whatever the bookings.
    """
    since = now - relativedelta(months=RATE_MONTHS)
    classes = TrainingClass.objects.run_by(user).filter(starts_at__gte=since).order_by()
    seated = SeatPool.objects.filter(training_class__in=classes).order_by()
    taken = seated.aggregate(taken=Sum("seats_taken", default=0))["taken"]
    waiting = classes.aggregate(waiting=Sum("waiting_count", default=0))["waiting"]
    live = Enrolment.objects.live().filter(training_class__in=classes)
    of_groups = live.filter(learner_group__isnull=False).count()
    return RepeatRate(
        repeats=live.of_cadres().filter(is_repeat=True).count(),
        bookings=taken + waiting - of_groups,
    )


def repeat_rate(classes: Iterable[TrainingClass]) -> RepeatRate:
    """Over the cadres' live bookings (waiting, offered, booked, completed) of a few classes."""
    live = Enrolment.objects.of_cadres().live().filter(training_class__in=classes)
    counts = live.aggregate(bookings=Count("pk"), repeats=Count("pk", filter=Q(is_repeat=True)))
    return RepeatRate(counts["repeats"], counts["bookings"])
