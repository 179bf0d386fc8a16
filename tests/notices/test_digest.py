"""What goes out as a text message: the urgent at once, the rest once in the morning, at night
nothing that can wait. The inbox holds everything at once.
"""

from datetime import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from academy.models import SettingChange
from notices import sweep as sweeping
from notices.kinds import declared
from notices.models import (
    DIGEST,
    Channel,
    Delivery,
    Notice,
    NoticePreference,
    NoticeRule,
    Urgency,
)
from notices.sweep import sweep
from notices.urgency import Urgencies, is_quiet, write_missing_rules

from ..factories import RoleGrantFactory, UserFactory
from .factories import NoticeFactory

pytestmark = pytest.mark.django_db

MESSAGES: list[tuple[str, str]] = []
CAN_WAIT, URGENT, SOON, SUGGESTION = (
    "plan_filed",
    "class_cancelled",
    "class_tomorrow",
    "followed_class_opened",
)


class Gateway:
    """A gateway that remembers."""

    waits = False

    def send(self, *, phone, text):
        MESSAGES.append((phone, text))


@pytest.fixture(autouse=True)
def gateway(settings, monkeypatch):
    settings.SMS_CHANNEL = f"{__name__}.Gateway"
    MESSAGES.clear()
    # no reminder of the portal's own is asked here
    monkeypatch.setattr("notices.due_reminders.discover", dict)
    monkeypatch.setattr("notices.delivery.discover", dict)


@pytest.fixture
def person():
    return UserFactory(phone="13900000000", is_sample=False)


def at(day: int, hour: int, minute: int = 0, *, month: int = 3, year: int = 2027) -> datetime:
    return timezone.make_aware(datetime(year, month, day, hour, minute))


def swept(now: datetime) -> list[str]:
    """The messages that one sweep at this time sends."""
    before = len(MESSAGES)
    with time_machine.travel(now, tick=False):
        sweep(now)
    return [text for _phone, text in MESSAGES[before:]]


def told(person, title: str, now: datetime, kind: str = CAN_WAIT) -> Notice:
    return NoticeFactory(person=person, kind=kind, title=title, due_at=now)


def in_the_inbox(person) -> list[str]:
    return [notice.title for notice in Notice.objects.visible_to(person).order_by("pk")]


# --- The digest -----------------------------------------------------------------------------------


def test_what_can_wait_stands_in_the_inbox_and_comes_in_one_message_in_the_morning(person):
    told(person, "方案已备案", at(1, 10))
    told(person, "案例已发布", at(1, 15))

    assert swept(at(1, 15)) == []
    assert in_the_inbox(person) == ["方案已备案", "案例已发布"]
    assert swept(at(2, 7, 59)) == []
    assert swept(at(2, 8)) == ["有 2 条新通知 方案已备案；案例已发布。登录后在“通知”里看。"]
    assert swept(at(2, 8)) == swept(at(2, 18)) == swept(at(3, 8)) == []
    assert in_the_inbox(person) == [
        "方案已备案",
        "案例已发布",
    ]  # the digest is no notice of its own


def test_what_was_read_is_not_brought_up_again(person):
    told(person, "方案已备案", at(1, 10))
    swept(at(1, 10))
    Notice.objects.update(read_at=at(1, 11))

    assert swept(at(2, 8)) == []


def test_a_digest_names_the_first_few(person):
    for number in range(6):
        told(person, f"通知{number}", at(1, 10))
    swept(at(1, 10))

    assert swept(at(2, 8)) == ["有 6 条新通知 通知0；通知1；通知2；通知3…。登录后在“通知”里看。"]


def test_each_person_has_one_of_their_own(person):
    other = UserFactory(phone="13900000001", is_sample=False)
    told(person, "甲", at(1, 10))
    told(other, "乙", at(1, 10))
    swept(at(1, 10))

    assert len(swept(at(2, 8))) == 2
    assert [phone for phone, _text in MESSAGES] == ["13900000000", "13900000001"]


