"""The life of a course: every step, each refused one, who is told, and what stays as it was
meanwhile.
"""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from academy.access import grants_of
from academy.errors import PortalError
from academy.search.index import search
from courses.catalogue import publishing
from courses.catalogue.drafts import (
    LINK_LISTS,
    LINKS,
    PLAIN_FIELDS,
    discard_draft,
    drafted_content,
    drop_change,
    save_draft,
    stamp,
)
from courses.catalogue.errors import (
    CourseIncomplete,
    CourseNotEditable,
    CourseNotInReview,
    CourseNotPublished,
    CourseNotRetired,
    NoChangeToDrop,
    NothingToHandIn,
    NothingToPublish,
    ReasonMissing,
    WasPublished,
    WrongSuccessor,
)
from courses.catalogue.publishing import (
    ChangedMeanwhile,
    approve,
    bring_back,
    decide_on_many,
    retire,
    return_for_changes,
    submit,
    take_back,
)
from courses.models import Course, CourseDecision, CourseStatus, CourseStep, Stage
from courses.rules import works_on_course
from courses.waiting import waiting_for
from notices.models import Notice

from ..factories import (
    NOW,
    CourseFactory,
    CourseVersionFactory,
    PositionFactory,
    ServiceItemFactory,
    TrackFactory,
)

LATER = NOW + timedelta(days=1)


@pytest.fixture
def draft(department):
    return CourseFactory(
        code="QZ-001",
        title="楼道清零",
        summary="一起动手。",
        department=department,
        status=CourseStatus.DRAFT,
        track=TrackFactory(prefix="SW"),
    )


@pytest.fixture
def in_review(draft, department_staff):
    return submit(course=draft, by=department_staff, now=NOW)


@pytest.fixture
def published(draft, district_staff):
    approve(course=draft, by=district_staff, now=NOW)
    return fresh(draft)


@pytest.fixture
def retired(published, district_staff):
    return retire(course=published, reason="政策已变", by=district_staff, now=NOW)


@pytest.fixture
def changing(published, department_staff):
    """Published, and its department is writing a change."""
    return save_draft(
        course=published,
        values=values(published, title="楼道清零实训", hours=Decimal("4.50")),
        note="加了一课",
        by=department_staff,
        now=NOW,
    )


@pytest.fixture
def change_in_review(changing, department_staff):
    return submit(course=changing, by=department_staff, now=NOW)


def fresh(course: Course) -> Course:
    return Course.objects.get(pk=course.pk)


def values(course: Course, **more) -> dict:
    """What the form of the course would hand over."""
    own = {name: getattr(course, name) for name in (*PLAIN_FIELDS, *LINKS)}
    return own | {name: list(getattr(course, name).all()) for name in LINK_LISTS} | more


def decisions(course: Course) -> list[tuple]:
    return list(course.steps.values_list("decision", "by", "opinion", "version__number"))


def told(person) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", "body"))


# --- Steps ----------------------------------------------------------------------------------------


def test_a_draft_is_handed_in(draft, department_staff):
    assert submit(course=draft, by=department_staff, now=NOW).status == CourseStatus.IN_REVIEW
    assert decisions(draft) == [("submitted", department_staff.pk, "", None)]
    assert fresh(draft).stage == Stage.IN_REVIEW


def test_it_is_sent_back_with_a_reason_and_the_department_is_told_once(
    in_review, department_staff, district_staff
):
    return_for_changes(course=in_review, reason=" 补一个案例。 ", by=district_staff, now=LATER)

    assert fresh(in_review).stage == Stage.RETURNED
    assert decisions(in_review)[1:] == [("returned", district_staff.pk, "补一个案例。", None)]
    assert told(department_staff) == [("course_returned", "补一个案例。")]
    assert told(district_staff) == []


def test_it_is_taken_back_and_handed_in_again(in_review, department_staff):
    assert take_back(course=in_review, by=department_staff, now=NOW).status == CourseStatus.DRAFT
    assert submit(course=in_review, by=department_staff, now=LATER).status == CourseStatus.IN_REVIEW


