"""Following a course, a track or a campus, and who is to be told when a class opens. Source: FEATURES.md row 5."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from academy.errors import PortalError
from academy.models import Campus
from courses.models import ClassStatus, Course, Lesson, Track, TrainingClass

from .models import Enrolment, Follow, Trainee

TOLD_WITHIN = timedelta(days=7)  # of the opening; whoever was not told by then sees the class in the lists
MOST_FOLLOWS = 100  # of one person; more is a slip of a script
TARGETS = {"course": (Course, "code"), "track": (Track, "prefix"), "campus": (Campus, "code")}  # kind → model and what its address names it by


class TooManyFollows(PortalError):
    """The person follows as much as the portal keeps."""


def follow(*, trainee: Trainee, target: Course | Track | Campus, now: datetime) -> Follow:
    """Follow something; asked twice it is followed once. Raises TooManyFollows."""
    chosen = {kind_of(target): target}
    if found := Follow.objects.filter(trainee=trainee, **chosen).first():
        return found
    if Follow.objects.filter(trainee=trainee).count() >= MOST_FOLLOWS:
        raise TooManyFollows(_("You follow %(count)d things already. End one of them first.") % {"count": MOST_FOLLOWS})
    try:
        with transaction.atomic():
            return Follow.objects.create(trainee=trainee, since=now, **chosen)
    except IntegrityError:  # the other of two taps was first
        return Follow.objects.get(trainee=trainee, **chosen)


def unfollow(*, trainee: Trainee, target: Course | Track | Campus) -> bool:
    """End a follow; says whether there was one."""
    deleted, _of_which = Follow.objects.filter(trainee=trainee, **{kind_of(target): target}).delete()
    return deleted > 0


def kind_of(target: Course | Track | Campus) -> str:
    return next(kind for kind, (model, _name) in TARGETS.items() if isinstance(target, model))


@dataclass(frozen=True)
class News:
    """A class that opened, for one person who follows something of it: one of the follows, the most particular."""

    follow: Follow
    training_class: TrainingClass


def news(now: datetime) -> Iterator[News]:
    """Classes opened lately, each once for everybody who followed something of it by then and is not enrolled; five queries.

    A light account hears only of classes open to its group, a cadre of none that are for groups only.
    Whoever begins to follow later is not told of what was open before: the page shows it.
    """
    opened = TrainingClass.objects.filter(status=ClassStatus.OPEN, opened_at__gt=now - TOLD_WITHIN, opened_at__lte=now, booking_closes_at__gt=now)
    classes = {item.pk: item for item in opened.select_related("campus")}
    taught: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for class_id, course_id, track_id in Lesson.objects.filter(training_class__in=classes).values_list(
        "training_class", "course_version__course", "course_version__course__track"
    ):  # fmt: skip
        taught[class_id] |= {("course", course_id), ("track", track_id)}
    enrolled = set(Enrolment.objects.live().filter(training_class__in=classes).values_list("trainee", "training_class"))
    open_to = set(TrainingClass.open_to_groups.through.objects.filter(trainingclass__in=classes).values_list("trainingclass", "learnergroup"))
    by_target: dict[tuple[str, int], list[Follow]] = defaultdict(list)
    for item in _follows_of(set().union(*taught.values()) | {("campus", item.campus_id) for item in classes.values()}):
        by_target[kind_of(item.target), item.target.pk].append(item)
    for item in classes.values():
        told = set()
        wanted = sorted(taught[item.pk] | {("campus", item.campus_id)}, key=lambda target: (list(TARGETS).index(target[0]), target[1]))
        for found in (found for target in wanted for found in by_target[target]):
            person = found.trainee
            is_for_them = (item.pk, person.learner_group_id) in open_to if person.is_light else not item.groups_only
            if is_for_them and found.since <= item.opened_at and found.trainee_id not in told and (found.trainee_id, item.pk) not in enrolled:
                told.add(found.trainee_id)
                yield News(found, item)


def _follows_of(targets: set[tuple[str, int]]) -> QuerySet[Follow]:
    keys = {kind: [key for found, key in targets if found == kind] for kind in TARGETS}
    fits = Q(course__in=keys["course"]) | Q(track__in=keys["track"]) | Q(campus__in=keys["campus"])
    return Follow.objects.filter(fits).select_related("course", "track", "campus", "trainee__user").order_by("pk")
