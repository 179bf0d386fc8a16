"""A thousand lives of one class: whatever people, staff and the clock do in whatever order, no rule
that `audit_invariants` checks breaks.

Ordinary runs take hundreds of steps, LONG=1 thousands. With one guard taken out the machine finds
the breach: that is the control.
"""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import trainees.invariants
from academy.errors import PortalError
from courses.models import ClassStatus, SeatPool
from trainees.booking import approvals
from trainees.booking.approvals import decide_step, pass_on_silent
from trainees.booking.enrolling import accept_offer, book, book_group, set_priority
from trainees.booking.queue import expire_offers, promote, release_due
from trainees.booking.seat_ledger import take
from trainees.booking.withdrawing import withdraw
from trainees.classes.booking_rules import ClassRules, change_rules
from trainees.classes.changes import change_seats, start_due_classes
from trainees.models import (
    Approval,
    ApprovalStep,
    AttendanceStatus,
    Decision,
    Enrolment,
    EnrolmentEvent,
    EnrolmentStatus,
    LateWithdrawal,
    QueuePriority,
)
from trainees.on_behalf.passing_on import pass_on
from trainees.people.approvers import steps_of
from trainees.petitions.requests import ask_to_withdraw, decide
from trainees.record.attendance import mark
from trainees.record.closing import close_class, mark_rest_absent

from ..everywhere import modules_with
from ..factories import (
    NOW,
    RoleGrantFactory,
    TownFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
    class_with,
)

LONG = bool(os.environ.get("LONG"))
FIXED_SEED = 2  # brings lives in which everything happens that must
SEED_OF_BREACHES = 13  # meets each of them early: another finds them as well, in twice the time
SEED = int(os.environ.get("RACE_SEED") or 1) if LONG else FIXED_SEED
# a long run begins anew several times: of many lives in one go most are copies of a few
ROUNDS, EXAMPLES, STEPS = (8, 15, 50) if LONG else (1, 15, 40)
MUST_HAPPEN = {"booked", "waitlisted", "promoted", "offered", "skipped", "withdrawn"} | {
    "approval: approved",
    "approval: refused",
}
SELDOM_APPROVED = {"approval: unanswered", "step: silent", "step: known"}
SELDOM = {"accepted", "expired", "priority"} | SELDOM_APPROVED
PEOPLE = st.integers(min_value=0, max_value=8)
GENERATE_ONLY = (Phase.generate,)  # the control need not shrink what it finds
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