def test_publishing_freezes_the_first_version_and_tells_the_department(
    in_review, department_staff, district_staff
):
    version = approve(
        course=in_review, by=district_staff, now=LATER, note="第一版", opinion="写得清楚。"
    )

    assert (version.number, version.title, version.change_note, version.published_by) == (
        1,
        "楼道清零",
        "第一版",
        district_staff,
    )
    assert fresh(in_review).stage == Stage.PUBLISHED
    assert decisions(in_review)[1:] == [("published", district_staff.pk, "写得清楚。", 1)]
    assert told(department_staff) == [("course_published", "写得清楚。")]
    assert [entry.code for entry in search("ldql", kinds=["course"])] == ["QZ-001"]


def test_a_change_leaves_the_course_as_it_is_until_it_is_published(
    change_in_review, district_staff, department_staff
):
    course = fresh(change_in_review)
    assert (course.title, course.hours, course.status, course.stage) == (
        "楼道清零",
        Decimal("3.00"),
        CourseStatus.PUBLISHED,
        Stage.CHANGE_IN_REVIEW,
    )
    assert [entry.title for entry in search("ldql", kinds=["course"])] == ["楼道清零"]
    assert drafted_content(course)["title"] == "楼道清零实训"

    version = approve(course=course, by=district_staff, now=LATER)

    course = fresh(course)
    assert (course.title, course.hours, course.stage) == (
        "楼道清零实训",
        Decimal("4.50"),
        Stage.PUBLISHED,
    )
    assert (version.number, version.change_note) == (2, "加了一课")
    assert [decision for decision, *_rest in decisions(course)] == [
        "published",
        "change_begun",
        "submitted",
        "published",
    ]
    assert [entry.title for entry in search("ldql", kinds=["course"])] == ["楼道清零实训"]


def test_a_change_carries_every_link(published, district_staff):
    item, post, other = ServiceItemFactory(), PositionFactory(), CourseFactory()
    wanted = values(
        published, service_items=[item], audiences=[post], prerequisites=[other], department=None
    )
    save_draft(course=published, values=wanted, by=district_staff, now=NOW)
    assert list(fresh(published).service_items.all()) == []

    content = approve(course=published, by=district_staff, now=LATER).content

    course = fresh(published)
    assert (
        list(course.service_items.all()),
        list(course.audiences.all()),
        list(course.prerequisites.all()),
        course.department,
    ) == ([item], [post], [other], None)
    assert (
        content["service_items"],
        content["audiences"],
        content["prerequisites"],
        content["department"],
    ) == ([item.code], [post.name], [other.code], "")


def test_what_a_change_will_say_is_what_it_says_when_published(changing, district_staff):
    drafted = drafted_content(fresh(changing))

    assert approve(course=changing, by=district_staff, now=LATER).content == drafted


def test_a_change_is_sent_back_taken_back_and_given_up(
    change_in_review, district_staff, department_staff
):
    return_for_changes(
        course=change_in_review, reason="学时怎么算的？", by=district_staff, now=LATER
    )
    assert fresh(change_in_review).stage == Stage.CHANGE_RETURNED
    submit(course=change_in_review, by=department_staff, now=LATER)
    take_back(course=change_in_review, by=department_staff, now=LATER)
    assert fresh(change_in_review).stage == Stage.CHANGING

    assert (
        drop_change(course=change_in_review, by=department_staff, now=LATER).stage
        == Stage.PUBLISHED
    )
    assert fresh(change_in_review).title == "楼道清零"


def test_a_draft_that_was_never_published_can_be_thrown_away(draft, department_staff):
    submit(course=draft, by=department_staff, now=NOW)
    take_back(course=draft, by=department_staff, now=NOW)

    discard_draft(course=fresh(draft), by=department_staff, now=NOW)

    assert not Course.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize("stage", ["in_review", "published", "changing", "retired"])
def test_what_was_handed_in_or_published_is_not_thrown_away(stage, request, district_staff):
    course = request.getfixturevalue(stage)

    with pytest.raises(WasPublished):
        discard_draft(course=course, by=district_staff, now=NOW)

    assert Course.objects.filter(pk=course.pk).exists()


def test_a_change_that_says_the_same_makes_no_version(published, district_staff):
    save_draft(course=published, values=values(published), by=district_staff, now=NOW)

    version = approve(course=published, by=district_staff, now=LATER)

    assert (version.number, fresh(published).stage) == (1, Stage.PUBLISHED)
    assert [decision for decision, *_rest in decisions(published)] == [
        "published",
        "change_begun",
        "change_dropped",
    ]


