"""Two approvers decide at the same moment, two workers sweep at the same moment: one of them acts.

Threads on the file or server database.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from notices.models import Notice
from trainees.booking.approvals import DecisionRefused, decide_step, pass_on_silent
from trainees.booking.enrolling import book
from trainees.invariants import breaches
from trainees.models import ApprovalStep, Enrolment

from ..factories import NOW, RoleGrantFactory, TraineeFactory, UserFactory, class_with

ROUNDS = 5


def at_once(*actions):
    """Run each in a thread and a connection of its own, all from the same moment; the answers, an
    error as its words.
    """
    barrier = Barrier(len(actions))

    def run(action):
        barrier.wait()
        try:
            return action()
        except DecisionRefused as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def coordinators(village, count):
    people = [UserFactory(name=f"示例审批{number}") for number in range(count)]
    for person in people:
        RoleGrantFactory(user=person, role="village_coordinator", village=village)
    return people


def asked(trainee, training_class) -> ApprovalStep:
    book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    return ApprovalStep.objects.get(approval__enrolment__trainee=trainee, decision="pending")


@pytest.mark.django_db(transaction=True)
def test_of_a_yes_and_a_no_at_the_same_moment_one_counts():
    for _round in range(ROUNDS):
        trainee, waits = TraineeFactory(), TraineeFactory()
        yes, no = coordinators(trainee.village, 2)
        training_class = class_with(seats=1, approval="chain")
        step = asked(trainee, training_class)
        book(trainee=waits, training_class=training_class, by=waits.user, now=NOW)

        said = at_once(
            lambda step=step, yes=yes: decide_step(step=step, approved=True, by=yes, now=NOW),
            lambda step=step, no=no: decide_step(
                step=step, approved=False, opinion="走不开", by=no, now=NOW
            ),
        )

        step.refresh_from_db()
        assert sum(isinstance(answer, str) and "已经" in answer for answer in said) == 1
        seated = Enrolment.objects.get(training_class=training_class, status="booked").trainee
        assert (step.decision, seated) in (("approved", trainee), ("refused", waits))
        assert Notice.objects.filter(kind="approval_decided", person=trainee.user).count() == 1
        assert list(breaches()) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_pass_a_silent_step_on_once():
    trainee = TraineeFactory()
    coordinators(trainee.village, 1)
    town = UserFactory()
    RoleGrantFactory(user=town, role="town_staff", town=trainee.village.town)
    asked(trainee, class_with(seats=1, approval="chain"))
    later = NOW + timedelta(days=2)

    assert sorted(
        at_once(lambda: pass_on_silent(now=later), lambda: pass_on_silent(now=later))
    ) == [0, 1]

    assert list(ApprovalStep.objects.values_list("level", "decision")) == [
        ("village", "silent"),
        ("town", "pending"),
    ]
    assert Notice.objects.filter(kind="approval_asked", person=town).count() == 1
