"""结构化研讨: who writes, reads and comments on the sheet of a group. docs/rules.md R91."""

import io
import zipfile
from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from trainees.booking.withdrawing import withdraw
from trainees.classes.discussions import (
    DiscussionRefused,
    SheetChanged,
    comment_on,
    fingerprint,
    set_discussion,
    sheets_of,
    sheets_seen_by,
    waiting_for_comment,
    write_sheet,
)
from trainees.classes.grouping import draw_groups, groups_of
from trainees.models import Discussion, DiscussionSheet
from trainees.workspace.archive import archive_of

from ..factories import NOW, UserFactory, class_with
from .discussed import (
    TEXTS,
    commented,
    discussed_class,
    divided_class,
    members_of,
    sheet_of,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def training_class():
    return discussed_class()


def write(training_class, number, *, by=None, now=None, **texts):
    return write_sheet(
        sheet=sheet_of(training_class, number),
        texts=TEXTS | texts,
        by=by or members_of(training_class, number)[0],
        now=now or training_class.starts_at,
    )


def set_for(training_class, **more):
    values = {
        "question": "怎么办？",
        "written_until": timezone.localdate(NOW),
        "by": UserFactory(),
        "now": NOW,
    }
    return set_discussion(training_class=training_class, **values | more)


def numbers(sheets) -> list[int]:
    return [sheet.number for sheet in sheets]


# --- Setting it -----------------------------------------------------------------------------------


def test_each_group_has_a_sheet_at_once(training_class):
    assert numbers(sheets_of(training_class)) == [1, 2]


def test_a_class_without_groups_gets_none():
    with pytest.raises(DiscussionRefused, match="请先分组"):
        set_for(class_with(seats=2))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"question": "  "}, "请填写研讨题目"),
        ({"written_until": timezone.localdate(NOW) - timedelta(days=1)}, "截止日期已过"),
        ({"question": "找13800000001怎么办"}, "手机号"),
    ],
)
def test_what_cannot_be_set_is_a_sentence(more, words):
    training_class = divided_class()

    with pytest.raises(DiscussionRefused, match=words):
        set_for(training_class, **more)
    assert not Discussion.objects.exists()


def test_a_closed_class_gets_none():
    training_class = divided_class()
    type(training_class).objects.filter(pk=training_class.pk).update(status="closed")

    with pytest.raises(DiscussionRefused, match="已结班"):
        set_for(training_class)


def test_another_question_keeps_what_is_written(training_class):
    written(training_class, 1)

    set_for(training_class)

    assert sheet_of(training_class, 1).problem == TEXTS["problem"]
    assert training_class.discussion.question != "" and Discussion.objects.count() == 1


def test_groups_drawn_anew_keep_their_sheets_and_get_those_that_lack(training_class):
    written(training_class, 2)

    def draw(groups):
        shown = groups_of(training_class).version
        draw_groups(
            training_class=training_class, groups=groups, shown=shown, by=UserFactory(), now=NOW
        )
        return numbers(sheets_of(training_class))

    assert draw(4) == [1, 2, 3, 4]
    assert sheet_of(training_class, 2).measures == TEXTS["measures"]
    assert draw(2) == [1, 2]
    written(training_class, 1)
    assert draw(3) == [1, 2, 3]


def test_a_written_sheet_of_a_group_that_is_no_more_stays():
    training_class = discussed_class(people=6, groups=3)
    written(training_class, 3)
    shown = groups_of(training_class).version

    draw_groups(training_class=training_class, groups=2, shown=shown, by=UserFactory(), now=NOW)

    assert numbers(sheets_of(training_class)) == [1, 2, 3]


# --- Writing --------------------------------------------------------------------------------------


def test_every_member_of_the_group_writes(training_class):
    first, second = members_of(training_class, 1)
    write(training_class, 1, by=first)

    sheet = write(training_class, 1, by=second, problem="又一个问题")

    assert (sheet.problem, sheet.written_by) == ("又一个问题", second)


def test_others_do_not_write(training_class):
    gone = members_of(training_class, 1)[0]
    seat = gone.trainee.enrolments.get()
    withdraw(enrolment=seat, by=gone, now=NOW)

    for somebody in (members_of(training_class, 2)[0], UserFactory(), gone):
        with pytest.raises(DiscussionRefused, match="只有本组学员"):
            write(training_class, 1, by=somebody)
    assert not sheet_of(training_class, 1).is_written


