"""What a class lacks before it can be closed, who is reminded of it, and what the trainee reads.

Source: docs/rules.md R80.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import ClassStatus
from notices.models import Notice, NoticeStatus
from notices.sweep import sweep
from plans.actual.hanging_classes import hang
from trainees.models import HourEntry
from trainees.record.attendance import mark_rest
from trainees.record.closing import PartsMissing, close_class, hours_to_post, reopen_class
from trainees.record.closing_parts import missing_parts, parts_of
from trainees.record.why_no_hours import why_no_hours
from trainees.waiting import waiting_for

from ..plans.factories import filed

pytestmark = pytest.mark.django_db

PROGRAMME = "培训方案"


@pytest.fixture
def coordinator(branch_coordinator):
    branch_coordinator.name = "示例教务"
    branch_coordinator.save(update_fields=["name"])
    return branch_coordinator


@pytest.fixture
def over(bookable, seated, cadre, campus, coordinator):
    """A class that ended yesterday with one person in it, of a campus whose plan is filed."""
    training_class = bookable(days=-1, campus=campus)
    seated(cadre, training_class)
    filed(campus=campus, town=None, year=timezone.localdate(training_class.starts_at).year)
    return training_class


def mark_all(training_class, by):
    for lesson in training_class.lessons.all():
        mark_rest(lesson=lesson, status="present", by=by, now=lesson.ends_at)


def keys(parts):
    return [part.key for part in parts]


def test_each_missing_part_says_where_it_is_added(over):
    now = timezone.now()
    lesson = over.lessons.get()

    assert {part.key: (part.is_there, part.url) for part in parts_of(over, now)} == {
        "programme": (False, reverse("plans:class_filing", args=[over.code])),
        "timetable": (True, ""),
        "roster": (False, reverse("trainees:attendance", args=[lesson.pk])),
        "evaluation": (True, ""),
    }


def test_a_class_without_lessons_lacks_its_timetable(over):
    over.lessons.all().delete()

    assert "timetable" in keys(missing_parts(over, timezone.now()))


def test_a_class_is_not_closed_while_a_part_is_missing(over, coordinator):
    mark_all(over, coordinator)
    now = timezone.now()

    with pytest.raises(PartsMissing, match=PROGRAMME):
        close_class(training_class=over, by=coordinator, now=now)
    over.refresh_from_db()
    assert (over.status, HourEntry.objects.count()) == (ClassStatus.OPEN, 0)

    hang(training_class=over, item=None, reason="临时增加", by=coordinator, now=now)
    assert close_class(training_class=over, by=coordinator, now=now)


def test_the_page_of_closing_names_it_with_the_way_and_no_button(client, over, coordinator):
    mark_all(over, coordinator)
    client.force_login(coordinator)
    page = reverse("trainees:close_class", args=[over.code])

    shown = client.get(page).text
    sent = client.post(page, {"shown": hours_to_post(over).fingerprint}).text

    for text in (shown, sent):
        assert PROGRAMME in text and reverse("plans:class_filing", args=[over.code]) in text
        assert "登记学时" not in text and "rest_absent" not in text
    assert not HourEntry.objects.exists()


def test_whoever_runs_it_is_reminded_once_and_never_the_trainee(over, coordinator, cadre):
    third_day = over.ends_at + timedelta(days=3, hours=1)
    for hours in range(0, 72, 6):
        sweep(third_day + timedelta(hours=hours))

    told = Notice.objects.filter(kind="class_to_close", status=NoticeStatus.SENT)
    assert [(notice.person, PROGRAMME in notice.body) for notice in told] == [(coordinator, True)]
    assert not Notice.objects.filter(kind="class_to_close", person=cadre.user).exists()


def test_a_class_that_was_closed_in_time_reminds_nobody(over, coordinator):
    mark_all(over, coordinator)
    hang(training_class=over, item=None, reason="临时增加", by=coordinator, now=timezone.now())
    close_class(training_class=over, by=coordinator, now=timezone.now())

    sweep(over.ends_at + timedelta(days=3, hours=1))

    assert not Notice.objects.filter(kind="class_to_close").exists()


def test_it_waits_at_the_desk_of_whoever_runs_it_with_what_is_missing(over, coordinator):
    mark_all(over, coordinator)

    (item,) = [item for item in waiting_for(coordinator, timezone.now()) if item.kind == "close"]

    assert PROGRAMME in item.detail


# --- Why there are no hours yet -------------------------------------------------------------------


def reasons(trainee, training_class, now=None):
    year = timezone.localdate(training_class.starts_at).year
    return [
        ("".join(item.why), item.who) for item in why_no_hours(trainee, year, now or timezone.now())
    ]


def test_the_trainee_reads_what_is_missing_and_who_has_it_in_hand(client, over, cadre, coordinator):
    ((why, who),) = reasons(cadre, over)
    assert "尚未结班" in why and PROGRAMME in why and who == "示例教务"

    client.force_login(cadre.user)
    text = client.get(reverse("trainees:my_hours"), {"year": over.starts_at.year}).text
    assert over.title in text and "示例教务" in text and PROGRAMME in text


def test_a_class_that_goes_on_says_until_when(bookable, seated, cadre, coordinator, campus):
    training_class = bookable(days=-1, lessons=4, campus=campus)
    seated(cadre, training_class)
    assert reasons(cadre, training_class) == []  # has not been there
    first = training_class.lessons.first()
    mark_rest(lesson=first, status="present", by=coordinator, now=first.ends_at)

    ((why, who),) = reasons(cadre, training_class)

    assert "结班后学时自动记入" in why and who == ""


@pytest.mark.parametrize(("mark", "said"), [("absent", "没有到课"), ("late", "不足 0.25")])
def test_a_closed_class_without_hours_says_why(
    bookable, seated, cadre, coordinator, campus, mark, said
):
    training_class = bookable(days=-1, campus=campus)
    enrolment = seated(cadre, training_class)
    lesson = training_class.lessons.get()
    mark_rest(lesson=lesson, status=mark, by=coordinator, now=lesson.ends_at)
    if mark == "late":
        enrolment.attendances.update(minutes=5)
    close_class(training_class=training_class, by=coordinator, now=timezone.now())

    ((why, who),) = reasons(cadre, training_class)

    assert said in why and who == "示例教务"


def test_a_reopened_class_says_so_and_a_closed_one_with_hours_nothing(
    bookable, seated, cadre, coordinator, campus
):
    training_class = bookable(days=-1, campus=campus)
    seated(cadre, training_class)
    mark_all(training_class, coordinator)
    close_class(training_class=training_class, by=coordinator, now=timezone.now())
    assert reasons(cadre, training_class) == []

    reopen_class(training_class=training_class, reason="更正", by=coordinator, now=timezone.now())

    ((why, _who),) = reasons(cadre, training_class)
    assert "重新打开" in why
