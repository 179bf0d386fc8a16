"""Which of many people one class would take, and for each of the others the first rule against it:
what a street-town sees before it sends somebody.

The rules are those of `person.py` and `clashes.py`, read for all people at once; `book` asks them
again for each who is sent.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext as _

from academy.templatetags.portal_tags import short_day
from courses.models import HELD, ClashRule, ClassStatus, Lesson, TrainingClass

from ..models import CAME, SEAT_HOLDING, EnrolmentStatus, Trainee, attended_by
from .person import own_reasons
from .requirements import Requirements, requirements_of


def obstacles_of(trainees: Collection[Trainee], training_class: TrainingClass) -> dict[int, str]:
    """Trainee key → the first rule against sending the person, in a few words; who is not in it may
    be sent. The number of statements does not grow with the people.

    The people come with post, stage and village.
    """
    requirements = requirements_of([training_class])[training_class.pk]
    taken = _courses_taken(trainees) if requirements.prerequisites else {}
    clashing = _clashes_of(trainees, training_class)
    found = {}
    for trainee in trainees:
        words = (
            _against_the_person(trainee, training_class, requirements)
            or _lacks(trainee, requirements, taken)
            or clashing.get(trainee.pk)
        )
        if words:
            found[trainee.pk] = words
    return found


def _against_the_person(
    trainee: Trainee, training_class: TrainingClass, requirements: Requirements
) -> str:
    reason = next(
        (item for item in own_reasons(trainee, training_class, requirements) if not item.ok), None
    )
    if reason is None:
        return ""
    if trainee.left_on is not None:
        return _("holds no post at present")
    match reason.rule:
        case "position":
            return _("another post: the class is for %(audiences)s") % {
                "audiences": requirements.listed("positions")
            }
        case "stage":
            return _("another growth stage: the class is for %(stages)s") % {
                "stages": requirements.listed("stages")
            }
        case "town":
            return _("the class is for %(towns)s") % {"towns": requirements.listed("towns")}
    return _("the class is for other groups")


def _lacks(trainee: Trainee, requirements: Requirements, taken: Mapping[int, set[int]]) -> str:
    missing = requirements.prerequisites - taken.get(trainee.pk, set())
    if not missing:
        return ""
    return _("not taken yet: %(courses)s") % {
        "courses": requirements.listed("prerequisites", missing)
    }


def _courses_taken(trainees: Collection[Trainee]) -> dict[int, set[int]]:
    """Trainee key → keys of the courses that count as taken; one statement."""
    rows = Lesson.objects.filter(
        attendances__enrolment__trainee__in=trainees,
        attendances__enrolment__status=EnrolmentStatus.COMPLETED,
        attendances__status__in=CAME,
        training_class__status=ClassStatus.CLOSED,
    ).values_list(
        "attendances__enrolment__trainee",
        "course_version__course",
        "course_version__course__equivalents",
    )
    found: dict[int, set[int]] = defaultdict(set)
    for trainee, course, equivalent in rows.distinct():
        found[trainee] |= {course, equivalent} - {None}
    return found


def _clashes_of(trainees: Collection[Trainee], training_class: TrainingClass) -> dict[int, str]:
    """Trainee key → the lesson of another class at the same time; two statements at most.

    Nothing where the class only warns of clashes.
    """
    if training_class.clash_rule == ClashRule.WARN:
        return {}
    meets = Q(pk__in=[])
    # who clashes with a parallel slot may choose another one
    for lesson in training_class.lessons.all():
        if lesson.slot_group is None:
            meets |= Q(starts_at__lt=lesson.ends_at, ends_at__gt=lesson.starts_at)
    rows = (
        Lesson.objects.filter(
            meets,
            attended_by(OuterRef("training_class__enrolments")),
            training_class__status__in=HELD,
            training_class__enrolments__status__in=SEAT_HOLDING,
            training_class__enrolments__trainee__in=trainees,
        )
        .exclude(training_class=training_class)
        .order_by("-starts_at", "-pk")
        .values_list(F("training_class__enrolments__trainee"), "starts_at", "training_class__title")
    )
    return {
        trainee: _("on %(day)s in “%(title)s”") % {"day": short_day(starts_at), "title": title}
        for trainee, starts_at, title in rows
    }
