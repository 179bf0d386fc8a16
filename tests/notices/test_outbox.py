from datetime import UTC, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from academy.templatetags.portal_tags import full_day
from notices import outbox
from notices.kinds import Value
from notices.models import Notice, NoticeStatus
from notices.outbox import tell, tell_all

from ..factories import NOW
from .factories import TEST, kind_of, saying

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """What a worker was asked, instead of the queue."""
    asked = []
    monkeypatch.setattr(
        outbox.deliver_due_notices, "apply_async", lambda **options: asked.append(options)
    )
    return asked


def test_telling_writes_a_row_that_waits(cadre, town):
    notice = tell(
        TEST,
        cadre.user,
        values=saying("标题", "正文"),
        link="/me/",
        subject=town,
        due_at=NOW,
    )

    notice.refresh_from_db()
    assert (notice.person, notice.kind, notice.subject, notice.title, notice.body, notice.link) == (
        cadre.user,
        "test",
        town,
        "标题",
        "正文",
        "/me/",
    )
    assert (notice.due_at, notice.status, notice.sent_at) == (NOW, NoticeStatus.PENDING, None)


def test_the_same_notice_twice_is_one_row(cadre, town):
    first = tell(TEST, cadre.user, values=saying("第一次"), subject=town, due_at=NOW)
    second = tell(
        TEST, cadre.user, values=saying("第二次"), subject=town, due_at=NOW.astimezone(UTC)
    )

    assert first == second
    assert Notice.objects.get().title == "第一次"


def test_the_same_news_in_other_words_is_one_notice(cadre, town):
    tell(TEST, cadre.user, values=saying("第一次"), subject=town, dedupe="once")
    tell(
        kind_of("test", wording="other"),
        cadre.user,
        values=saying("换个说法"),
        subject=town,
        dedupe="once",
    )

    assert Notice.objects.get().title == "第一次"


def test_the_caller_may_say_what_makes_two_notices_the_same(cadre):
    for moment in (NOW, NOW + timedelta(days=1)):
        tell(TEST, cadre.user, values=saying("一次就好"), due_at=moment, dedupe="once")

    assert Notice.objects.count() == 1


def test_another_person_subject_kind_or_time_is_another_notice(cadre, colleague, town, other_town):
    tell(TEST, cadre.user, values=saying("一"), subject=town, due_at=NOW)
    tell(TEST, colleague.user, values=saying("二"), subject=town, due_at=NOW)
    tell(TEST, cadre.user, values=saying("三"), subject=other_town, due_at=NOW)
    tell(kind_of("other"), cadre.user, values=saying("四"), subject=town, due_at=NOW)
    tell(TEST, cadre.user, values=saying("五"), subject=town, due_at=NOW + timedelta(minutes=1))

    assert Notice.objects.count() == 5


def test_a_title_that_is_too_long_is_cut(cadre):
    assert len(tell(TEST, cadre.user, values=saying("长" * 200)).title) == 120


@pytest.mark.parametrize("many", [False, True])
def test_text_is_written_in_the_language_of_the_portal(cadre, many):
    kind = kind_of(
        "test",
        title=gettext_lazy("Your class is tomorrow"),
        body="%(day)s",
        values=(Value("day", "日期", full_day),),
    )

    with translation.override("en"):
        if many:
            tell_all(
                kind, [cadre.user], values={"day": NOW}, link="/me/", due_at=NOW, dedupe="once"
            )
        else:
            tell(kind, cadre.user, values={"day": NOW})

    notice = Notice.objects.get()
    assert (notice.title, notice.body) == ("明天有课", "2027年3月1日")


def test_many_people_are_told_once_each_in_one_statement(
    cadre, colleague, outsider, django_assert_num_queries
):
    everybody = [trainee.user for trainee in (cadre, colleague, outsider)]

    def tell_them(people):
        tell_all(TEST, people, values=saying("大家好"), link="/me/", due_at=NOW, dedupe="once")

    with django_assert_num_queries(1):
        tell_them(everybody[:2])
    tell_them(everybody)

    assert [notice.person for notice in Notice.objects.order_by("pk")] == everybody


def test_a_worker_is_asked_after_the_commit_once_for_all_notices(
    cadre, asked, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(3):
            tell(TEST, cadre.user, values=saying("现在"), dedupe=str(number))
        assert asked == []

    assert len(asked) == 1


def test_no_worker_is_asked_for_what_is_not_due_or_was_told_before(
    cadre, asked, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        tell(TEST, cadre.user, values=saying("从前"), dedupe="old")

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        tell(TEST, cadre.user, values=saying("以后"), due_at=timezone.now() + timedelta(days=1))
        tell(TEST, cadre.user, values=saying("从前"), dedupe="old")

    assert (callbacks, asked) == ([], [])


def test_a_queue_that_is_away_does_not_fail_the_request(
    cadre, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def refuse(**options):
        raise ConnectionError("no queue")

    monkeypatch.setattr(outbox.deliver_due_notices, "apply_async", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        tell(TEST, cadre.user, values=saying("现在"))

    assert "The queue cannot be reached (ConnectionError)" in caplog.text
