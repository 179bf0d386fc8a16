"""Each statement of a booking that is written as SQL says what its queryset says.

Source: docs/rules.md R44.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from courses.models import HELD, ClassStatus, Lesson, SeatPool, TrainingClass
from trainees import statements
from trainees.models import (
    CAME,
    LIVE,
    SEAT_HOLDING,
    Enrolment,
    EnrolmentEvent,
    EnrolmentEventKind,
    EnrolmentStatus,
    Trainee,
)

from ..factories import (
    NOW,
    CourseFactory,
    EnrolmentFactory,
    TownFactory,
    UserFactory,
    class_with,
)
from .pasts import has_taken, was_absent

pytestmark = pytest.mark.django_db
OF_THE_CLASS = ("training_class__status", "training_class__title")
NAMES_BESIDE = ("pk", "training_class_id", "starts_at", "ends_at", "standing")
NAMES_BESIDE += ("class_status", "class_title")
NAMES_ATTENDED = ("starts_at", "course_version_id", "course_id", "version_title", "class_title")
NAMES_ATTENDED += ("equivalent",)


@pytest.fixture
def training_class():
    return class_with(seats=5, town_seats={TownFactory(): 1, TownFactory(): 2}, lessons=2)


def told(row) -> dict:
    """All that the table says of the row."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("status", ClassStatus.values)
@pytest.mark.parametrize("gauges", [False, True])
def test_class_to_book(status, gauges):
    gauges = gauges and status == ClassStatus.DRAFT
    training_class = class_with(seats=1, status=status, gauges_interest=gauges)

    found = statements.class_to_book(training_class.code)

    published = TrainingClass.objects.published().filter(code=training_class.code).first()
    assert found == published and (found is None or told(found) == told(published))


def test_taught_in(training_class):
    course = training_class.lessons.first().course_version.course
    course.prerequisites.add(CourseFactory(), CourseFactory())
    other, unasked = class_with(seats=1), class_with(seats=1)
    for wanted in ([], [training_class.pk], [training_class.pk, other.pk]):
        queryset = Lesson.objects.filter(training_class__in=wanted)

        found = [
            (row.training_class_id, row.course_version_id, row.course_id, row.prerequisite or 0)
            for row in statements.taught_in(wanted)
        ]

        assert sorted(found) == sorted(
            queryset.values_list(
                "training_class",
                "course_version",
                "course_version__course",
                Coalesce("course_version__course__prerequisites", 0),
            )
        )
    assert unasked.pk not in {class_id for class_id, *_rest in found}


def test_locked_rows(training_class, cadre):
    class_with(seats=1)
    with transaction.atomic():
        for found, queryset in [
            (statements.locked_class(training_class.pk), TrainingClass.objects),
            (statements.shared_class(training_class.pk), TrainingClass.objects),
            (statements.locked_person(cadre.pk), Trainee.objects),
        ]:
            locked = queryset.select_for_update(no_key=True).get(pk=found.pk)
            assert told(found) == told(locked)


def test_pools(training_class):
    class_with(seats=1)
    queryset = SeatPool.objects.filter(training_class=training_class)

    found = statements.pools_of(training_class.pk)

    assert len(found) == 3
    assert found == list(queryset.order_by(F("town").asc(nulls_last=True)))


@pytest.mark.parametrize("left", [0, 1])
def test_a_seat_is_taken_once(training_class, left):
    pool = training_class.pools.get(town=None)
    SeatPool.objects.update(seats_taken=F("seats") - left)

    assert statements.take_a_seat(pool.pk) is bool(left)

    free = SeatPool.objects.filter(pk=pool.pk, seats_taken__lt=F("seats"))
    assert free.update(seats_taken=F("seats_taken") + 1) == 0
    assert SeatPool.objects.filter(seats_taken=F("seats")).count() == (1 if left else 3)