def test_retiring_takes_it_out_of_the_catalogue_and_names_what_takes_over(
    published, department_staff, district_staff
):
    heir = CourseFactory(title="楼道治理")

    retire(course=published, reason="政策已变", successor=heir, by=district_staff, now=LATER)

    course = fresh(published)
    assert (course.stage, course.successor) == (Stage.RETIRED, heir)
    assert search("楼道清零", kinds=["course"]) == []
    assert told(department_staff)[-1] == ("course_retired", "政策已变")


def test_bringing_back_keeps_the_version(retired, district_staff):
    bring_back(course=retired, by=district_staff, now=LATER)

    course = fresh(retired)
    assert (course.stage, course.successor, course.versions.count()) == (Stage.PUBLISHED, None, 1)
    assert [entry.code for entry in search("ldql", kinds=["course"])] == ["QZ-001"]


def test_notices_are_in_the_language_of_the_portal_and_not_of_who_acts(
    in_review, department_staff, district_staff
):
    with translation.override("en"):
        return_for_changes(course=in_review, reason="补案例", by=district_staff, now=LATER)
        approve(
            course=submit(course=in_review, by=department_staff, now=LATER),
            by=district_staff,
            now=LATER,
            opinion="写得清楚。",
        )
        retire(course=in_review, reason="政策已变", by=district_staff, now=LATER)
        bring_back(course=in_review, by=district_staff, now=LATER, opinion="又要用")

    assert list(
        Notice.objects.filter(person=department_staff).order_by("pk").values_list("title", "body")
    ) == [
        ("“楼道清零”退回来了，附有说明", "补案例"),
        ("“楼道清零”已发布：第 1 版", "写得清楚。"),
        ("“楼道清零”已停用", "政策已变"),
        ("“楼道清零”恢复使用了", "又要用"),
    ]


def test_a_change_waits_while_its_course_is_retired(change_in_review, district_staff):
    retire(course=change_in_review, reason="政策已变", by=district_staff, now=LATER)
    assert not fresh(change_in_review).is_in_review

    bring_back(course=change_in_review, by=district_staff, now=LATER)

    assert fresh(change_in_review).stage == Stage.CHANGE_IN_REVIEW


# --- Refusals -------------------------------------------------------------------------------------

REASON = {"reason": "请补充"}
REFUSED = [
    ("draft", take_back, {}, CourseNotInReview),
    ("draft", return_for_changes, REASON, CourseNotInReview),
    ("draft", drop_change, {}, NoChangeToDrop),
    ("draft", retire, REASON, CourseNotPublished),
    ("draft", bring_back, {}, CourseNotRetired),
    ("in_review", submit, {}, NothingToHandIn),
    ("in_review", drop_change, {}, NoChangeToDrop),
    ("in_review", retire, REASON, CourseNotPublished),
    ("in_review", bring_back, {}, CourseNotRetired),
    ("in_review", return_for_changes, {"reason": "  "}, ReasonMissing),
    ("published", submit, {}, NothingToHandIn),
    ("published", take_back, {}, CourseNotInReview),
    ("published", return_for_changes, REASON, CourseNotInReview),
    ("published", approve, {}, NothingToPublish),
    ("published", drop_change, {}, NoChangeToDrop),
    ("published", bring_back, {}, CourseNotRetired),
    ("published", retire, {"reason": "\n"}, ReasonMissing),
    ("changing", take_back, {}, CourseNotInReview),
    ("changing", return_for_changes, REASON, CourseNotInReview),
    ("changing", bring_back, {}, CourseNotRetired),
    ("change_in_review", submit, {}, NothingToHandIn),
    ("change_in_review", drop_change, {}, NoChangeToDrop),
    ("change_in_review", bring_back, {}, CourseNotRetired),
    ("retired", submit, {}, NothingToHandIn),
    ("retired", take_back, {}, CourseNotInReview),
    ("retired", return_for_changes, REASON, CourseNotInReview),
    ("retired", approve, {}, NothingToPublish),
    ("retired", drop_change, {}, NoChangeToDrop),
    ("retired", retire, REASON, CourseNotPublished),
]


