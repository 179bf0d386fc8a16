"""授课与带教证明: lessons of closed classes, people accompanied, hours of the ledger.

docs/rules.md R92.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from academy.models import Role
from courses.models import LessonTeacher, TeachingRole
from practicums.models import Secondment
from practicums.teaching_paper import paper_of
from practicums.teaching_statements import (
    has_taught,
    may_see,
    statement_of,
    teacher_named,
    teacher_of,
    years_of,
)
from tests.conftest import grant
from tests.factories import NOW, CampusFactory, ExpertFactory, TraineeFactory, UserFactory
from tests.trainees.certified import closed_class
from trainees.models import HourKind
from trainees.record.claims import RULE
from trainees.record.closing import reopen_class
from trainees.record.hours import post, take_back

from .factories import SecondmentFactory

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def taught_by(expert, *, role=TeachingRole.LECTURER, lessons=1, **fields):
    """A closed class whose lessons the expert stood before."""
    training_class = closed_class([TraineeFactory()], UserFactory(), lessons=lessons, **fields)
    for lesson in training_class.lessons.all():
        LessonTeacher.objects.filter(lesson=lesson).delete()
        LessonTeacher.objects.create(lesson=lesson, expert=expert, role=role)
    return training_class


@pytest.fixture
def expert():
    return ExpertFactory(user=UserFactory())


@pytest.fixture
def office():
    return grant(Role.DISTRICT_STAFF)


def year_of(training_class) -> int:
    return training_class.starts_at.astimezone(SHANGHAI).year


def of(expert, year, viewer, now=NOW + timedelta(days=400)):
    return statement_of(teacher_named(expert), year, viewer=viewer, now=now)


def test_each_lesson_of_a_closed_class_stands_there_with_the_role(expert, office):
    training_class = taught_by(expert, lessons=2, role=TeachingRole.COMMENTATOR)
    taught_by(ExpertFactory())

    found = of(expert, year_of(training_class), office)

    assert [item.lesson for item in found.lessons] == list(
        training_class.lessons.order_by("starts_at")
    )
    assert [item.roles for item in found.lessons] == [[TeachingRole.COMMENTATOR]] * 2
    assert found.lesson_hours == sum(lesson.hours for lesson in training_class.lessons.all())


def test_a_reopened_class_takes_its_lessons_along(expert, office):
    training_class = taught_by(expert)
    year = year_of(training_class)
    reopen_class(training_class=training_class, reason="签到表看错了", by=UserFactory(), now=NOW)

    found = of(expert, year, office)

    assert (found.lessons, found.lesson_hours, found.not_closed) == ([], 0, 1)


def test_hours_taken_back_stand_nowhere_and_others_name_their_rule(expert, office):
    trainee = TraineeFactory(user=expert.user)
    kept, gone = (
        post(
            trainee=trainee,
            kind=HourKind.TEACHING,
            hours=Decimal(hours),
            earned_on=date(2027, 1, 5),
            rule=RULE,
            by=office,
            now=NOW,
            reason=f"示例授课{hours}",
        )
        for hours in ("2", "3")
    )
    post(
        trainee=trainee,
        kind=HourKind.CLAIM,
        hours=Decimal(4),
        earned_on=date(2027, 1, 5),
        rule=RULE,
        by=office,
        now=NOW,
        reason="示例培训",
    )
    take_back([gone], reason="重复", by=office, now=NOW)

    found = of(expert, 2027, office)

    assert (found.entries, found.entry_hours) == ([kept], Decimal(2))
    assert "claim-2026" in paper_of(found).tables[-1].rows[0][3]


def test_the_year_is_that_of_shanghai(expert, office):
    """31 December, 17:00 in London is the new year in Shanghai."""
    training_class = taught_by(expert)
    night = datetime(2027, 1, 1, 1, 0, tzinfo=SHANGHAI)
    training_class.lessons.update(starts_at=night, ends_at=night + timedelta(hours=2))

    assert len(of(expert, 2027, office).lessons) == 1
    assert of(expert, 2026, office).lessons == []


def test_a_lesson_taught_in_two_roles_stands_once(expert, office):
    training_class = taught_by(expert)
    lesson = training_class.lessons.get()
    LessonTeacher.objects.create(
        lesson=lesson, person=expert.user, role=TeachingRole.CLASS_TEACHER, place=1
    )

    found = of(expert, year_of(training_class), office)

    assert [len(item.roles) for item in found.lessons] == [2]
    assert found.lesson_hours == lesson.hours


def test_a_teacher_from_outside_without_an_account(office):
    expert = ExpertFactory(user=None)
    training_class = taught_by(expert)
    SecondmentFactory()

    found = of(expert, year_of(training_class), office)

    assert len(found.lessons) == 1
    assert (found.accompanied, found.entries) == ([], [])


def test_secondments_are_those_of_days_of_the_year_that_are_over(office):
    mentor = UserFactory()
    running = SecondmentFactory(
        mentor=mentor, starts_on=date(2026, 12, 1), ends_on=date(2027, 5, 31)
    )
    SecondmentFactory(mentor=mentor, starts_on=date(2027, 4, 1), ends_on=date(2027, 9, 30))
    SecondmentFactory(starts_on=date(2026, 12, 1), ends_on=date(2027, 5, 31))

    def years(year):
        found = statement_of(teacher_of(mentor), year, viewer=office, now=NOW)
        return [(row.secondment, row.first, row.last) for row in found.accompanied]

    seen = (running, date(2026, 12, 1), NOW.astimezone(SHANGHAI).date())
    assert [years(year) for year in (2025, 2026, 2027, 2028)] == [[], [seen], [seen], []]
    assert years_of(teacher_of(mentor), office, 2027) == [2027, 2026]


def test_a_secondment_counts_to_the_day_of_the_withdrawal(office):
    mentor = UserFactory()
    row = SecondmentFactory(mentor=mentor, starts_on=date(2026, 11, 1), ends_on=date(2027, 6, 30))
    Secondment.objects.filter(pk=row.pk).update(
        status="withdrawn",
        end_reason="工作调动",
        ended_at=datetime(2026, 12, 20, 9, 0, tzinfo=SHANGHAI),
    )

    def last_days(year):
        found = statement_of(teacher_of(mentor), year, viewer=office, now=NOW)
        return [row.last for row in found.accompanied]

    assert last_days(2026) == [date(2026, 12, 20)]
    assert last_days(2027) == []


def test_whoever_runs_a_class_gets_the_lessons_of_this_class_alone(expert):
    campus = CampusFactory()
    coordinator = grant(Role.BRANCH_COORDINATOR, campus=campus)
    own, other = taught_by(expert, campus=campus), taught_by(expert)
    SecondmentFactory(mentor=expert.user)
    TraineeFactory(user=expert.user)
    assert year_of(own) == year_of(other)

    found = of(expert, year_of(own), coordinator)

    assert [item.lesson.training_class for item in found.lessons] == [own]
    assert (found.is_whole, found.accompanied, found.entries) == (False, [], [])


def test_who_may_see_it(expert, office):
    campus = CampusFactory()
    taught_by(expert, campus=campus)
    teacher = teacher_named(expert)
    allowed = (office, expert.user, grant(Role.BRANCH_COORDINATOR, campus=campus))
    refused = (UserFactory(), grant(Role.BRANCH_COORDINATOR, campus=CampusFactory()))

    assert [may_see(user, teacher) for user in (*allowed, *refused)] == [True] * 3 + [False] * 2


def test_the_village_of_a_mentor_sees_all_of_it_with_masked_names():
    mentor = TraineeFactory()
    secondment = SecondmentFactory(mentor=mentor.user)
    name = secondment.trainee.user.name
    coordinator = grant(Role.VILLAGE_COORDINATOR, village=mentor.village)

    def names(viewer):
        found = statement_of(teacher_of(mentor.user), 2027, viewer=viewer, now=NOW)
        return [row.name for row in found.accompanied]

    assert names(mentor.user) == [name]
    assert names(coordinator) == [name[0] + "＊" * (len(name) - 1)]


def test_who_has_taught_or_mentored(expert):
    taught_by(expert)

    assert has_taught(expert.user) and has_taught(SecondmentFactory().mentor)
    assert not has_taught(UserFactory())