def test_over_midnight_and_new_year_nothing_is_named_twice_or_left_out(person):
    def time(day, hour, minute=0, *, new=False):
        return at(day, hour, minute, month=1 if new else 12, year=2027 if new else 2026)

    told(person, "一", time(30, 23, 59))
    swept(time(30, 23, 59))
    assert [text[:12] for text in swept(time(31, 8))] == ["有 1 条新通知 一。登"]
    told(person, "二", time(31, 23, 59))
    swept(time(31, 23, 59))
    told(person, "三", time(1, 0, 1, new=True))
    swept(time(1, 0, 1, new=True))
    assert swept(time(1, 8, new=True)) == ["有 2 条新通知 二；三。登录后在“通知”里看。"]
    assert swept(time(1, 23, 59, new=True)) == swept(time(2, 8, new=True)) == []


def test_a_worker_that_died_after_it_wrote_the_digest_costs_nobody_theirs(person, monkeypatch):
    told(person, "方案已备案", at(1, 10))
    swept(at(1, 10))

    def die(now):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(sweeping, "deliver", die)
        with pytest.raises(SystemExit):
            swept(at(2, 8))
    assert Notice.objects.filter(kind=DIGEST).count() == 1

    assert len(swept(at(2, 9))) == 1
    assert swept(at(2, 9, 30)) == []


def test_a_worker_that_was_away_all_morning_sends_it_when_it_is_back(person):
    told(person, "方案已备案", at(1, 10))

    assert len(swept(at(3, 11)) + swept(at(3, 11, 1))) == 1


def test_two_workers_at_once_write_one_digest(person, monkeypatch):
    told(person, "方案已备案", at(1, 10))
    swept(at(1, 10))
    both = Notice.objects.filter(person=person).select_related("person")
    for _worker in range(2):  # each found the notice before the other had written
        monkeypatch.setattr("notices.digest._not_told", lambda now: both.exclude(kind=DIGEST))
        swept(at(2, 8))

    assert Notice.objects.filter(kind=DIGEST).count() == 1
    assert len(MESSAGES) == 1


def test_without_a_gateway_there_is_no_digest(person, settings):
    settings.SMS_CHANNEL = "academy.accounts.sms.ConsoleChannel"
    settings.SMS_TEXT_IN_LOG = False
    told(person, "方案已备案", at(1, 10))
    swept(at(1, 10))
    swept(at(2, 8))

    assert not Notice.objects.filter(kind=DIGEST).exists()


# --- Urgent and quiet -----------------------------------------------------------------------------


def test_at_night_only_the_urgent_goes_out(person):
    told(person, "停办了", at(1, 23), URGENT)
    told(person, "明天上课", at(1, 23), SOON)

    assert swept(at(1, 23)) == ["停办了"]
    assert in_the_inbox(person) == ["停办了", "明天上课"]  # a notice is a row first
    assert swept(at(2, 6, 59)) == []
    assert swept(at(2, 7)) == ["明天上课"]


@pytest.mark.parametrize(
    ("hour", "minute", "quiet"),
    [(21, 59, False), (22, 0, True), (0, 0, True), (6, 59, True), (7, 0, False), (12, 0, False)],
)
def test_the_edges_of_the_quiet_hours(hour, minute, quiet):
    assert is_quiet(at(1, hour, minute)) == quiet


@pytest.mark.parametrize(
    ("begin", "end", "quiet"), [(0, 6, {3}), (12, 14, {13}), (5, 5, set()), (22, 7, {3, 23})]
)
def test_the_office_sets_the_quiet_hours(begin, end, quiet):
    by = UserFactory()
    for key, value in (("quiet_from", begin), ("quiet_until", end)):
        SettingChange.objects.create(key=key, value=str(value), by=by, at=at(1, 1))
    cache.clear()

    assert {hour for hour in (3, 13, 23) if is_quiet(at(1, hour))} == quiet


def test_a_digest_waits_until_the_quiet_hours_are_over(person):
    SettingChange.objects.create(key="quiet_until", value="9", by=person, at=at(1, 1))
    cache.clear()
    told(person, "方案已备案", at(1, 10))
    swept(at(1, 10))

    assert swept(at(2, 8, 30)) == []
    assert len(swept(at(2, 9))) == 1