@pytest.mark.parametrize(
    ("state", "step", "arguments", "error"),
    REFUSED,
    ids=lambda part: getattr(part, "__name__", part) if not isinstance(part, dict) else "",
)
def test_a_step_that_does_not_follow_is_refused_and_changes_nothing(
    request, district_staff, state, step, arguments, error
):
    course = request.getfixturevalue(state)
    before = (fresh(course).stage, decisions(course), Notice.objects.count())

    with pytest.raises(error) as refused:
        step(course=course, by=district_staff, now=LATER, **arguments)

    assert str(refused.value)
    assert (fresh(course).stage, decisions(course), Notice.objects.count()) == before


@pytest.mark.parametrize("state", ["in_review", "change_in_review", "retired"])
def test_what_is_in_review_or_retired_is_not_written_to(request, district_staff, state):
    course = request.getfixturevalue(state)

    with pytest.raises(CourseNotEditable):
        save_draft(
            course=course, values=values(fresh(course), title="别的"), by=district_staff, now=LATER
        )

    assert drafted_content(fresh(course))["title"] in ("楼道清零", "楼道清零实训")


@pytest.mark.parametrize("step", [submit, approve])
def test_a_course_without_a_summary_is_not_handed_in_or_published(draft, district_staff, step):
    Course.objects.update(summary=" ")

    with pytest.raises(CourseIncomplete):
        step(course=draft, by=district_staff, now=NOW)

    assert fresh(draft).stage == Stage.DRAFT


def test_what_somebody_else_saved_meanwhile_is_not_published_unseen(
    changing, district_staff, department_staff
):
    seen = stamp(fresh(changing))
    save_draft(
        course=changing, values=values(fresh(changing), title="甲"), by=department_staff, now=LATER
    )

    with pytest.raises(ChangedMeanwhile):
        approve(course=changing, by=district_staff, now=LATER, seen=seen)

    assert drafted_content(fresh(changing))["title"] == "甲"


def test_a_change_begun_before_another_version_does_not_undo_it(
    changing, district_staff, department_staff
):
    Course.objects.update(outline="由文件更新")
    publishing.publish(course=fresh(changing), by=None, now=LATER)

    with pytest.raises(ChangedMeanwhile):
        approve(course=changing, by=district_staff, now=LATER)

    save_draft(
        course=changing,
        values=values(fresh(changing), title="楼道清零实训"),
        by=department_staff,
        now=LATER,
    )
    assert approve(course=changing, by=district_staff, now=LATER).content["outline"] == "由文件更新"


def test_only_another_published_course_takes_over(published, draft, district_staff):
    for wrong in (published, CourseFactory(status=CourseStatus.DRAFT)):
        with pytest.raises(WrongSuccessor):
            retire(
                course=published, reason="政策已变", successor=wrong, by=district_staff, now=LATER
            )


def test_of_two_reviewers_one_decides_and_the_other_is_told(
    in_review, district_staff, administrator
):
    """Both hold the page of the course in review; the second acts on what is no longer so."""
    theirs, ours = fresh(in_review), fresh(in_review)
    approve(course=theirs, by=district_staff, now=LATER)

    with pytest.raises(CourseNotInReview, match="刚刚"):
        return_for_changes(course=ours, reason="请补充", by=administrator, now=LATER)
    with pytest.raises(NothingToPublish, match="刚刚"):
        approve(course=ours, by=administrator, now=LATER)

    assert [decision for decision, *_rest in decisions(in_review)] == ["submitted", "published"]


def test_a_change_that_was_sent_back_is_not_published_by_who_had_it_on_the_screen(
    change_in_review, district_staff, administrator
):
    seen = stamp(fresh(change_in_review))
    return_for_changes(
        course=change_in_review, reason="学时怎么算的？", by=administrator, now=LATER, seen=seen
    )

    with pytest.raises(ChangedMeanwhile):
        approve(course=change_in_review, by=district_staff, now=LATER, seen=seen)

    assert fresh(change_in_review).stage == Stage.CHANGE_RETURNED


def test_a_step_that_needs_a_reason_has_one_in_the_database_too(draft):
    for decision in (CourseDecision.RETURNED, CourseDecision.RETIRED, "gone"):
        with pytest.raises(IntegrityError), transaction.atomic():
            CourseStep.objects.create(course=draft, decision=decision, at=NOW)