class OneClass(RuleBasedStateMachine):
    """Nine people of two towns and three villages, two classes at the same hour, a clock that only
    goes forward.
    """

    seen: set[str] = set()  # kinds of events, and decisions on approvals, that any life has had
    something_changed = False  # since the invariants were looked at

    @initialize(
        seats=st.integers(1, 3),
        quota=st.integers(0, 1),
        late=st.booleans(),
        chain=st.booleans(),
        first=st.integers(0, 4),
    )
    def begin(self, seats, quota, late, chain, first):
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = NOW + timedelta(hours=73 if late else 0)  # in the days of offers, or well before
        towns = [TownFactory(), TownFactory()]
        villages = [
            VillageFactory(town=towns[0]),
            VillageFactory(town=towns[0]),
            VillageFactory(town=towns[1]),
        ]
        self.people = [TraineeFactory(village=villages[number // 3]) for number in range(9)]
        self.office = UserFactory()
        RoleGrantFactory(user=self.office, role="district_staff")
        # nobody coordinates the third one
        self.coordinators = [UserFactory() for _village in villages[:2]]
        for coordinator, village in zip(self.coordinators, villages, strict=False):
            RoleGrantFactory(user=coordinator, role="village_coordinator", village=village)
        self.approvers = [*self.coordinators, UserFactory(), self.office]
        RoleGrantFactory(user=self.approvers[2], role="town_staff", town=towns[0])
        self.towns = towns
        starts_at = NOW + timedelta(days=5)
        times = {
            "starts_at": starts_at,
            "booking_closes_at": NOW + timedelta(days=4),
            "cancel_until": NOW + timedelta(days=4),
        }
        self.classes = [
            class_with(
                seats=seats,
                town_seats={towns[0]: quota} if quota else None,
                approval="chain" if chain else "none",
                **times,
            ),
            class_with(seats=2, **{**times, "starts_at": starts_at + timedelta(minutes=60)}),
        ]
        for person in range(first):  # so that no life is about nobody
            self.books_or_waits(person, 0)
        self.something_changed = True

    def teardown(self):
        if hasattr(self, "savepoint"):
            self.seen.update(EnrolmentEvent.objects.values_list("kind", flat=True))
            self.seen.update(
                f"approval: {status}"
                for status in Approval.objects.values_list("status", flat=True)
            )
            self.seen.update(
                f"step: {decision}"
                for decision in ApprovalStep.objects.values_list("decision", flat=True)
            )
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # --- What people do ---------------------------------------------------------------------------

    def attempt(self, action, **arguments):
        first, second = (
            Enrolment.objects.live().filter(training_class=training_class).values("trainee")
            for training_class in self.classes
        )
        somebody_is_in_both = (
            Enrolment.objects.filter(trainee__in=first).filter(trainee__in=second).exists()
        )
        try:
            with transaction.atomic():
                action(**arguments, now=self.now)
        except PortalError:  # refused: the tables are as they were, and that was looked at
            return
        self.something_changed = True
        # who gives up a clash in one class is looked at in the other by the next sweep, half a
        # minute later
        if somebody_is_in_both:
            release_due(now=self.now)

    def fresh(self, which):
        self.classes[which].refresh_from_db()
        return self.classes[which]

    def one_of(self, number, *statuses, which=0):
        """One of the enrolments in these states, if there is any."""
        found = list(
            Enrolment.objects.filter(
                training_class=self.classes[which], status__in=statuses
            ).order_by("pk")
        )
        return found[number % len(found)] if found else None

    @rule(person=PEOPLE, which=st.integers(0, 1))
    def books_or_waits(self, person, which):
        trainee = self.people[person]
        self.attempt(book, trainee=trainee, training_class=self.fresh(which), by=trainee.user)

    @rule(village=st.integers(0, 2), size=st.integers(2, 3), together=st.booleans())
    def books_as_a_group(self, village, size, together):
        group = self.people[village * 3 : village * 3 + size]
        self.attempt(
            book_group,
            trainees=group,
            training_class=self.fresh(0),
            together=together,
            by=self.office,
        )

    @rule(
        number=PEOPLE,
        which=st.sampled_from([0, 0, 1]),
        status=st.sampled_from(["booked", "booked", "waitlisted"]),
    )
    def withdraws(self, number, which, status):
        if enrolment := self.one_of(number, status, which=which):
            self.attempt(withdraw, enrolment=enrolment, by=enrolment.trainee.user)

    @precondition(lambda self: Enrolment.objects.filter(status="offered").exists())
    @rule(takes=st.booleans(), number=PEOPLE)
    def answers_the_offer(self, takes, number):
        if enrolment := self.one_of(number, "offered"):
            self.attempt(
                accept_offer if takes else withdraw, enrolment=enrolment, by=enrolment.trainee.user
            )

    @rule(number=PEOPLE)
    def asks_to_withdraw_late(self, number):
        if enrolment := self.one_of(number, "booked"):
            self.attempt(
                ask_to_withdraw, enrolment=enrolment, reason="家里有事", by=enrolment.trainee.user
            )

    @rule(number=PEOPLE, other=PEOPLE)
    def swaps(self, number, other):
        if enrolment := self.one_of(number, "booked"):
            self.attempt(
                pass_on, enrolment=enrolment, to=self.people[other], by=enrolment.trainee.user
            )

    # --- What staff do ----------------------------------------------------------------------------

    @precondition(lambda self: LateWithdrawal.objects.filter(decision=Decision.PENDING).exists())
    @rule(granted=st.booleans())
    def answers_a_request(self, granted):
        asked = LateWithdrawal.objects.filter(decision=Decision.PENDING).first()
        self.attempt(decide, asked=asked, granted=granted, answer="知道了", by=self.office)

    @precondition(lambda self: Enrolment.objects.waiting().exists())
    @rule(number=PEOPLE, priority=st.sampled_from(QueuePriority))
    def sets_a_priority(self, number, priority):
        if enrolment := self.one_of(number, "waitlisted"):
            self.attempt(
                set_priority,
                enrolment=enrolment,
                priority=priority,
                reason="新任书记先上",
                by=self.office,
            )

    @precondition(lambda self: ApprovalStep.objects.filter(decision="pending").exists())
    @rule(number=PEOPLE)
    def approves(self, number):
        self.decides(number, approved=True)

    @precondition(lambda self: ApprovalStep.objects.filter(decision="pending").exists())
    @rule(number=PEOPLE)
    def refuses(self, number):
        self.decides(number, approved=False)

    @precondition(lambda self: ApprovalStep.objects.exists())
    @rule(number=PEOPLE, by=st.integers(0, 3), approved=st.booleans())
    def decides_too_late_or_for_others(self, number, by, approved):
        steps = list(ApprovalStep.objects.order_by("pk"))
        self.attempt(
            decide_step,
            step=steps[number % len(steps)],
            approved=approved,
            opinion="走不开",
            by=self.approvers[by],
        )

    def decides(self, number, *, approved):
        """Whoever is asked decides."""
        steps = list(ApprovalStep.objects.filter(decision="pending").order_by("pk"))
        step = steps[number % len(steps)]
        approver = next(
            person
            for person in self.approvers
            if steps_of(person, self.now.date()).filter(pk=step.pk).exists()
        )
        self.attempt(decide_step, step=step, approved=approved, opinion="走不开", by=approver)

    @rule(person=st.integers(0, 5))
    def coordinator_books(self, person):
        self.attempt(
            book,
            trainee=self.people[person],
            training_class=self.fresh(0),
            by=self.coordinators[person // 3],
            channel="coordinator",
        )

    @precondition(lambda self: Approval.objects.exists())
    @rule(needed=st.booleans())
    def changes_whether_approval_is_needed(self, needed):
        training_class = self.fresh(0)
        times = {
            name: getattr(training_class, name)
            for name in ("booking_opens_at", "booking_closes_at", "cancel_until")
        }
        self.attempt(
            change_rules,
            training_class=training_class,
            rules=ClassRules(**times, approval="chain" if needed else "none"),
            by=self.office,
        )

    @rule(capacity=st.integers(1, 7), quota=st.integers(0, 3))
    def changes_the_seats(self, capacity, quota):
        self.attempt(
            change_seats,
            training_class=self.fresh(0),
            capacity=capacity,
            town_seats={self.towns[0]: quota},
            by=self.office,
        )

    @rule()
    def marks_and_closes(self):
        training_class = self.fresh(0)
        for lesson in training_class.lessons.all():
            self.attempt(
                mark,
                lesson=lesson,
                enrolments=Enrolment.objects.taking_part().filter(training_class=training_class)[
                    :2
                ],
                status=AttendanceStatus.PRESENT,
                by=self.office,
            )
        self.attempt(mark_rest_absent, training_class=training_class, by=self.office)
        self.attempt(close_class, training_class=training_class, by=self.office)

    # --- What the clock does ----------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 5, 12]))
    def time_passes(self, hours):
        self.wait(timedelta(hours=hours))

    @precondition(lambda self: ApprovalStep.objects.filter(decision="pending").exists())
    @rule(until_the_start=st.booleans())
    def nobody_answers(self, until_the_start):
        """For two workdays and an hour, or until the class begins."""
        self.wait(
            max(self.classes[0].starts_at - self.now, timedelta())
            if until_the_start
            else timedelta(hours=49)
        )

    def wait(self, time):
        self.now += time
        self.something_changed = True
        expire_offers(now=self.now)
        release_due(now=self.now)
        pass_on_silent(now=self.now)
        start_due_classes(now=self.now)

    # --- What always holds ------------------------------------------------------------------------

    @invariant()
    def nothing_is_broken(self):
        if not self.something_changed:
            return
        self.something_changed = False
        trainees.invariants.timezone = FrozenClock(self.now)
        assert [f"{breach.rule}: {breach.text}" for breach in trainees.invariants.breaches()] == []
        for enrolment in Enrolment.objects.filter(status=EnrolmentStatus.OFFERED):
            assert enrolment.training_class.status == ClassStatus.OPEN


class FrozenClock:
    """The one word of django.utils.timezone that the audit uses."""

    def __init__(self, now):
        self.now = lambda: now


@pytest.fixture
def audit_clock(monkeypatch):
    monkeypatch.setattr(trainees.invariants, "timezone", trainees.invariants.timezone)


def lives(number: int) -> type[OneClass]:
    """The machine with so and so much chance; without a seed of its own every change of its text
    would bring other lives.
    """
    return seed(number)(type("OneClass", (OneClass,), {}))


@pytest.mark.django_db
def test_no_order_of_events_breaks_an_invariant(audit_clock):
    for number in range(ROUNDS):
        print(f"RACE_SEED={SEED}, round {number}")
        run_state_machine_as_test(
            lives(SEED + number),
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=QUIET,
                database=None,
            ),
        )

    # nothing is proven of what never happened
    assert OneClass.seen >= (MUST_HAPPEN | SELDOM if LONG else MUST_HAPPEN)


def _take_without_looking(pool):
    """Take a seat and not count it: the guard of the conditional UPDATE is gone."""
    pool.seats_taken += 1
    return True


def _end_without_freeing(enrolment, training_class, *, by, now, reason=""):
    """Refuse, and leave the person on the seat."""


def _promote_in_any_order(*, training_class, now):
    """Forget the queue when a seat comes free."""
    return []


@pytest.mark.django_db
@pytest.mark.parametrize("guard", ["take", "promote", "keep the refused", "ask nobody"])
def test_with_one_guard_removed_the_machine_finds_a_breach(audit_clock, monkeypatch, guard):
    replaced = {"take": (take, _take_without_looking), "promote": (promote, _promote_in_any_order)}
    if guard in replaced:
        function, replacement = replaced[guard]
        for module in modules_with(function):
            monkeypatch.setattr(module, guard, replacement)
    for_approvals = {
        "keep the refused": ("give_up", _end_without_freeing),
        "ask nobody": ("begin", lambda **_booking: None),
    }
    if guard in for_approvals:
        monkeypatch.setattr(approvals, *for_approvals[guard])
    with pytest.raises(AssertionError, match="[123]: "):
        run_state_machine_as_test(
            lives(SEED_OF_BREACHES),
            settings=settings(
                max_examples=60,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=QUIET,
                database=None,
                phases=GENERATE_ONLY,
            ),
        )

    assert SeatPool.objects.count() == 0  # what the machine did is undone