def test_a_written_event_is_the_one_that_a_model_writes(cadre, training_class):
    enrolment = EnrolmentFactory(trainee=cadre, training_class=training_class)
    for by, reason in [(cadre.user, "家里有事"), (None, "")]:
        EnrolmentEvent.objects.all().delete()
        fields = {"kind": EnrolmentEventKind.BOOKED, "at": NOW, "reason": reason}
        model = EnrolmentEvent.objects.create(enrolment=enrolment, by=by, **fields)

        statements.write_event(enrolment.pk, by=by and by.pk, **fields)

        written = enrolment.events.exclude(pk=model.pk).get()
        assert {**told(written), "id": 0} == {**told(model), "id": 0}


def test_person_to_book(cadre, colleague, django_assert_num_queries):
    queryset = Trainee.objects.select_related("village")
    with django_assert_num_queries(1):
        found = statements.person_to_book(cadre.user)
        places = (found.village_id, found.village.pk, found.village.town_id)

    known = queryset.get(user=cadre.user)
    assert found == known
    assert told(found) == told(known)
    assert places == (known.village_id, known.village.pk, known.village.town_id)
    assert found.village.name == known.village.name
    assert cadre.user.trainee is found
    assert statements.person_to_book(UserFactory()) is None


@pytest.mark.parametrize("status", EnrolmentStatus.values)
@pytest.mark.parametrize("class_status", [ClassStatus.OPEN, ClassStatus.CLOSED])
def test_lessons_beside(training_class, cadre, colleague, status, class_status):
    other = class_with(seats=5, lessons=2, status=class_status, starts_at=NOW + timedelta(days=14))
    for person, where in [(cadre, other), (colleague, other), (colleague, class_with(seats=1))]:
        EnrolmentFactory(
            trainee=person,
            training_class=where,
            status=status,
            pool=where.pools.get(town=None) if status in SEAT_HOLDING else None,
            offer_ends_at=NOW if status == EnrolmentStatus.OFFERED else None,
        )
    of_the_person = Enrolment.objects.filter(trainee=cadre)
    held = of_the_person.filter(status__in=SEAT_HOLDING, training_class__status__in=HELD)
    here = of_the_person.filter(status__in=LIVE, training_class=OuterRef("training_class"))
    for wanted in ([], [training_class.pk], [training_class.pk, other.pk]):
        queryset = Lesson.objects.filter(
            Q(training_class__in=wanted) | Q(training_class__in=held.values("training_class"))
        ).annotate(standing=Subquery(here.values("status")))

        found = [
            tuple(getattr(row, name) for name in NAMES_BESIDE)
            for row in statements.lessons_beside(cadre.pk, wanted)
        ]

        assert found == list(
            queryset.order_by("starts_at", "pk").values_list(
                "pk", "training_class", "starts_at", "ends_at", "standing", *OF_THE_CLASS
            )
        )


def test_lessons_attended(cadre, colleague):
    course = CourseFactory()
    course.equivalents.add(CourseFactory(), CourseFactory())
    for days, person, mark in [
        (30, cadre, CAME[1]),
        (90, cadre, CAME[0]),
        (60, colleague, CAME[0]),
    ]:
        has_taken(person, course, at=NOW - timedelta(days=days), status=mark)
    was_absent(cadre, CourseFactory(), days_ago=50)
    queryset = Lesson.objects.filter(
        training_class__status=ClassStatus.CLOSED,
        attendances__status__in=CAME,
        attendances__enrolment__trainee=cadre,
        attendances__enrolment__status=EnrolmentStatus.COMPLETED,
    ).order_by("-starts_at", "-pk")

    found = [
        tuple(getattr(row, name) for name in NAMES_ATTENDED)
        for row in statements.lessons_attended(cadre.pk)
    ]

    assert len(found) == 4
    assert sorted(found) == sorted(
        queryset.values_list(
            "starts_at",
            "course_version_id",
            "course_version__course_id",
            "course_version__title",
            "training_class__title",
            "course_version__course__equivalents",
        )
    )
    assert [row[0] for row in found] == sorted([row[0] for row in found], reverse=True)
