"""The repeat guard: told before booking what was taken and when; next level, exemption, or a
reason; and how often it happens.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from courses.catalogue.likeness import NEAR_SAME, likeness
from courses.models import CourseStatus, TrainingClass
from trainees.booking.enrolling import book
from trainees.eligibility.reasons import reasons_for
from trainees.eligibility.repeats import (
    Kinship,
    RepeatRate,
    earlier_trainings,
    next_level,
    recent_repeat_rate,
    repeat_rate,
    trainings_of,
)
from trainees.eligibility.requirements import requirements_of
from trainees.errors import RepeatTraining
from trainees.models import Enrolment, EnrolmentChannel

from ..factories import (
    NOW,
    CourseFactory,
    CourseVersionFactory,
    LightTraineeFactory,
    PositionFactory,
    ask,
    class_with,
)
from .pasts import has_taken, was_absent

pytestmark = pytest.mark.django_db

LIFTS = {
    "title": "电梯加装协商实训",
    "outline": "",
    "service_items": ["FW-01"],
    "summary": (
        "在单元楼模型上演练一楼反对、二楼观望、高层催促的三方协商：先算遮光、噪音和分摊，"
        "再练单独走访，最后开一次单元业主会。"
    ),
}
LIFTS_REWORDED = LIFTS | {
    "title": "加装电梯业务培训",
    "summary": (
        "演练一楼反对、二楼观望、高层催促的三方协商：先算遮光、噪音和分摊，再练单独走访，"
        "开一次单元业主会。"
    ),
}
GARDENS = {
    "title": "社区花园与可持续种植",
    "outline": "",
    "service_items": [],
    "summary": "从选点、征集意见到认领养护，走一遍社区花园的全过程。",
}


def class_of(course, **fields):
    training_class = class_with(seats=3, **fields)
    lesson = training_class.lessons.get()
    lesson.course_version = CourseVersionFactory(course=course)
    lesson.save()
    return training_class


def earlier(trainee, training_class, now=NOW):
    return earlier_trainings(trainings_of(trainee), requirements_of([training_class]), now)[
        training_class.pk
    ]


def test_the_same_course_is_told_with_its_day_and_class(cadre):
    course = CourseFactory(title="加装电梯")
    past = has_taken(cadre, course)
    training_class = class_of(course)

    with pytest.raises(RepeatTraining) as refusal:
        book(trainee=cadre, training_class=training_class, by=cadre.user, now=NOW)

    assert (
        "2026年11月21日" in str(refusal.value)
        and past.title in str(refusal.value)
        and "免训" in str(refusal.value)
    )
    assert [item.kinship for item in refusal.value.earlier] == [Kinship.SAME]
    assert not Enrolment.objects.filter(training_class=training_class).exists()


def test_a_reason_books_it_all_the_same_and_stays_on_the_booking(cadre):
    course = CourseFactory()
    has_taken(cadre, course)

    enrolment = book(
        trainee=cadre,
        training_class=class_of(course),
        by=cadre.user,
        now=NOW,
        repeat_reason=" 换了岗位 ",
    )

    assert (enrolment.holds_a_seat, enrolment.is_repeat, enrolment.repeat_reason) == (
        True,
        True,
        "换了岗位",
    )


def test_what_is_new_needs_no_reason_and_keeps_none(cadre):
    enrolment = book(
        trainee=cadre,
        training_class=class_with(seats=1),
        by=cadre.user,
        now=NOW,
        repeat_reason="随便写",
    )

    assert (enrolment.is_repeat, enrolment.repeat_reason) == (False, "")


def test_an_equivalent_course_counts_as_the_same_both_ways(cadre):
    old, new = CourseFactory(), CourseFactory()
    old.equivalents.add(new)
    has_taken(cadre, old)

    assert [item.kinship for item in earlier(cadre, class_of(new))] == [Kinship.EQUIVALENT]


def test_nearly_the_same_content_counts_whatever_it_is_called(cadre):
    has_taken(cadre, CourseFactory(), content=LIFTS)
    copy, other = CourseFactory(), CourseFactory()
    training_class, another = class_of(copy), class_of(other)
    copy.versions.update(content=LIFTS_REWORDED)
    other.versions.update(content=GARDENS)

    assert [(item.kinship, item.score >= NEAR_SAME) for item in earlier(cadre, training_class)] == [
        (Kinship.NEAR_SAME, True)
    ]
    assert earlier(cadre, another) == []


def test_likeness_measures_what_is_said_and_leaves_out_what_is_not():
    assert likeness(LIFTS, LIFTS) == 100
    assert likeness(LIFTS, LIFTS_REWORDED) >= NEAR_SAME > likeness(LIFTS, GARDENS)
    # titles alone prove nothing
    assert likeness({"title": "基层党建（上）"}, {"title": "基层党建（下）"}) < NEAR_SAME
    assert likeness({"title": "基层党建"}, {"title": "基层党建"}) == 100
    assert likeness({}, {}) == 100


@pytest.mark.parametrize(("days", "counts"), [(700, True), (800, False)])
def test_after_24_months_it_is_new_again(cadre, days, counts):
    course = CourseFactory()
    has_taken(cadre, course, at=NOW - timedelta(days=days))

    assert bool(earlier(cadre, class_of(course))) is counts


def test_who_was_absent_has_not_taken_it(cadre):
    course = CourseFactory()
    was_absent(cadre, course, days_ago=30)

    assert earlier(cadre, class_of(course)) == []


def test_a_class_may_leave_the_guard_off_but_the_repeat_is_still_counted(cadre):
    course = CourseFactory()
    has_taken(cadre, course)
    training_class = class_of(course, guards_repeats=False)

    assert "repeat" not in {reason.rule for reason in reasons_for(cadre, training_class, NOW)}
    assert book(trainee=cadre, training_class=training_class, by=cadre.user, now=NOW).is_repeat


def test_who_is_dispatched_is_not_asked_why(cadre):
    course = CourseFactory()
    has_taken(cadre, course)

    assert book(
        trainee=cadre,
        training_class=class_of(course),
        by=cadre.user,
        now=NOW,
        channel=EnrolmentChannel.DISPATCH,
    ).is_repeat


def test_the_next_level_is_what_builds_on_it():
    course, above = CourseFactory(), CourseFactory()
    CourseFactory(status=CourseStatus.DRAFT).prerequisites.add(course)
    above.prerequisites.add(course)

    assert next_level([course.pk]) == [above]


def test_the_repeat_rate_counts_live_bookings(cadre, colleague, outsider):
    course = CourseFactory()
    has_taken(cadre, course)
    training_class = class_of(course)
    for trainee in (cadre, colleague, outsider):
        book(
            trainee=trainee,
            training_class=training_class,
            by=trainee.user,
            now=NOW,
            repeat_reason="换了岗位",
        )

    assert repeat_rate([training_class]) == RepeatRate(repeats=1, bookings=3)
    assert (RepeatRate(1, 3).per_cent, RepeatRate(0, 0).per_cent) == (33, None)


# --- The page -------------------------------------------------------------------------------------


@pytest.fixture
def repeating(client, cadre, time_machine):
    time_machine.move_to(NOW, tick=False)
    course, above = CourseFactory(title="加装电梯"), CourseFactory(title="加装电梯进阶")
    above.prerequisites.add(course)
    has_taken(cadre, course)
    client.force_login(cadre.user)
    return class_of(course)


def test_the_page_tells_before_booking_and_shows_three_ways(client, repeating):
    content = client.get(repeating.get_absolute_url()).content.decode()

    assert "2026年11月21日" in content and "加装电梯进阶" in content
    assert (
        reverse("trainees:exemption", args=[repeating.code]) in content
        and 'name="repeat_reason"' in content
    )


def test_the_page_books_with_a_reason_and_staff_read_it(client, cadre, repeating, district_staff):
    client.post(reverse("trainees:book", args=[repeating.code]), {"repeat_reason": "换了岗位"})
    client.force_login(district_staff)

    content = client.get(reverse("trainees:class_roster", args=[repeating.code])).content.decode()

    assert "换了岗位" in content and "1 人次报名里有 1 人次是重复（100%）" in content


def test_a_tap_without_a_reason_is_told_and_books_nothing(client, cadre, repeating):
    content = client.post(
        reverse("trainees:book", args=[repeating.code]), follow=True
    ).content.decode()

    assert "没有报上" in content
    assert not Enrolment.objects.filter(training_class=repeating).exists()


def test_another_refusal_besides_hides_the_ways(client, repeating):
    ask(repeating, audiences=[PositionFactory()])

    assert 'name="repeat_reason"' not in client.get(repeating.get_absolute_url()).content.decode()


def test_staff_see_the_rate_of_the_classes_they_run_with_its_definition(
    client, repeating, district_staff, branch_coordinator
):
    client.post(reverse("trainees:book", args=[repeating.code]), {"repeat_reason": "换了岗位"})
    client.force_login(district_staff)
    content = client.get("/manage/").content.decode()
    assert "2 人次报名里有 1 人次是重复（50%）" in content and "算一次重复" in content

    client.force_login(branch_coordinator)
    assert "算一次重复" not in client.get("/manage/").content.decode()  # nothing to tell yet


def test_the_recent_rate_counts_as_one_by_one(cadre, colleague, outsider, administrator):
    resident = LightTraineeFactory()
    course = CourseFactory()
    has_taken(cadre, course)
    full = class_of(course)
    ask(full, open_to_groups=[resident.learner_group])
    for trainee in (cadre, colleague, resident, outsider):  # the last one waits
        book(trainee=trainee, training_class=full, by=trainee.user, now=NOW, repeat_reason="换岗")

    rate = recent_repeat_rate(administrator, NOW)

    assert rate == RepeatRate(repeats=1, bookings=4)  # the earlier one is recent, too
    assert rate == repeat_rate(TrainingClass.objects.filter(starts_at__gte=NOW - timedelta(365)))
