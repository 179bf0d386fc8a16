"""Following a course, a track or a campus, and who is to be told when a class opens.

Source: docs/rules.md R23.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import Campus
from courses.models import ClassStatus, Course, Lesson, Track, TrainingClass
from courses.schedule.places import load_places
from courses.schedule.scheduling import season_of

from ..eligibility.choosing import seats_for
from ..eligibility.reasons import may_be_for
from ..eligibility.requirements import requirements_of
from ..models import Enrolment, Follow, Trainee

# of the opening; whoever was not told by then sees the class in the lists
TOLD_WITHIN = timedelta(days=7)
MOST_FOLLOWS = 100  # of one person; more is a slip of a script
# kind → model and what its address names it by
TARGETS = {"course": (Course, "code"), "track": (Track, "prefix"), "campus": (Campus, "code")}


class TooManyFollows(PortalError):
    """The person follows as much as the portal keeps."""


def follow(*, trainee: Trainee, target: Course | Track | Campus, now: datetime) -> Follow:
    """Follow something; asked twice it is followed once. Raises TooManyFollows."""
    chosen = {kind_of(target): target}
    if found := Follow.objects.filter(trainee=trainee, **chosen).first():
        return found
    if Follow.objects.filter(trainee=trainee).count() >= MOST_FOLLOWS:
        raise TooManyFollows(
            _("You follow %(count)d things already. End one of them first.")
            % {"count": MOST_FOLLOWS}
        )
    try:
        with transaction.atomic():
            return Follow.objects.create(trainee=trainee, since=now, **chosen)
    except IntegrityError:  # the other of two taps was first
        return Follow.objects.get(trainee=trainee, **chosen)


def unfollow(*, trainee: Trainee, target: Course | Track | Campus) -> bool:
    """End a follow; says whether there was one."""
    deleted, _of_which = Follow.objects.filter(
        trainee=trainee, **{kind_of(target): target}
    ).delete()
    return deleted > 0


def kind_of(target: Course | Track | Campus) -> str:
    """Return what is followed: course, track or campus."""
    return next(kind for kind, (model, _name) in TARGETS.items() if isinstance(target, model))


@dataclass(frozen=True)
class News:
    """What opened of a course in a season, for one person who follows something of it: the classes
    the person may book, the nearest first.
    """

    follow: Follow  # one of those that fit, the most particular
    course: Course
    season: str
    classes: list[TrainingClass]


def news(now: datetime, told: Collection[tuple[int, int, str]] = ()) -> Iterator[News]:
    """Classes opened lately, for everybody who followed something of them by then, can have a seat
    and is not enrolled.

    Once for a course and season, however many runs and follows there are; `told` are those who
    were, as keys of user and course, and the season. Whoever begins to follow later is not told of
    what was open before: the page shows it.
    """
    opened = TrainingClass.objects.filter(
        status=ClassStatus.OPEN,
        opened_at__gt=now - TOLD_WITHIN,
        opened_at__lte=now,
        booking_closes_at__gt=now,
    )
    classes = {
        item.pk: item
        for item in opened.select_related("campus__town").order_by("starts_at", "code")
    }
    load_places(classes.values())
    taught = _taught(classes)
    requirements = requirements_of(classes.values())
    prefetch_related_objects(list(classes.values()), "pools")
    enrolled = set(
        Enrolment.objects.live()
        .filter(training_class__in=classes)
        .values_list("trainee", "training_class")
    )
    courses = Course.objects.in_bulk(
        {key for found in taught.values() for kind, key in found if kind == "course"}
    )
    by_target: dict[tuple[str, int], list[Follow]] = defaultdict(list)
    at = {key: {("campus", campus.pk) for campus in item.places} for key, item in classes.items()}
    for item in _follows_of(set().union(*taught.values(), *at.values())):
        by_target[kind_of(item.target), item.target.pk].append(item)
    wanted: dict[Trainee, dict[tuple[int, str], list[tuple[Follow, TrainingClass]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for item in classes.values():
        seen = set()
        season = item.season or season_of(item.starts_at)
        for kind, key in sorted(
            {*taught[item.pk], *at[item.pk]},
            key=lambda target: (list(TARGETS).index(target[0]), target[1]),
        ):
            course = (
                key
                if kind == "course"
                else next((key for kind, key in taught[item.pk] if kind == "course"), None)
            )
            for found in by_target[kind, key]:
                person = found.trainee
                if (
                    course is None
                    or person in seen
                    or found.since > item.opened_at
                    or (person.user_id, course, season) in told
                ):
                    continue
                if may_be_for(person, item, requirements[item.pk]):
                    seen.add(person)
                    wanted[person][course, season].append((found, item))
    for person, groups in wanted.items():
        bookable = seats_for(
            person,
            {item.pk: item for group in groups.values() for _found, item in group}.values(),
            now,
        )
        for (course, season), group in groups.items():
            keys = {item.pk for _found, item in group}
            if any((person.pk, key) in enrolled for key in keys):  # one run is enough
                continue
            if runs := [item for item in bookable if item.pk in keys]:
                yield News(
                    min(
                        (found for found, _item in group),
                        key=lambda found: list(TARGETS).index(kind_of(found.target)),
                    ),
                    courses[course],
                    season,
                    runs,
                )


def runs_for(trainee: Trainee, course: Course, season: str, now: datetime) -> list[TrainingClass]:
    """Open classes that teach the course in the season and that the person may book."""
    classes = (
        TrainingClass.objects.filter(
            status=ClassStatus.OPEN, lessons__course_version__course=course
        )
        .select_related("campus__town")
        .distinct()
    )
    return seats_for(
        trainee,
        [item for item in classes if (item.season or season_of(item.starts_at)) == season],
        now,
    )


def _taught(classes: Iterable[int]) -> dict[int, dict[tuple[str, int], None]]:
    """Class key → what it teaches, the courses and tracks in the order of its lessons; one
    query.
    """
    taught: dict[int, dict[tuple[str, int], None]] = {key: {} for key in classes}
    lessons = Lesson.objects.filter(training_class__in=taught).order_by("starts_at", "pk")
    for class_id, course_id, track_id in lessons.values_list(
        "training_class", "course_version__course", "course_version__course__track"
    ):
        taught[class_id] |= {("course", course_id): None, ("track", track_id): None}
    return taught


def _follows_of(targets: set[tuple[str, int]]) -> QuerySet[Follow]:
    keys = {kind: [key for found, key in targets if found == kind] for kind in TARGETS}
    fits = Q(course__in=keys["course"]) | Q(track__in=keys["track"]) | Q(campus__in=keys["campus"])
    profile = (
        "trainee__user",
        "trainee__village__town",
        "trainee__position",
        "trainee__stage",
        "trainee__learner_group",
    )
    return (
        Follow.objects.filter(fits)
        .select_related("course", "track", "campus", *profile)
        .order_by("pk")
    )