@pytest.mark.parametrize(
    ("after", "is_taken"),
    [
        (timedelta(minutes=-1), False),
        (timedelta(0), True),
        (timedelta(days=7), True),
        (timedelta(days=8), False),
    ],
)
def test_it_is_written_from_the_first_lesson_to_the_last_day(training_class, after, is_taken):
    now = training_class.starts_at + after
    if is_taken:
        assert write(training_class, 1, now=now).is_written
    else:
        with pytest.raises(DiscussionRefused, match="开班起"):
            write(training_class, 1, now=now)


def test_the_last_day_ends_at_midnight_in_shanghai(training_class):
    day = training_class.discussion.written_until
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))

    assert write(training_class, 1, now=midnight - timedelta(seconds=1)).is_written
    with pytest.raises(DiscussionRefused):
        write(training_class, 2, now=midnight)


def test_a_cancelled_class_is_written_on_no_more(training_class):
    type(training_class).objects.filter(pk=training_class.pk).update(status="cancelled")

    with pytest.raises(DiscussionRefused):
        write(training_class, 1)


@pytest.mark.parametrize("text", ["请打13800000001", "家住3号楼402室", "31011319800101001X"])
def test_no_sheet_leads_to_a_person(training_class, text):
    for part in TEXTS:
        with pytest.raises(DiscussionRefused, match="全班都能看到"):
            write(training_class, 1, **{part: text})
    assert not sheet_of(training_class, 1).is_written


# --- Commenting -----------------------------------------------------------------------------------


def test_with_the_comment_the_sheet_stays_as_it_is(training_class):
    commented(training_class, 1)

    with pytest.raises(DiscussionRefused, match="已点评"):
        write(training_class, 1, problem="改了")
    assert sheet_of(training_class, 1).problem == TEXTS["problem"]


def test_an_empty_comment_takes_it_back_and_the_group_writes_on(training_class):
    sheet = commented(training_class, 1)

    taken_back = comment_on(
        sheet=sheet, comment=" ", shown=fingerprint(sheet), by=UserFactory(), now=NOW
    )

    assert (taken_back.commented_at, taken_back.commented_by) == (None, None)
    assert write(training_class, 1, problem="改了").problem == "改了"


def test_an_empty_sheet_gets_no_comment(training_class):
    sheet = sheet_of(training_class, 1)

    with pytest.raises(DiscussionRefused, match="还没有写"):
        comment_on(sheet=sheet, comment="好", shown=fingerprint(sheet), by=UserFactory(), now=NOW)


def test_no_comment_is_on_a_text_that_nobody_read(training_class):
    shown = fingerprint(written(training_class, 1))
    write(training_class, 1, causes="其实是另一个原因")

    with pytest.raises(SheetChanged, match="小组又有修改"):
        comment_on(
            sheet=sheet_of(training_class, 1), comment="好", shown=shown, by=UserFactory(), now=NOW
        )
    assert not sheet_of(training_class, 1).is_commented


def test_what_waits_for_a_comment_is_what_is_written_without_one():
    waits, done, empty = (discussed_class() for _turn in range(3))
    written(waits, 1)
    commented(done, 1)

    found = waiting_for_comment([item.pk for item in (waits, done, empty)])

    assert list(found) == [sheet_of(waits, 1)]


# --- Reading --------------------------------------------------------------------------------------


def test_who_reads_which_sheets(training_class):
    written(training_class, 1)
    commented(training_class, 2)
    of_one, of_two = (members_of(training_class, number)[0] for number in (1, 2))

    def seen(user, *, sees_all=False):
        return numbers(sheets_seen_by(user, training_class, sees_all=sees_all))

    assert seen(of_one) == [1, 2]
    assert seen(of_two) == [2]
    assert seen(UserFactory()) == []
    assert seen(UserFactory(), sees_all=True) == [1, 2]


def test_the_file_of_the_class_holds_the_sheets(training_class):
    commented(training_class, 1)

    packed = zipfile.ZipFile(io.BytesIO(b"".join(archive_of(training_class, NOW))))

    (name,) = [name for name in packed.namelist() if "研讨" in name]
    text = zipfile.ZipFile(io.BytesIO(packed.read(name))).read("xl/worksheets/sheet1.xml").decode()
    for words in (*TEXTS.values(), "措施要写到人。", "楼道堆物怎么管得住？"):
        assert words in text


def test_without_a_discussion_the_file_has_no_sheet_of_it():
    packed = zipfile.ZipFile(io.BytesIO(b"".join(archive_of(divided_class(), NOW))))

    assert not any("研讨" in name for name in packed.namelist())


# --- The database ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"comment": "没有署名"},
        {"problem": "没有署名"},
        {"number": 0},
        {"number": 2},
    ],
)
def test_the_database_refuses_half_a_row(training_class, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        DiscussionSheet.objects.filter(pk=sheet_of(training_class, 1).pk).update(**values)
