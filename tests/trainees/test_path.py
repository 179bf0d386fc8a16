"""The path of growth: what is met, who decides, what the preview says. docs/rules.md R85."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from academy.models import GrowthStage, PersonChange
from courses.models import Expert
from notices.models import Notice
from trainees.eligibility.reasons import reasons_for_many
from trainees.kept_tables import PathRequirements
from trainees.models import HourEntry, PathRequirement, StageDecision, Trainee
from trainees.path.deciding import StageRefused, decide_stage, fingerprint, make_mentor
from trainees.path.next_step import steps_of
from trainees.path.standing import standing_of, standings

from ..factories import NOW, LessonFactory, UserFactory, ask, class_with
from .certified import closed_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def stages():
    return [
        GrowthStage.objects.create(name=name, sort_order=number)
        for number, name in enumerate(("新任", "成长", "骨干"), start=1)
    ]


@pytest.fixture
def coordinator(db):
    return UserFactory()


@pytest.fixture
def newcomer(cadre, stages):
    cadre.stage = stages[0]
    cadre.save()
    return cadre


@pytest.fixture
def held(newcomer, colleague, coordinator):
    """Two lessons of 3 hours, of one course, that the newcomer and the colleague attended."""
    return closed_class([newcomer, colleague], coordinator)


@pytest.fixture
def course(held):
    return held.lessons.order_by("starts_at").first().course_version.course


def asks(person, *, course=None, track=None, hours=None):
    return PathRequirement.objects.create(
        position=person.position, stage=person.stage, course=course, track=track, hours=hours
    )


def fresh(person):
    return Trainee.objects.with_profile().select_related("user").get(pk=person.pk)


def refused(person, training_class):
    reasons = reasons_for_many(fresh(person), [training_class], NOW)[training_class.pk]
    return {reason.rule for reason in reasons if not reason.ok}


def decide(person, by, outcome="goes_on", reason="", seen=None):
    person = fresh(person)
    return decide_stage(
        trainee=person,
        outcome=outcome,
        seen=seen or fingerprint(standing_of(person)),
        reason=reason,
        by=by,
        now=NOW,
    )


# --- What is met ----------------------------------------------------------------------------------


def test_hours_of_a_track_and_a_course_are_read_from_the_ledger(newcomer, course, stages):
    hours = HourEntry.objects.filter(
        trainee=newcomer, lesson__course_version__course__track=course.track
    )
    done = sum(entry.hours for entry in hours)
    asks(newcomer, track=course.track, hours=done)
    asks(newcomer, course=course)

    standing = standing_of(fresh(newcomer))

    assert (standing.next_stage, standing.is_ready) == (stages[1], True)
    assert [(line.is_met, line.done) for line in standing.lines] == [(True, done), (True, None)]


def test_a_quarter_of_an_hour_short_is_not_met(newcomer, course):
    done = HourEntry.objects.filter(
        trainee=newcomer, lesson__course_version__course__track=course.track
    )
    asks(newcomer, track=course.track, hours=sum(e.hours for e in done) + Decimal("0.25"))

    assert not standing_of(fresh(newcomer)).is_ready


def test_a_course_that_counts_as_the_same_is_met(newcomer, course):
    other = LessonFactory().course_version.course
    requirement = asks(newcomer, course=other)
    assert not standing_of(fresh(newcomer)).is_ready

    other.equivalents.add(course)

    assert standing_of(fresh(newcomer)).is_ready
    requirement.active = False
    requirement.save()
    assert not standing_of(fresh(newcomer)).is_ready  # nothing asked, nobody proposed


def test_many_people_cost_as_many_statements_as_one(
    newcomer, colleague, course, django_assert_num_queries
):
    asks(newcomer, course=course)
    people = [fresh(newcomer), fresh(colleague)]
    for some in (people[:1], people):
        with django_assert_num_queries(5):
            standings(some)


def test_the_next_step_is_a_class_that_can_be_booked(newcomer, course, coordinator):
    wanted = class_with(seats=3, starts_at=NOW + timedelta(days=30))
    other = wanted.lessons.get().course_version.course
    asks(newcomer, course=other)
    missing = LessonFactory().course_version.course
    asks(newcomer, course=missing)

    person = fresh(newcomer)
    steps = steps_of(standing_of(person), person, NOW)

    found = {step.line.requirement.course_id: step.training_class for step in steps}
    assert found == {other.pk: wanted, missing.pk: None}


@pytest.mark.parametrize(
    "wrong", [{}, {"hours": 3}, {"track": 1}, {"course": 1, "track": 1, "hours": 3}]
)
def test_a_row_is_hours_of_a_track_or_a_course(newcomer, course, wrong):
    values = dict(wrong)
    if "track" in values:
        values["track"] = course.track
    if "course" in values:
        values["course"] = course
    with pytest.raises(IntegrityError), transaction.atomic():
        asks(newcomer, **values)


# --- Deciding -------------------------------------------------------------------------------------


def test_a_person_decides_and_the_classes_of_the_stage_open(newcomer, course, stages, coordinator):
    asks(newcomer, course=course)
    coming = class_with(seats=3, starts_at=NOW + timedelta(days=40))
    ask(coming, stages=[stages[1]])
    coming.refresh_from_db()
    assert "stage" in refused(newcomer, coming)

    decision = decide(newcomer, coordinator)

    assert fresh(newcomer).stage == stages[1]
    assert "stage" not in refused(newcomer, coming)
    assert (decision.met, decision.unmet) == ([f"必修课程“{course.title}”"], [])
    assert PersonChange.objects.filter(person=newcomer.user, by=coordinator).exists()


def test_what_is_not_met_needs_a_reason(newcomer, course, coordinator):
    asks(newcomer, course=course)
    asks(newcomer, track=course.track, hours=200)
    with pytest.raises(StageRefused, match="写明理由"):
        decide(newcomer, coordinator)

    decision = decide(newcomer, coordinator, reason="挂职期间独当一面")

    assert len(decision.met) == len(decision.unmet) == 1 and "200" in decision.unmet[0]


def test_not_yet_is_kept_and_told(newcomer, course, stages, coordinator):
    asks(newcomer, course=course)
    with pytest.raises(StageRefused, match="写明理由"):
        decide(newcomer, coordinator, "not_yet")

    decide(newcomer, coordinator, "not_yet", reason="先带一次议事会")

    assert fresh(newcomer).stage == stages[0]
    (notice,) = Notice.objects.filter(kind="stage_not_yet")
    assert "先带一次议事会" in notice.body and notice.link == "/me/path/"


def test_nobody_decides_on_what_they_have_not_seen(newcomer, course, coordinator):
    seen = fingerprint(standing_of(fresh(newcomer)))
    asks(newcomer, course=course)

    with pytest.raises(StageRefused, match="有变动"):
        decide(newcomer, coordinator, seen=seen, reason="好")
    assert not StageDecision.objects.exists()


def test_nobody_decides_about_themselves(newcomer, course):
    asks(newcomer, course=course)

    with pytest.raises(StageRefused, match="不能决定本人"):
        decide(newcomer, newcomer.user)


def test_behind_the_last_stage_there_is_only_the_mentor(newcomer, stages, coordinator):
    with pytest.raises(StageRefused, match="最后阶段"):
        make_mentor(trainee=newcomer, by=coordinator)
    newcomer.stage = stages[-1]
    newcomer.save()
    with pytest.raises(StageRefused, match="没有下一阶段"):
        decide(newcomer, coordinator, reason="好")

    expert = make_mentor(trainee=newcomer, by=coordinator)

    assert (expert.code, expert.user, expert.published) == ("DS-001", newcomer.user, False)
    with pytest.raises(StageRefused, match="已在师资库"):
        make_mentor(trainee=newcomer, by=coordinator)
    assert Expert.objects.filter(user=newcomer.user).count() == 1


# --- The preview ----------------------------------------------------------------------------------


class _Form:
    def __init__(self, instance, changed=True):
        self.instance, self.changed = instance, changed

    def has_changed(self):
        return self.changed


def test_the_preview_names_who_gains_and_who_loses(newcomer, course):
    row = asks(newcomer, course=course)
    table = PathRequirements()
    assert table.effects(_Form(row, changed=False)) == []
    row.course = LessonFactory().course_version.course

    first, loses = table.effects(_Form(row))

    assert "共 1 人。现有 1 人全部达到，修改后为 0 人" in first
    assert loses == f"不再达到：{newcomer.user.name}"
    row.save()
    row.course = course
    assert table.effects(_Form(row))[1] == f"新增达到：{newcomer.user.name}"