def test_the_office_says_what_is_urgent(person):
    write_missing_rules()
    NoticeRule.objects.filter(kind=CAN_WAIT).update(urgency=Urgency.URGENT)
    write_missing_rules()
    told(person, "方案已备案", at(1, 23))

    assert swept(at(1, 23)) == ["方案已备案"]
    assert swept(at(2, 8)) == []  # told already


def test_every_kind_has_a_rule_and_the_urgent_are_listed():
    write_missing_rules()
    rules = dict(NoticeRule.objects.values_list("kind", "urgency"))

    assert rules.keys() == {kind.key for kind in declared()} - {DIGEST}
    assert {kind for kind, urgency in rules.items() if urgency == Urgency.URGENT} == {
        "booking_moved",
        "class_cancelled",
        "class_moved",
        "password_guessed",
        "promoted",
        "seat_offered",
    }
    names = list(NoticeRule.objects.values_list("name", flat=True))
    assert len(set(names)) == len(names) and "%(" not in "".join(names)
    assert Urgencies.read().of("a kind of tomorrow") == Urgency.SOON


# --- Three switches -------------------------------------------------------------------------------


def test_without_urgent_messages_they_come_with_the_digest(person):
    NoticePreference.objects.create(person=person, urgent_by_sms=False)
    told(person, "停办了", at(1, 23), URGENT)

    assert swept(at(1, 23)) == []
    assert in_the_inbox(person) == ["停办了"]
    assert swept(at(2, 8)) == ["有 1 条新通知 停办了。登录后在“通知”里看。"]


def test_without_a_digest_what_can_wait_stays_in_the_inbox(person):
    NoticePreference.objects.create(person=person, daily_digest=False)
    told(person, "方案已备案", at(1, 10))
    swept(at(1, 10))

    assert swept(at(2, 8)) == [] and in_the_inbox(person) == ["方案已备案"]


@pytest.mark.parametrize(("wanted", "count"), [(True, 1), (False, 0)])
def test_suggestions_can_be_left_out(person, wanted, count):
    NoticePreference.objects.create(person=person, suggestions=wanted)
    told(person, "开班了", at(1, 10), SUGGESTION)
    swept(at(1, 10))

    assert len(swept(at(2, 8))) == count
    assert in_the_inbox(person) == ["开班了"]


def test_the_switches_are_set_on_a_page_of_ones_own(client, person):
    client.force_login(person)
    page = reverse("notices:preferences")
    assert page in client.get(reverse("notices:inbox")).content.decode()
    assert client.get(page).content.decode().count('type="checkbox"') == 3
    assert not NoticePreference.objects.exists()

    for _time in range(2):
        client.post(page, {"daily_digest": "on"})

    wanted = NoticePreference.objects.get()
    assert (wanted.person, wanted.urgent_by_sms, wanted.daily_digest, wanted.suggestions) == (
        person,
        False,
        True,
        False,
    )


def test_the_office_keeps_the_kinds_on_a_page(client):
    write_missing_rules()
    clerk = UserFactory()
    RoleGrantFactory(user=clerk, role="district_staff")
    client.force_login(clerk)

    shown = client.get("/manage/tables/notice-kinds/").content.decode()

    assert "已取消：…" in shown and "马上发，任何时间" in shown


def test_a_notice_looks_as_if_it_leads_somewhere_where_it_does(client, person):
    NoticeFactory(person=person, sent=True, link="/classes/")
    NoticeFactory(person=person, sent=True)
    client.force_login(person)

    assert client.get(reverse("notices:inbox")).content.decode().count("notice-leads") == 1


def test_delivery_rows_say_what_went_out(person):
    told(person, "停办了", at(1, 10), URGENT)
    told(person, "方案已备案", at(1, 10))
    swept(at(1, 10))

    assert sorted(Delivery.objects.values_list("notice__title", "channel")) == [
        ("停办了", Channel.INBOX),
        ("停办了", Channel.SMS),
        ("方案已备案", Channel.INBOX),
    ]
