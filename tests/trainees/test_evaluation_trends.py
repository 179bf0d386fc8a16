"""Seasons of teachers, courses and campuses; what is to be mended; whether it is used.

Source: docs/rules.md R83.
"""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.models import TrainingClass
from trainees.evaluation.follow_ups import Asked, NotAUse, asked_of, say_use
from trainees.evaluation.improvements import DoneAlready, NoSentence, mend, say_done
from trainees.evaluation.results import uses_of
from trainees.evaluation.trends import Dimension, evaluated_classes, trends
from trainees.evaluation.windows import AlreadyAnswered, NotOpen, WasNotThere
from trainees.models import Improvement, Use, UseFollowUp

from ..factories import NOW, CampusFactory, ExpertFactory, TraineeFactory, UserFactory, taught_by
from .evaluated import evaluated, held, people_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def in_season(training_class, season: str):
    TrainingClass.objects.filter(pk=training_class.pk).update(season=season)
    return training_class


def test_the_figures_of_a_season_are_sums_of_classes_with_five_answers(district_staff):
    north, south = CampusFactory(code="C90"), CampusFactory(code="C80")
    for campus, season, answers in (
        (north, "2027Q1", 5),
        (north, "2027Q1", 7),
        (north, "2026Q4", 5),
        (north, "2027Q2", 4),
        (south, "2027Q1", 5),
    ):
        in_season(evaluated(answers=answers, campus=campus), season)

    found = trends(district_staff, Dimension.CAMPUS)

    assert [(row.code, row.season, row.classes, row.n) for row in found] == [
        ("C80", "2027Q1", 1, 5),
        ("C90", "2026Q4", 1, 5),
        ("C90", "2027Q1", 2, 10),
    ]
    assert {row.per_cent("effect") for row in found} == {100}


def test_a_class_counts_once_for_each_of_its_teachers_and_courses(district_staff):
    training_class = evaluated(answers=5)
    lesson = training_class.lessons.get()
    experts = [ExpertFactory(), ExpertFactory()]
    taught_by(lesson, *experts)

    assert [row.name for row in trends(district_staff, Dimension.TEACHER)] == [
        expert.name for expert in sorted(experts, key=lambda expert: expert.code)
    ]
    (course,) = trends(district_staff, Dimension.COURSE)
    assert (course.code, course.n) == (lesson.course_version.course.code, 5)


def test_everybody_sees_the_classes_they_run_and_lecturers_those_they_taught(
    district_staff, branch_coordinator, campus, cadre
):
    own, other = evaluated(answers=5, campus=campus), evaluated(answers=5)
    lecturer = ExpertFactory(user=UserFactory())
    taught_by(other.lessons.get(), lecturer, ExpertFactory())

    seen = {
        who: [
            set(evaluated_classes(who)),
            [who.has_perm("trainees.see_evaluation", item) for item in (own, other)],
        ]
        for who in (district_staff, branch_coordinator, lecturer.user, cadre.user)
    }

    assert seen == {
        district_staff: [{own, other}, [True, True]],
        branch_coordinator: [{own}, [True, False]],
        lecturer.user: [{other}, [False, True]],
        cadre.user: [set(), [False, False]],
    }
    assert [row.name for row in trends(lecturer.user, Dimension.TEACHER)] == [lecturer.name]
    assert len(trends(district_staff, Dimension.TEACHER)) == 2


# --- Whether it is used ---------------------------------------------------------------------------


def tapped(training_class, trainee, *, days=30, use=Use.USED, text="", after=None):
    asked = Asked(training_class, days)
    return say_use(
        asked=asked, trainee=trainee, use=use, text=text, now=after or asked.opens_at + DAY
    )


def test_who_was_there_taps_once_in_the_thirty_days():
    training_class = held(people=1)
    (there,) = people_of(training_class)
    opens = training_class.ends_at + 30 * DAY
    assert [len(asked_of(there, opens + days * DAY)) for days in (-1, 0, 29, 30, 60, 89, 90)] == [
        0,
        1,
        1,
        0,
        1,
        1,
        0,
    ]

    for refused, more in (
        (NotOpen, {"after": opens - DAY}),
        (NotOpen, {"after": opens + 30 * DAY}),
        (NotAUse, {"use": "maybe"}),
    ):
        with pytest.raises(refused):
            tapped(training_class, there, **more)
    with pytest.raises(WasNotThere):
        tapped(training_class, TraineeFactory())
    tapped(training_class, there, text=" 签了八户 ")
    with pytest.raises(AlreadyAnswered):
        tapped(training_class, there, use=Use.NOT_YET)

    assert UseFollowUp.objects.get().text == "签了八户"
    assert asked_of(there, opens + DAY) == []
    assert len(asked_of(there, opens + 60 * DAY)) == 1


def test_taps_are_counted_from_five_on():
    training_class = held(people=6)
    shown = []
    for trainee in people_of(training_class):
        tapped(training_class, trainee)
        shown.append(dict(uses_of(training_class, 30).counts).get(Use.USED))

    assert shown == [None] * 4 + [5, 6]


# --- What is to be mended -------------------------------------------------------------------------


def test_something_to_mend_is_closed_once_with_a_sentence():
    person = UserFactory()
    item = mend(
        training_class=held(people=0),
        finding="讲义来得晚",
        action="提前发讲义",
        responsible=person,
        due_on=NOW.date(),
        by=person,
        now=NOW,
    )
    with pytest.raises(NoSentence):
        say_done(improvement=item, outcome="  ", by=person, now=NOW)
    say_done(improvement=item, outcome="三个班都提前发了", by=person, now=NOW)
    with pytest.raises(DoneAlready):
        say_done(improvement=item, outcome="又一次", by=person, now=NOW)

    item.refresh_from_db()
    assert (item.outcome, item.done_by) == ("三个班都提前发了", person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Improvement.objects.filter(pk=item.pk).update(outcome="")