# --- Many, and who waits --------------------------------------------------------------------------


def test_one_that_is_refused_does_not_hold_up_the_others(draft, published, district_staff):
    ready = CourseFactory(code="QZ-777", status=CourseStatus.IN_REVIEW, summary="好")

    outcomes = decide_on_many(approve, [published, ready], by=district_staff, now=LATER)

    assert [(outcome.course.code, bool(outcome.refused)) for outcome in outcomes] == [
        ("QZ-001", True),
        ("QZ-777", False),
    ]
    assert fresh(ready).status == CourseStatus.PUBLISHED


def waits_for(user) -> list[tuple[str, str]]:
    for attribute in ("_current_grants",):
        user.__dict__.pop(attribute, None)
    assert grants_of(user)
    return [(item.title, item.detail) for item in waiting_for(user, NOW)]


def test_what_is_in_review_waits_for_the_office_and_what_came_back_for_the_department(
    in_review, department_staff, district_staff, town_staff, department
):
    assert waits_for(district_staff) == [("审核新课：楼道清零", department.short_name)]
    assert waits_for(department_staff) == waits_for(town_staff) == []

    return_for_changes(course=in_review, reason="补一个案例。", by=district_staff, now=NOW)

    assert waits_for(district_staff) == waits_for(town_staff) == []
    assert waits_for(department_staff) == [("“楼道清零”退回来了，附有说明", "补一个案例。")]


def test_a_pile_of_reviews_is_folded(district_staff):
    CourseFactory.create_batch(11, status=CourseStatus.IN_REVIEW)

    items = list(waiting_for(district_staff, NOW))
    assert (len(items), {item.fold.key for item in items}) == (11, {"courses"})


def test_a_department_works_on_its_own_courses_only(
    draft, department_staff, district_staff, town_staff
):
    foreign = CourseFactory(status=CourseStatus.DRAFT)

    assert [works_on_course(department_staff, course) for course in (draft, foreign, None)] == [
        True,
        False,
        True,
    ]
    assert [works_on_course(district_staff, course) for course in (draft, foreign, None)] == [
        True,
        True,
        True,
    ]
    assert [works_on_course(town_staff, course) for course in (draft, foreign, None)] == [
        False,
        False,
        False,
    ]


def test_every_refusal_is_a_sentence_a_person_reads():
    assert all(issubclass(error, PortalError) for _state, _step, _arguments, error in REFUSED)


# --- What counts as the same ----------------------------------------------------------------------


@pytest.mark.parametrize("status", [CourseStatus.DRAFT, CourseStatus.PUBLISHED])
def test_what_counts_as_the_same_is_kept_seen_in_review_and_published(
    client, district_staff, status
):
    course, same = (
        CourseVersionFactory(course__summary="一页纸", course__status=each).course
        for each in (status, CourseStatus.PUBLISHED)
    )
    client.force_login(district_staff)

    form = {
        "title": course.title,
        "track": course.track.pk,
        "hours": "3",
        "summary": "一页纸",
        "equivalents": [same.pk],
        "save": "keep",
    }
    assert client.post(reverse("courses:course_edit", args=[course.code]), form).status_code == 302
    course = Course.objects.get(pk=course.pk)

    assert drafted_content(course)["equivalents"] == [same.code]
    approve(course=submit(course=course, by=district_staff, now=NOW), by=district_staff, now=NOW)
    assert list(course.equivalents.all()) == [same]


def test_a_change_begun_before_it_was_kept_leaves_what_counts_as_the_same_as_it_is(district_staff):
    course, same = (
        CourseVersionFactory(course__summary="一页纸", course__status=CourseStatus.PUBLISHED).course
        for _course in range(2)
    )
    course.equivalents.add(same)
    values = {name: getattr(course, name) for name in (*PLAIN_FIELDS, *LINKS)} | {
        name: [] for name in LINK_LISTS
    }
    course = save_draft(
        course=course, values=values | {"title": "新名称"}, by=district_staff, now=NOW
    )
    del course.change.fields["equivalents"]
    course.change.save()

    approve(course=submit(course=course, by=district_staff, now=NOW), by=district_staff, now=NOW)

    assert (Course.objects.get(pk=course.pk).title, list(course.equivalents.all())) == (
        "新名称",
        [same],
    )
