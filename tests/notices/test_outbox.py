from datetime import UTC, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from notices import outbox
from notices.models import Notice, NoticeStatus
from notices.outbox import notify

from ..factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """What a worker was asked, instead of the queue."""
    asked = []
    monkeypatch.setattr(
        outbox.deliver_due_notices, "apply_async", lambda **options: asked.append(options)
    )
    return asked


def test_notify_writes_a_row_that_waits(cadre, town):
    notice = notify(
        person=cadre.user,
        kind="test",
        subject=town,
        title="标题",
        body="正文",
        link="/me/",
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
    first = notify(person=cadre.user, kind="test", subject=town, title="第一次", due_at=NOW)
    second = notify(
        person=cadre.user, kind="test", subject=town, title="第二次", due_at=NOW.astimezone(UTC)
    )

    assert first == second
    assert Notice.objects.get().title == "第一次"


def test_the_caller_may_say_what_makes_two_notices_the_same(cadre):
    for moment in (NOW, NOW + timedelta(days=1)):
        notify(person=cadre.user, kind="test", title="一次就好", due_at=moment, dedupe="once")

    assert Notice.objects.count() == 1


def test_another_person_subject_kind_or_time_is_another_notice(cadre, colleague, town, other_town):
    notify(person=cadre.user, kind="test", subject=town, title="一", due_at=NOW)
    notify(person=colleague.user, kind="test", subject=town, title="二", due_at=NOW)
    notify(person=cadre.user, kind="test", subject=other_town, title="三", due_at=NOW)
    notify(person=cadre.user, kind="other", subject=town, title="四", due_at=NOW)
    notify(
        person=cadre.user, kind="test", subject=town, title="五", due_at=NOW + timedelta(minutes=1)
    )

    assert Notice.objects.count() == 5


def test_a_title_that_is_too_long_is_cut(cadre):
    assert len(notify(person=cadre.user, kind="test", title="长" * 200).title) == 120


def test_lazy_text_is_written_in_the_readers_language(cadre):
    with translation.override("en"):
        notice = notify(
            person=cadre.user, kind="test", title=gettext_lazy("Your class is tomorrow")
        )

    with translation.override("zh-hans"):
        assert notice.title == str(gettext_lazy("Your class is tomorrow"))


def test_a_worker_is_asked_after_the_commit_once_for_all_notices(
    cadre, asked, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(3):
            notify(person=cadre.user, kind="test", title="现在", dedupe=str(number))
        assert asked == []

    assert len(asked) == 1


def test_no_worker_is_asked_for_what_is_not_due_or_was_told_before(
    cadre, asked, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks():
        notify(person=cadre.user, kind="test", title="从前", dedupe="old")

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        notify(
            person=cadre.user, kind="test", title="以后", due_at=timezone.now() + timedelta(days=1)
        )
        notify(person=cadre.user, kind="test", title="从前", dedupe="old")

    assert (callbacks, asked) == ([], [])


def test_a_queue_that_is_away_does_not_fail_the_request(
    cadre, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def refuse(**options):
        raise ConnectionError("no queue")

    monkeypatch.setattr(outbox.deliver_due_notices, "apply_async", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        notify(person=cadre.user, kind="test", title="现在")

    assert "The queue cannot be reached (ConnectionError)" in caplog.text
