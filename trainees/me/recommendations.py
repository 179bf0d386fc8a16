"""A few classes for one person, each with the rule that named it. Source: docs/rules.md R23.

Only facts that the portal holds: study hours of the year, what the person follows and has taken,
the post, the own town's salon. Nobody is compared with anybody, and every class named can be booked
by the person now, with a seat.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from academy.models import CampusKind
from academy.templatetags.portal_tags import day, hours
from courses.models import Lesson, Track, TrainingClass

from ..eligibility.choosing import seats_for
from ..eligibility.repeats import courses_taken, trainings_of
from ..models import Follow, HourEntry, Trainee
from ..record.hours import booked_lessons, target_for

MOST = 3
LOOKED_AT = 60  # the next open classes; who looks further ahead uses the list


@dataclass(frozen=True)
class Recommendation:
    """A class, and the sentence that says why it is named."""

    training_class: TrainingClass
    rule: str  # hours, follow, next_step, salon, post
    reason: str


@dataclass(frozen=True)
class Taught:
    """A course of a class."""

    course_id: int
    title: str
    track_id: int
    track: str
    hours: Decimal
    prerequisite_id: int | None
    prerequisite: str | None


def recommend(trainee: Trainee, now: datetime) -> list[Recommendation]:
    """At most three classes, one for each rule as far as there are, the most needed rule first; a
    fixed number of queries.
    """
    candidates = (
        TrainingClass.objects.upcoming(now)
        .filter(booking_opens_at__lte=now, booking_closes_at__gt=now)
        .select_related("campus")
    )
    fits = seats_for(trainee, candidates[:LOOKED_AT], now)
    return _one_of_each_rule(_named(trainee, fits, now))[:MOST] if fits else []


def _one_of_each_rule(named: Iterable[Recommendation]) -> list[Recommendation]:
    """The first of each rule, then the second of each, and so on; no class twice."""
    rounds: dict[str, int] = {}
    ranked, seen = [], set()
    for number, item in enumerate(named):
        if item.training_class.pk not in seen:
            seen.add(item.training_class.pk)
            rounds[item.rule] = rounds.get(item.rule, 0) + 1
            ranked.append((rounds[item.rule], number, item))
    return [item for _round, _number, item in sorted(ranked, key=lambda row: row[:2])]


def _named(
    trainee: Trainee, classes: list[TrainingClass], now: datetime
) -> Iterable[Recommendation]:
    """Every rule that names a class, rule by rule, in the order of the classes."""
    taught = _taught(classes)
    years = {item.pk: timezone.localdate(item.starts_at).year for item in classes}
    missing = {year: _missing_hours(trainee, year, now) for year in set(years.values())}
    untouched = {
        year: _tracks_without_hours(trainee, year, now)
        for year, hours_missing in missing.items()
        if hours_missing
    }
    for item in classes:
        year = years[item.pk]
        if not missing[year]:
            continue
        facts = {
            "missing": hours(missing[year]),
            "year": year,
            "hours": hours(item.hours),
            "where": _where_and_when(trainee, item),
        }
        lacking = next(
            (course.track for course in taught[item.pk] if course.track_id in untouched[year]), None
        )
        if lacking:
            reason = _(
                "Your post needs %(missing)s more study hours in %(year)d, and you have none of"
                " %(track)s yet; this class gives %(hours)s, %(where)s."
            )
        else:
            reason = _(
                "Your post needs %(missing)s more study hours in %(year)d; this class gives"
                " %(hours)s, %(where)s."
            )
        yield Recommendation(item, "hours", reason % {**facts, "track": lacking})
    follows = list(
        Follow.objects.filter(trainee=trainee).select_related("course", "track", "campus")
    )
    for item in classes:
        for found in follows:
            if any(found.campus_id == campus.pk for campus in item.places) or any(
                found.course_id == course.course_id or found.track_id == course.track_id
                for course in taught[item.pk]
            ):
                yield Recommendation(
                    item,
                    "follow",
                    _("You follow “%(target)s”; this class is %(where)s.")
                    % {
                        "target": found.target,
                        "where": _where_and_when(trainee, item),
                    },
                )
                break
    taken = courses_taken(trainings_of(trainee))
    for item in classes:
        for course in taught[item.pk]:
            if course.prerequisite_id in taken and course.course_id not in taken:
                facts = {
                    "before": course.prerequisite,
                    "course": course.title,
                    "where": _where_and_when(trainee, item),
                }
                yield Recommendation(
                    item,
                    "next_step",
                    _("You have taken “%(before)s”; “%(course)s” builds on it, %(where)s.") % facts,
                )
                break
    for item in classes:
        if _at_own_salon(trainee, item):
            yield Recommendation(
                item,
                "salon",
                _("This class is %(where)s.") % {"where": _where_and_when(trainee, item)},
            )
    if trainee.is_light:
        for item in classes:  # all of them are open to the group, or they were not here
            yield Recommendation(
                item,
                "post",
                _("This class is open to %(post)s, %(where)s.")
                % {
                    "post": trainee.post,
                    "where": _where_and_when(trainee, item),
                },
            )
        return
    for_the_post = set(
        TrainingClass.objects.filter(
            pk__in=[item.pk for item in classes], audiences=trainee.position
        ).values_list("pk", flat=True)
    )
    for item in (item for item in classes if item.pk in for_the_post):
        yield Recommendation(
            item,
            "post",
            _("This class is for %(post)s, %(where)s.")
            % {
                "post": trainee.position.name,
                "where": _where_and_when(trainee, item),
            },
        )


def _taught(classes: Iterable[TrainingClass]) -> dict[int, list[Taught]]:
    """Class key → its courses in the order of its lessons, a row for each prerequisite; one
    query.
    """
    found: dict[int, list[Taught]] = {item.pk: [] for item in classes}
    course = "course_version__course"
    columns = (
        f"{course}_id",
        f"{course}__title",
        f"{course}__track_id",
        f"{course}__track__name",
        "hours",
        f"{course}__prerequisites",
        f"{course}__prerequisites__title",
    )
    for class_id, *row in (
        Lesson.objects.filter(training_class__in=found)
        .order_by("starts_at", "pk")
        .values_list("training_class_id", *columns)
    ):
        found[class_id].append(Taught(*row))
    return found


def _missing_hours(trainee: Trainee, year: int, now: datetime) -> Decimal:
    """What the year still asks for beyond what is earned and booked; nothing where no target is
    known.
    """
    target = target_for(trainee.position, year)
    if target is None:
        return Decimal(0)
    earned = HourEntry.objects.filter(trainee=trainee, earned_on__year=year).aggregate(
        total=Sum("hours", default=Decimal(0))
    )["total"]
    booked = booked_lessons(trainee, year, now).aggregate(total=Sum("hours", default=Decimal(0)))[
        "total"
    ]
    return max(Decimal(0), target.hours - earned - booked)


def _tracks_without_hours(trainee: Trainee, year: int, now: datetime) -> set[int]:
    """Tracks in which the person has neither earned nor booked anything this year."""
    earned = HourEntry.objects.filter(trainee=trainee, earned_on__year=year).values(
        "lesson__course_version__course__track"
    )
    booked = booked_lessons(trainee, year, now).values("course_version__course__track")
    return set(
        Track.objects.filter(active=True)
        .exclude(Q(pk__in=earned) | Q(pk__in=booked))
        .values_list("pk", flat=True)
    )


def _at_own_salon(trainee: Trainee, training_class: TrainingClass) -> bool:
    return any(
        campus.kind == CampusKind.SALON and campus.town_id == trainee.village.town_id
        for campus in training_class.places
    )


def _where_and_when(trainee: Trainee, training_class: TrainingClass) -> str:
    """At your town's salon from 12月3日 周四, or at the campus by its name."""
    facts = {
        "campus": training_class.place,
        "day": day(training_class.starts_at),
        "count": training_class.lesson_count,
    }
    if _at_own_salon(trainee, training_class):
        return (
            ngettext(
                "at your town's salon on %(day)s, %(count)d lesson",
                "at your town's salon from %(day)s, %(count)d lessons",
                training_class.lesson_count,
            )
            % facts
        )
    return (
        ngettext(
            "at %(campus)s on %(day)s, %(count)d lesson",
            "at %(campus)s from %(day)s, %(count)d lessons",
            training_class.lesson_count,
        )
        % facts
    )
