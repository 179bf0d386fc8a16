"""The sealed box of a class: who may answer, once; what is shown from five on, in steps.

Source: docs/rules.md R82.
"""

from datetime import timedelta

import pytest

from courses.models import ClassStatus, TrainingClass
from trainees.evaluation.results import results_of
from trainees.evaluation.sealing import BLOCK, BoxUnreadable, seal, unseal
from trainees.evaluation.windows import (
    AlreadyAnswered,
    NotOpen,
    WasNotThere,
    asked_of,
    destroy_leftovers,
    open_due,
    open_with_closing,
)
from trainees.models import (
    Aspect,
    ClassEvaluation,
    EvaluationAnswer,
    EvaluationAnswered,
    EvaluationRemark,
    Grade,
)

from ..factories import NOW, TraineeFactory
from .evaluated import AFTER, attended_by, evaluated, held, people_of, say

pytestmark = pytest.mark.django_db


def shown(training_class) -> int:
    found = results_of(training_class)
    return found.n if found else 0


def test_the_evaluation_opens_when_the_last_lesson_ends_and_closes_after_the_days_of_the_office():
    training_class = held(people=1)

    assert open_due(training_class.ends_at - timedelta(minutes=1)) == 0
    assert [open_due(training_class.ends_at) for _time in range(2)] == [1, 0]

    evaluation = ClassEvaluation.objects.get()
    assert (evaluation.opens_at, evaluation.closes_at) == (
        training_class.ends_at,
        training_class.ends_at + timedelta(days=14),
    )


def test_closing_opens_it_where_the_scheduler_stood_still():
    training_class = held(people=1)
    late = training_class.ends_at + timedelta(days=20)

    for _time in range(2):
        open_with_closing(training_class, late)

    assert ClassEvaluation.objects.get().closes_at == late + timedelta(days=7)
    assert open_due(late) == 0


def test_a_cancelled_class_is_not_evaluated():
    cancelled = held(people=1)
    TrainingClass.objects.filter(pk=cancelled.pk).update(status=ClassStatus.CANCELLED)

    assert open_due(NOW + AFTER) == 0


def test_only_who_was_there_is_asked_and_answers_once_in_time():
    training_class = held(people=1)
    (there,) = people_of(training_class)
    absent = attended_by(TraineeFactory(), training_class, came=False)
    stranger = TraineeFactory()
    with pytest.raises(NotOpen):
        say(training_class, there)
    open_due(training_class.ends_at)
    now = training_class.ends_at + AFTER
    assert [len(asked_of(person, now)) for person in (there, absent, stranger)] == [1, 0, 0]

    for person in (absent, stranger):
        with pytest.raises(WasNotThere):
            say(training_class, person)
    say(training_class, there)
    with pytest.raises(AlreadyAnswered):
        say(training_class, there, 1)
    with pytest.raises(NotOpen):
        say(training_class, there, now=training_class.ends_at + timedelta(days=14))

    assert asked_of(there, now) == []
    assert EvaluationAnswered.objects.get().trainee == there


def test_nothing_is_shown_below_five_and_a_sixth_is_not_shown_alone():
    training_class = evaluated(answers=0, people=12)
    seen = []
    for number, trainee in enumerate(people_of(training_class), start=1):
        say(training_class, trainee, 1 + number % 5, useful=f"有用{number}", improve="")
        seen.append((shown(training_class), EvaluationRemark.objects.count()))

    assert seen == [(0, 0)] * 4 + [(5, 5)] * 5 + [(10, 10)] * 3


def test_what_is_left_over_at_the_end_is_destroyed_unread_and_changes_nothing():
    training_class = evaluated(answers=7)
    few = evaluated(answers=4)
    before = results_of(training_class)
    closed = training_class.ends_at + timedelta(days=14)

    assert destroy_leftovers(closed - timedelta(seconds=1)) == 0
    assert destroy_leftovers(closed) == 2

    assert results_of(training_class) == before
    assert shown(few) == 0
    assert not ClassEvaluation.objects.exclude(box="").exists()
    assert EvaluationAnswer.objects.filter(training_class=few).count() == 0


def test_the_results_say_how_often_each_grade_was_given():
    training_class = evaluated(answers=0, people=5)
    for trainee, effect in zip(people_of(training_class), (5, 5, 4, 2, 1), strict=True):
        grades = dict.fromkeys(Aspect.values, 4) | {Aspect.EFFECT: effect}
        say(training_class, trainee, grades=grades, useful="实训", improve=" ")

    found = results_of(training_class)

    assert found.n == 5
    assert [row.per_cent for row in found.aspects] == [100, 100, 100, 60]
    assert dict(found.aspects[-1].counts) == {
        Grade.VERY_GOOD: 2,
        Grade.GOOD: 1,
        Grade.FAIR: 0,
        Grade.POOR: 1,
        Grade.BAD: 1,
    }
    assert (found.useful, found.improve) == (("实训",) * 5, ())


def test_the_box_tells_neither_its_content_nor_how_long_the_texts_are(settings):
    long = [[[5, 5, 5, 5], "𠮷" * 300, "\n" * 300]] * 4
    boxes = [seal([]), seal([[[1, 1, 1, 1], "", ""]]), seal(long)]

    assert len({len(box) for box in boxes}) == 1
    assert seal([]) != seal([])
    assert unseal(boxes[-1]) == long
    assert len(boxes[0]) > BLOCK
    with pytest.raises(BoxUnreadable):
        unseal(boxes[1][:-1] + ("0" if boxes[1][-1] != "0" else "1"))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert unseal(boxes[-1]) == long
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(BoxUnreadable):
        unseal(boxes[-1])


def test_a_changed_secret_costs_what_was_sealed_and_no_more(settings):
    training_class = evaluated(answers=3, people=8)
    settings.SECRET_KEY = "another"
    for trainee in people_of(training_class)[3:]:
        say(training_class, trainee)

    assert shown(training_class) == 5
