"""The invitation, one reminder, whether it is used, what is to be mended.

Source: docs/rules.md R82 and R83.
"""

from datetime import timedelta

import pytest
import time_machine

from academy.office_settings import office_setting
from academy.waiting import gather
from notices.due_reminders import plan
from notices.models import Notice, NoticeStatus
from notices.sweep import sweep
from trainees.evaluation.follow_ups import Asked, say_use
from trainees.evaluation.improvements import mend, say_done
from trainees.evaluation.windows import open_due
from trainees.models import ClassEvaluation, Use

from ..factories import NOW, UserFactory
from .evaluated import held, people_of, say

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


def sent(kind: str) -> list:
    """Who was told, by key."""
    notices = Notice.objects.filter(kind=kind, status=NoticeStatus.SENT)
    return sorted(notices.values_list("person", flat=True))


def swept(at) -> None:
    with time_machine.travel(at, tick=False):
        open_due(at)
        sweep(at)


def test_everybody_who_was_there_is_invited_once_and_reminded_once_unless_they_answered():
    training_class = held(people=3)
    held(people=1, came=False)
    first, *others = people_of(training_class)
    everybody = sorted(person.user_id for person in (first, *others))
    end = training_class.ends_at

    swept(end - timedelta(minutes=30))
    assert sent("evaluation_open") == []
    for minutes in (1, 2, 90):
        swept(end + timedelta(minutes=minutes))
    assert sent("evaluation_open") == everybody

    say(training_class, first)
    for days in (10, 12, 13, 13.5, 15, 40):
        swept(end + days * DAYS)
    assert sent("evaluation_closes") == sorted(person.user_id for person in others)
    assert sent("evaluation_open") == everybody


def test_a_reminder_that_waits_is_withdrawn_when_the_person_answers():
    training_class = held(people=1)
    (only,) = people_of(training_class)
    open_due(training_class.ends_at)
    closes = ClassEvaluation.objects.get().closes_at
    due = (closes - 3 * DAYS).replace(hour=1, minute=0, second=0, microsecond=0)  # 9:00 in Shanghai
    plan(due - timedelta(minutes=30))
    notice = Notice.objects.get(kind="evaluation_closes")
    assert (notice.person, notice.status) == (only.user, NoticeStatus.PENDING)

    say(training_class, only, now=due - timedelta(minutes=10))
    swept(due + timedelta(minutes=1))

    notice.refresh_from_db()
    assert notice.status == NoticeStatus.WITHDRAWN


def test_a_changed_setting_reminds_nobody_again(monkeypatch):
    training_class = held(people=1)
    swept(training_class.ends_at)
    swept(training_class.ends_at + 12 * DAYS)
    assert len(sent("evaluation_closes")) == 1
    assert office_setting("evaluation_days") == 14

    monkeypatch.setattr("trainees.evaluation.windows.office_setting", lambda key: 30)
    for days in (13, 28):
        swept(training_class.ends_at + days * DAYS)

    assert len(sent("evaluation_closes")) == 1


def test_whether_it_is_used_is_asked_once_after_30_and_once_after_90_days():
    training_class = held(people=2)
    first, second = people_of(training_class)
    end = training_class.ends_at
    for days in (29, 31.2, 32, 40):
        swept(end + days * DAYS)
    assert len(sent("used_after_30_days")) == 2
    assert sent("used_after_90_days") == []

    say_use(
        asked=Asked(training_class, 90), trainee=first, use=Use.USED, text="", now=end + 90 * DAYS
    )
    for days in (90.5, 91.2, 92, 119, 130):
        swept(end + days * DAYS)

    assert sent("used_after_90_days") == [second.user_id]
    assert len(sent("used_after_30_days")) == 2


def test_who_sees_to_it_has_it_on_the_desk_and_is_reminded_until_it_is_done():
    training_class, person, by = held(people=0), UserFactory(), UserFactory()
    item = mend(
        training_class=training_class,
        finding="提问时间不够",
        action="留15分钟提问",
        responsible=person,
        due_on=NOW.date() + 10 * DAYS,
        by=by,
        now=NOW,
    )
    (waiting,) = gather(person, NOW)
    assert (waiting.title, waiting.due_on) == ("整改：留15分钟提问", item.due_on)
    assert gather(by, NOW) == []

    swept(NOW + 5 * DAYS)
    assert sent("improvement_due") == []
    for days in (7.5, 8, 9):
        swept(NOW + days * DAYS)
    assert sent("improvement_due") == [person.pk]

    say_done(improvement=item, outcome="已写进流程", by=person, now=NOW + 9 * DAYS)
    assert gather(person, NOW) == []
