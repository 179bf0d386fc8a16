"""Lists of lecture fees: what stands on them, who may move them, what the database refuses."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from academy.models import Role
from courses.models import LessonTeacher, TeachingRole, TrainingClass
from courses.schedule.season import Season
from plans.actual.figures import owner_of_class
from plans.lecture_fees import making_out, steps
from plans.lecture_fees.desk import fees_waiting_for
from plans.lecture_fees.ranks import above, allowed, cap_words, caps_by_rank, rank_in
from plans.lecture_fees.records import (
    REASON_LENGTH,
    FeesIncomplete,
    FeesRefused,
    ListThere,
    NothingTaught,
    SamePerson,
)
from plans.lecture_fees.taught import counted, of_owner
from plans.models import LectureFeeCap, LectureFeeList, LectureFeeRow, LecturerRank
from tests.factories import (
    NOW,
    CampusFactory,
    DepartmentFactory,
    ExpertFactory,
    RoleGrantFactory,
    TownFactory,
    UserFactory,
    taught_by,
)

from .factories import filed
from .fees import SEASON, approved, begun, checked, made_out, taught_class, typed
from .taught import hangs_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    return DepartmentFactory()


@pytest.fixture
def people(department):
    """Two of the department, two of the office."""
    staff = [
        RoleGrantFactory(role=Role.DEPARTMENT_STAFF, department=department).user for _n in range(2)
    ]
    return *staff, *(RoleGrantFactory(role=Role.DISTRICT_STAFF).user for _n in range(2))


def shown(fee_list) -> list[tuple]:
    return [
        (row.lecturer, row.hours, row.rank, row.yuan)
        for row in fee_list.rows.order_by("taught_on", "pk")
    ]


# --- What stands on a list (R67) ------------------------------------------------------------------


def test_a_list_begins_with_what_was_really_taught(department):
    professor = ExpertFactory(name="示例教授", title="社会学院教授")
    other = ExpertFactory(name="示例点评", title="副教授")
    given = taught_class(professor, department=department, lessons=2)
    LessonTeacher.objects.create(
        lesson=given.lessons.first(), expert=other, role=TeachingRole.COMMENTATOR, place=5
    )
    LessonTeacher.objects.create(
        lesson=given.lessons.first(), person=UserFactory(), role=TeachingRole.CLASS_TEACHER, place=6
    )
    taught_class(department=department, closed=False)  # not closed yet
    taught_class(department=department, starts_at=NOW - timedelta(days=90))  # the season before
    taught_class(department=DepartmentFactory())  # of somebody else

    assert shown(begun(department)) == [
        ("示例教授", Decimal(3), LecturerRank.PROFESSOR, None),
        ("示例点评", Decimal(3), LecturerRank.ASSOCIATE, None),
        ("示例教授", Decimal(3), LecturerRank.PROFESSOR, None),
    ]


def test_nothing_taught_begins_no_list(department):
    with pytest.raises(NothingTaught):
        begun(department)

    assert not LectureFeeList.objects.exists()


def test_whose_classes_they_are_agrees_with_the_figures(department):
    """`of_owner` says in SQL what `owner_of_class` says of one class: docs/rules.md R60."""
    town = TownFactory()
    salon, branch = CampusFactory(town=town, kind="salon"), CampusFactory(town=town, kind="branch")
    classes = [
        taught_class(campus=place, department=unit)
        for place in (salon, branch)
        for unit in (None, department, None)
    ]
    plan = filed(town=town)  # a class is asked for its item where a plan is filed
    for held, item in zip(classes[1:3], (plan.items.first(), None), strict=True):
        hangs_on(held, item, "" if item else "临时")
    hangs_on(classes[5], plan.items.first())

    for owner in (town, department, branch):
        wanted = [
            one.pk
            for one in TrainingClass.objects.order_by("pk")
            if owner_of_class(one, getattr(getattr(one, "plan_filing", None), "item", None))
            == owner
        ]
        found = TrainingClass.objects.filter(of_owner(owner)).order_by("pk")
        assert (list(found.values_list("pk", flat=True)), bool(wanted)) == (wanted, True)


def test_a_second_list_of_the_season_is_the_first_one(department):
    taught_class(department=department)
    first = begun(department)

    with pytest.raises(ListThere) as there:
        begun(department)

    assert there.value.fee_list == first


def test_a_lesson_on_one_list_is_not_paid_on_another(department):
    expert = ExpertFactory()
    held = taught_class(expert, department=department)
    begun(department)
    plan = filed(town=TownFactory())
    hangs_on(held, plan.items.first())  # it is the street-town's now

    with pytest.raises(NothingTaught):
        begun(plan.town)
    row = LectureFeeRow.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_what_is_left_out_is_free_for_another_list(department):
    held = taught_class(department=department, lessons=2)
    fee_list, by = begun(department), UserFactory()
    plan = filed(town=TownFactory())
    out = fee_list.rows.first()

    making_out.save_fees(fee_list=fee_list, fees={}, ranks={}, left_out=[out.pk], by=by)
    hangs_on(held, plan.items.first())

    assert fee_list.rows.count() == 1
    assert [row.lesson_id for row in begun(plan.town).rows.all()] == [out.lesson_id]


def test_a_list_takes_over_what_changed_since(department, people):
    held = taught_class(department=department, lessons=2)
    fee_list = typed(begun(department), by=people[0])
    other = ExpertFactory(name="换人")
    taught_by(held.lessons.order_by("number").first(), other)
    taught_class(ExpertFactory(name="后来"), department=department)

    taken = making_out.refill(fee_list=fee_list)

    assert (taken.added, taken.dropped) == (2, 1)
    assert [row[3] for row in shown(fee_list)].count(Decimal(900)) == 1


def test_the_rank_of_the_last_list_counts_for_the_next(department):
    expert = ExpertFactory(title="讲师")
    taught_class(expert, department=department)
    first = begun(department)
    making_out.save_fees(
        fee_list=first,
        fees={},
        ranks={expert.pk: LecturerRank.EMINENT},
        left_out=[],
        by=UserFactory(),
    )
    other = DepartmentFactory()
    taught_class(expert, department=other)

    assert shown(begun(other))[0][2] == LecturerRank.EMINENT


@pytest.mark.parametrize(
    ("post", "rank"),
    [
        ("", "associate"),
        ("副教授", "associate"),
        ("副研究员、党支部书记", "associate"),
        ("教授、博士生导师", "professor"),
        ("正高级社会工作师", "professor"),
        ("中国工程院院士", "eminent"),
    ],
)
def test_a_rank_is_read_from_the_post(post, rank):
    assert rank_in(post) == rank


@pytest.mark.parametrize(
    ("hour", "minutes", "hours", "counts"),
    [(9, 180, "4", "4"), (9, 240, "5", "5"), (13, 240, "5", "4"), (9, 480, "9", "8")],
)
def test_half_a_day_counts_four_hours_at_most(hour, minutes, hours, counts):
    starts = NOW.replace(hour=hour)
    ends = starts + timedelta(minutes=minutes)

    assert counted(starts, ends, Decimal(hours)) == Decimal(counts)


def test_a_fee_above_the_cap_is_a_hint(department, people):
    LectureFeeCap.objects.create(rank="associate", yuan_per_hour=500)
    taught_class(department=department)
    fee_list = made_out(department, by=people[0], yuan="1800")
    row, caps = fee_list.rows.get(), caps_by_rank()

    assert (allowed(row, caps), above(row, caps)) == (Decimal(1500), Decimal(300))
    assert cap_words(row, caps) == "标准：500 元×3 学时＝1,500 元"
    row.rank = LecturerRank.EMINENT  # no figure kept for it
    assert (cap_words(row, caps), above(row, caps)) == ("", 0)


# --- Three people (R68) ---------------------------------------------------------------------------


def test_the_way_of_a_list(department, people):
    maker, checker, approver, _other = people
    taught_class(department=department, lessons=2)

    fee_list = approved(department, by=maker, checker=checker, approver=approver)
    keys = list(fee_list.rows.values_list("pk", flat=True))
    steps.note_received(fee_list=fee_list, rows=keys[:1], day=NOW.date(), by=maker, now=NOW)

    assert (fee_list.made_out_by, fee_list.checked_by, fee_list.approved_by) == (
        maker,
        checker,
        approver,
    )
    assert [(step.decision, step.by) for step in fee_list.steps.all()] == [
        ("begun", maker),
        ("made_out", maker),
        ("checked", checker),
        ("approved", approver),
        ("received", maker),
    ]
    received = LectureFeeRow.objects.filter(received_on=NOW.date(), received_noted_by=maker)
    assert list(received.values_list("pk", flat=True)) == keys[:1]


def test_nobody_takes_two_of_the_three_parts(department, people):
    maker, typist, office, other = people
    expert = ExpertFactory(user=other)
    taught_class(expert, department=department)
    fee_list = typed(begun(department, by=maker), by=typist)
    fee_list = steps.hand_on(fee_list=fee_list, by=maker, now=NOW)
    third = RoleGrantFactory(role=Role.ADMINISTRATOR).user

    def refused(act, by):
        with pytest.raises(SamePerson):
            act(fee_list=fee_list, opinion="不对", by=by, now=NOW)

    for by in (maker, typist, other):  # made out, typed, is paid
        refused(steps.check, by)
        refused(steps.send_back, by)
    steps.check(fee_list=fee_list, opinion="", by=office, now=NOW)
    for by in (maker, typist, other, office):
        refused(steps.approve, by)
    of_department = RoleGrantFactory(role=Role.DEPARTMENT_STAFF, department=department).user
    refused(steps.approve, of_department)  # the office alone approves
    assert steps.approve(fee_list=fee_list, opinion="", by=third, now=NOW).is_approved


@pytest.mark.parametrize(
    "pair",
    [("checked_by", "made_out_by"), ("approved_by", "made_out_by"), ("approved_by", "checked_by")],
)
def test_the_database_asks_for_three_people_too(department, people, pair):
    taught_class(department=department)
    fee_list = approved(department, by=people[0], checker=people[1], approver=people[2])
    same, as_who = pair

    with pytest.raises(IntegrityError), transaction.atomic():
        LectureFeeList.objects.filter(pk=fee_list.pk).update(**{same: getattr(fee_list, as_who)})


def test_no_step_is_jumped_over(department, people):
    maker, checker, approver, other = people
    taught_class(department=department)
    fee_list = begun(department, by=maker)
    said = {"opinion": "补", "now": NOW}

    with pytest.raises(FeesIncomplete):  # no fee typed
        steps.hand_on(fee_list=fee_list, by=maker, now=NOW)
    for act in (steps.check, steps.approve, steps.send_back):
        with pytest.raises(FeesRefused):
            act(fee_list=fee_list, by=checker, **said)
    steps.hand_on(fee_list=typed(fee_list, by=maker), by=maker, now=NOW)
    with pytest.raises(FeesRefused):
        steps.approve(fee_list=fee_list, by=approver, **said)
    steps.check(fee_list=fee_list, by=checker, **said)
    with pytest.raises(FeesRefused):  # somebody else was quicker
        steps.check(fee_list=fee_list, by=other, **said)
    with pytest.raises(FeesRefused):
        steps.take_back(fee_list=fee_list, by=maker, now=NOW)
    with pytest.raises(FeesRefused):
        steps.note_received(
            fee_list=fee_list, rows=[fee_list.rows.get().pk], day=NOW.date(), by=maker, now=NOW
        )


def test_a_list_comes_back_with_its_reason_and_goes_on_again(department, people):
    maker, checker, approver, _other = people
    taught_class(department=department)
    fee_list = checked(department, by=maker, checker=checker)

    with pytest.raises(FeesIncomplete):
        steps.send_back(fee_list=fee_list, opinion=" ", by=approver, now=NOW)
    back = steps.send_back(fee_list=fee_list, opinion="学时不对", by=approver, now=NOW)

    assert (back.status, back.checked_by, back.is_editable) == ("returned", None, True)
    assert maker.notices.get().kind == "lecture_fees_returned"
    again = steps.hand_on(fee_list=typed(back, "600", by=maker), by=maker, now=NOW)
    assert again.status == "made_out"


def test_an_approved_list_stays_as_it_is(department, people):
    maker, checker, approver, _other = people
    taught_class(department=department)
    fee_list = approved(department, by=maker, checker=checker, approver=approver)
    row = fee_list.rows.get()

    for act in (
        lambda: typed(fee_list, "1", by=maker),
        lambda: making_out.refill(fee_list=fee_list),
        lambda: making_out.drop(fee_list=fee_list),
        lambda: steps.hand_on(fee_list=fee_list, by=maker, now=NOW),
        lambda: steps.send_back(fee_list=fee_list, opinion="x", by=approver, now=NOW),
    ):
        with pytest.raises(FeesRefused):
            act()
    row.refresh_from_db()
    assert row.yuan == 900


def test_a_correction_stands_on_a_supplementary_list(department, people):
    maker, checker, approver, _other = people
    taught_class(department=department)
    first = approved(department, by=maker, checker=checker, approver=approver, yuan="1500")
    taught_class(ExpertFactory(name="后来"), department=department)
    begin = {"fee_list": first, "by": maker, "now": NOW}

    with pytest.raises(FeesIncomplete):
        making_out.begin_supplement(reason=" ", **begin)
    second = making_out.begin_supplement(reason="学时登记有误", **begin)
    with pytest.raises(ListThere):  # one at a time
        making_out.begin_supplement(reason="再补", **begin)
    row = making_out.correct(fee_list=second, row=first.rows.get())
    with pytest.raises(FeesRefused):  # once on a list
        making_out.correct(fee_list=second, row=first.rows.get())
    making_out.save_fees(
        fee_list=second, fees={row.pk: Decimal(-500)}, ranks={}, left_out=[], by=maker
    )
    row.refresh_from_db()

    assert (second.number, second.supplements, second.reason) == (2, first, "学时登记有误")
    assert [(one.lecturer, one.corrects_id) for one in second.rows.order_by("pk")] == [
        ("后来", None),
        (row.lecturer, first.rows.get().pk),
    ]
    assert (row.yuan, above(row, {row.rank: Decimal(300)})) == (-500, 100)
    with pytest.raises(IntegrityError), transaction.atomic():  # only a difference is below 0
        second.rows.filter(corrects=None).update(yuan=-1)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_signature_is_of_a_day_since_the_approval(department, people, days):
    maker, checker, approver, _other = people
    taught_class(department=department)
    fee_list = approved(department, by=maker, checker=checker, approver=approver)

    with pytest.raises(FeesIncomplete):
        steps.note_received(
            fee_list=fee_list,
            rows=[fee_list.rows.get().pk],
            day=NOW.date() + timedelta(days=days),
            by=maker,
            now=NOW,
        )


def test_a_signature_is_noted_once_and_only_of_what_is_paid(department, people):
    maker, checker, approver, other = people
    taught_class(department=department, lessons=2)
    fee_list = begun(department, by=maker)
    paid, nothing = fee_list.rows.all()
    making_out.save_fees(
        fee_list=fee_list,
        fees={paid.pk: Decimal(500), nothing.pk: Decimal(0)},
        ranks={},
        left_out=[],
        by=maker,
    )
    steps.hand_on(fee_list=fee_list, by=maker, now=NOW)
    steps.check(fee_list=fee_list, opinion="", by=checker, now=NOW)
    steps.approve(fee_list=fee_list, opinion="", by=approver, now=NOW)
    noted = {"fee_list": fee_list, "rows": [paid.pk, nothing.pk], "day": NOW.date(), "now": NOW}

    assert steps.note_received(by=maker, **noted) == 1
    with pytest.raises(FeesIncomplete):
        steps.note_received(by=other, **noted)
    paid.refresh_from_db()
    assert paid.received_noted_by == maker


def test_a_signature_noted_by_mistake_is_taken_back_with_a_reason(department, people):
    maker, checker, approver, _other = people
    taught_class(ExpertFactory(name="示例讲师"), department=department)
    fee_list = begun(department, by=maker)
    row = fee_list.rows.get()
    making_out.save_fees(
        fee_list=fee_list, fees={row.pk: Decimal(500)}, ranks={}, left_out=[], by=maker
    )
    steps.hand_on(fee_list=fee_list, by=maker, now=NOW)
    steps.check(fee_list=fee_list, opinion="", by=checker, now=NOW)
    steps.approve(fee_list=fee_list, opinion="", by=approver, now=NOW)
    taken = {"fee_list": fee_list, "rows": [row.pk], "by": maker, "now": NOW}
    with pytest.raises(FeesIncomplete):  # nothing is noted
        steps.take_signatures_back(reason="登记错行", **taken)
    steps.note_received(fee_list=fee_list, rows=[row.pk], day=NOW.date(), by=maker, now=NOW)

    for reason in ("", "  "):
        with pytest.raises(FeesIncomplete):
            steps.take_signatures_back(reason=reason, **taken)
    row.refresh_from_db()
    assert row.received_on
    assert steps.take_signatures_back(reason="登记错行", **taken) == 1

    row.refresh_from_db()
    assert (row.received_on, row.received_noted_by) == (None, None)
    said = fee_list.steps.get(decision="unsigned").opinion
    assert "登记错行" in said and "示例讲师" in said and f"{NOW:%Y-%m-%d}" in said
    steps.note_received(fee_list=fee_list, rows=[row.pk], day=NOW.date(), by=maker, now=NOW)


def test_a_step_takes_back_as_many_signatures_as_it_can_name(department, people):
    maker, checker, approver, _other = people
    for _number in range(steps.MOST_UNSIGNED + 1):
        taught_class(ExpertFactory(name="示" * 20), department=department)
    fee_list = begun(department, by=maker)
    rows = [row.pk for row in fee_list.rows.all()]
    making_out.save_fees(
        fee_list=fee_list, fees=dict.fromkeys(rows, Decimal(500)), ranks={}, left_out=[], by=maker
    )
    steps.hand_on(fee_list=fee_list, by=maker, now=NOW)
    steps.check(fee_list=fee_list, opinion="", by=checker, now=NOW)
    steps.approve(fee_list=fee_list, opinion="", by=approver, now=NOW)
    steps.note_received(fee_list=fee_list, rows=rows, day=NOW.date(), by=maker, now=NOW)
    taken = {"fee_list": fee_list, "reason": "错" * REASON_LENGTH, "by": maker, "now": NOW}

    with pytest.raises(FeesIncomplete):
        steps.take_signatures_back(rows=rows, **taken)
    assert fee_list.rows.filter(received_on=None).count() == 0
    assert steps.take_signatures_back(rows=rows[1:], **taken) == steps.MOST_UNSIGNED
    said = fee_list.steps.get(decision="unsigned").opinion
    assert said.count("示" * 20) == steps.MOST_UNSIGNED and said.endswith("）")


def test_a_list_waits_for_whoever_may_do_the_next_step(department, people):
    maker, checker, approver, other = people
    taught_class(ExpertFactory(user=other), department=department)
    foreign = RoleGrantFactory(role=Role.DEPARTMENT_STAFF, department=DepartmentFactory()).user

    def waits() -> list[bool]:
        return [bool(list(fees_waiting_for(user))) for user in (*people, foreign)]

    fee_list = begun(department, by=maker)
    assert waits() == [False] * 5
    steps.hand_on(fee_list=typed(fee_list, by=maker), by=maker, now=NOW)
    assert waits() == [False, True, True, False, False]  # the last one of the office is paid on it
    steps.check(fee_list=fee_list, opinion="", by=checker, now=NOW)
    assert waits() == [False, False, True, False, False]
    steps.send_back(fee_list=fee_list, opinion="改", by=approver, now=NOW)
    assert waits() == [True, False, False, False, False]


def test_a_dropped_list_frees_its_lessons(department, people):
    taught_class(department=department)
    making_out.drop(fee_list=begun(department, by=people[0]))

    assert begun(department).rows.count() == 1


def test_a_list_holds_four_hundred_rows_at_most(department, monkeypatch):
    monkeypatch.setattr(making_out, "MOST_ROWS", 2)
    taught_class(department=department, lessons=3)

    fee_list = begun(department)

    assert fee_list.rows.count() == 2
    assert making_out.refill(fee_list=fee_list).added == 0


def test_a_season_is_not_begun_before_it_was_taught(department):
    taught_class(department=department)

    with pytest.raises(NothingTaught):
        begun(department, season=Season(2027, 2))
    assert begun(department, season=SEASON)
