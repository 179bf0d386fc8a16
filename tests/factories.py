"""One unsurprising factory per model. Phones come from the sample range 1990000xxxx."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory
from factory.django import DjangoModelFactory

from academy.models import (
    Campus,
    CampusKind,
    Department,
    GrowthStage,
    LearnerGroup,
    Position,
    RoleGrant,
    Town,
    TownKind,
    User,
    Venue,
    Village,
    VillageKind,
)
from courses.models import (
    ClassStatus,
    Course,
    CourseStatus,
    CourseVersion,
    Expert,
    Lesson,
    LessonTeacher,
    Programme,
    SeatPool,
    ServiceItem,
    TeachingFormat,
    TeachingRole,
    TopicRequest,
    Track,
    TrainingClass,
)
from courses.schedule.conditions import set_conditions
from trainees.models import Enrolment, EnrolmentStatus, LightAccount, Trainee

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2027, 3, 1, 10, 0, tzinfo=SHANGHAI)  # a Monday morning: the clock of the tests


class TownFactory(DjangoModelFactory):
    class Meta:
        model = Town

    # nine characters, as the real ones have, and none of theirs
    code = factory.Sequence(lambda n: f"310112{n % 1000:03}")
    name = factory.Sequence(lambda n: f"示例{n}镇")
    kind = TownKind.TOWN


class VillageFactory(DjangoModelFactory):
    class Meta:
        model = Village

    code = factory.Sequence(lambda n: f"310113{n:06}")
    town = factory.SubFactory(TownFactory)
    name = factory.Sequence(lambda n: f"示例{n}居委会")
    kind = VillageKind.NEIGHBOURHOOD


class DepartmentFactory(DjangoModelFactory):
    class Meta:
        model = Department

    code = factory.Sequence(lambda n: f"D{n:02}")
    name = factory.Sequence(lambda n: f"示例{n}局")
    short_name = factory.Sequence(lambda n: f"例{n}")


class CampusFactory(DjangoModelFactory):
    class Meta:
        model = Campus

    code = factory.Sequence(lambda n: f"B{n:02}")
    kind = CampusKind.BRANCH
    name = factory.Sequence(lambda n: f"示例{n}分校")
    town = factory.SubFactory(TownFactory)
    capacity = 200


class VenueFactory(DjangoModelFactory):
    class Meta:
        model = Venue

    code = factory.Sequence(lambda n: f"R{n:02}")
    campus = factory.SubFactory(CampusFactory)
    name = factory.Sequence(lambda n: f"{n}教室")
    capacity = 500


class PositionFactory(DjangoModelFactory):
    class Meta:
        model = Position

    name = factory.Sequence(lambda n: f"岗位{n}")


class StageFactory(DjangoModelFactory):
    class Meta:
        model = GrowthStage

    name = factory.Sequence(lambda n: f"阶段{n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    phone = factory.Sequence(lambda n: f"199{n:08}")
    name = factory.Sequence(lambda n: f"示例甲{n}")
    password = factory.django.Password("demo-Password-1")
    is_sample = True


class RoleGrantFactory(DjangoModelFactory):
    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = "district_staff"
    valid_from = NOW.date() - timedelta(days=3650)


class TraineeFactory(DjangoModelFactory):
    class Meta:
        model = Trainee

    user = factory.SubFactory(UserFactory)
    village = factory.SubFactory(VillageFactory)
    position = factory.SubFactory(PositionFactory)


class LearnerGroupFactory(DjangoModelFactory):
    class Meta:
        model = LearnerGroup

    name = factory.Sequence(lambda n: f"群体{n}")
    sort_order = factory.Sequence(lambda n: 100 + n)


class LightTraineeFactory(TraineeFactory):
    """Somebody with a light account: a group in place of a post."""

    class Meta:
        model = Trainee
        skip_postgeneration_save = True

    position = None
    learner_group = factory.SubFactory(LearnerGroupFactory)
    user = factory.SubFactory(UserFactory, date_joined=NOW)
    account = factory.RelatedFactory(
        "tests.factories.LightAccountFactory", factory_related_name="trainee"
    )


class LightAccountFactory(DjangoModelFactory):
    class Meta:
        model = LightAccount

    group = factory.LazyAttribute(lambda account: account.trainee.learner_group)
    joined_at = NOW


class TrackFactory(DjangoModelFactory):
    class Meta:
        model = Track

    name = factory.Sequence(lambda n: f"板块{n}")
    prefix = factory.Sequence(lambda n: f"T{n % 1000}")
    css_class = "sw"


class TeachingFormatFactory(DjangoModelFactory):
    class Meta:
        model = TeachingFormat

    code = factory.Sequence(lambda n: f"F{n + 50}")  # beside F01 to F11, which tests name
    name = factory.Sequence(lambda n: f"形式{n}")


class ServiceItemFactory(DjangoModelFactory):
    class Meta:
        model = ServiceItem

    code = factory.Sequence(lambda n: f"FW-{n:02}")
    department = factory.SubFactory(DepartmentFactory)
    name = factory.Sequence(lambda n: f"服务事项{n}")


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    code = factory.Sequence(lambda n: f"SW-{n:03}")
    title = factory.Sequence(lambda n: f"示例课程{n}")
    track = factory.SubFactory(TrackFactory)
    hours = Decimal("3.00")
    status = CourseStatus.PUBLISHED


class CourseVersionFactory(DjangoModelFactory):
    class Meta:
        model = CourseVersion

    course = factory.SubFactory(CourseFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda version: version.course.title)
    hours = factory.LazyAttribute(lambda version: version.course.hours)


class ExpertFactory(DjangoModelFactory):
    class Meta:
        model = Expert

    code = factory.Sequence(lambda n: f"JS-{n:03}")
    category = "优秀书记"
    name = factory.Sequence(lambda n: f"示例师{n}")
    published = True


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    name = factory.Sequence(lambda n: f"班型{n}")


class TrainingClassFactory(DjangoModelFactory):
    """An open class two weeks ahead, bookable at NOW; `class_with(...)` adds pools and lessons."""

    class Meta:
        model = TrainingClass

    code = factory.Sequence(lambda n: f"PX-2027Q1-{n:02}")
    title = factory.Sequence(lambda n: f"示例班{n}")
    campus = factory.SubFactory(CampusFactory)
    season = "2027Q1"
    capacity = 20
    booking_opens_at = NOW - timedelta(days=10)
    booking_closes_at = NOW + timedelta(days=7)
    status = ClassStatus.OPEN


class SeatPoolFactory(DjangoModelFactory):
    class Meta:
        model = SeatPool

    training_class = factory.SubFactory(TrainingClassFactory)
    seats = 20


class LessonFactory(DjangoModelFactory):
    class Meta:
        model = Lesson

    training_class = factory.SubFactory(TrainingClassFactory)
    number = factory.Sequence(lambda n: n + 1)
    course_version = factory.SubFactory(CourseVersionFactory)
    venue = factory.SubFactory(VenueFactory)
    starts_at = NOW + timedelta(days=14)
    ends_at = factory.LazyAttribute(lambda lesson: lesson.starts_at + timedelta(minutes=145))
    hours = Decimal("3.00")


def taught_by(lesson: Lesson, *experts: Expert) -> None:
    """These lecture, nobody else does."""
    lesson.teachers.all().delete()
    for place, expert in enumerate(experts):
        LessonTeacher.objects.create(
            lesson=lesson, expert=expert, role=TeachingRole.LECTURER, place=place
        )


class EnrolmentFactory(DjangoModelFactory):
    """A row as it stands; it moves no seat.

    Use trainees.booking.enrolling.book in tests of rules.
    """

    class Meta:
        model = Enrolment

    trainee = factory.SubFactory(TraineeFactory)
    training_class = factory.SubFactory(TrainingClassFactory)
    status = EnrolmentStatus.WAITLISTED
    village = factory.LazyAttribute(lambda enrolment: enrolment.trainee.village)
    position = factory.LazyAttribute(lambda enrolment: enrolment.trainee.position)
    learner_group = factory.LazyAttribute(lambda enrolment: enrolment.trainee.learner_group)
    queued_at = NOW
    booked_by = factory.LazyAttribute(lambda enrolment: enrolment.trainee.user)


def class_with(
    *,
    seats: int,
    town_seats: dict[Town, int] | None = None,
    starts_at: datetime | None = None,
    lessons: int = 1,
    **fields,
) -> TrainingClass:
    """An open class whose pools add up to `seats`, with lessons a day apart from `starts_at`
    (default: NOW + 14 days).
    """
    starts_at = starts_at or NOW + timedelta(days=14)
    training_class = TrainingClassFactory(
        capacity=seats,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=lessons - 1, minutes=145),
        lesson_count=lessons,
        hours=3 * lessons,
        **fields,
    )
    reserved = 0
    for town, count in (town_seats or {}).items():
        SeatPoolFactory(
            training_class=training_class,
            town=town,
            seats=count,
            release_at=training_class.booking_closes_at - timedelta(hours=48),
        )
        reserved += count
    SeatPoolFactory(training_class=training_class, seats=seats - reserved)
    for number in range(1, lessons + 1):
        LessonFactory(
            training_class=training_class,
            number=number,
            starts_at=starts_at + timedelta(days=number - 1),
            venue__campus=training_class.campus,
        )
    return training_class


def ask(training_class: TrainingClass, **more) -> None:
    """Add to what a class asks for: `ask(training_class, towns=[town])`."""
    set_conditions(
        training_class,
        **{name: [*getattr(training_class, name).all(), *added] for name, added in more.items()},
    )


class TopicRequestFactory(DjangoModelFactory):
    class Meta:
        model = TopicRequest

    topic = factory.Sequence(lambda n: f"老小区停车 {n}")
    asked_by = factory.SubFactory(UserFactory)
    asked_at = NOW


def class_with_slots(*, seats: int, slots: tuple[int | None, ...], **fields) -> TrainingClass:
    """A class whose first lesson everybody attends and whose second is held in parallel slots on
    one day, four hours apart, each with so many seats.
    """
    training_class = class_with(seats=seats, lessons=1, **fields)
    first = training_class.lessons.get()
    for place, own in enumerate(slots):
        LessonFactory(
            training_class=training_class,
            number=2 + place,
            course_version=first.course_version,
            starts_at=first.starts_at + timedelta(days=1, hours=4 * place),
            venue__campus=training_class.campus,
            slot_group=1,
            slot_seats=own,
        )
    training_class.ends_at = training_class.lessons.order_by("-ends_at").first().ends_at
    training_class.lesson_count, training_class.hours = 2, 6
    training_class.save()
    return training_class


def slot_of(training_class: TrainingClass, place: int) -> Lesson:
    """The slot at the place, counted from 0 in the order of time."""
    return training_class.lessons.filter(slot_group=1).order_by("starts_at")[place]
