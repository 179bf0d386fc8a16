from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from academy.models import Town
from notices.delivery import LEASE, MAX_ATTEMPTS, Delivered, deliver
from notices.due_reminders import plan
from notices.models import Channel, Delivery, DeliveryStatus, Notice, NoticeStatus, ReminderRule

from ..factories import NOW, UserFactory
from .factories import FIVE_O_CLOCK, TOMORROW, NoticeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def clock(_clock):
    return _clock


@pytest.fixture
def planned(reminder, cadre, town):
    """A reminder of the cadre that waits for five o'clock."""
    reminder.moments = {(cadre.user, town): TOMORROW}
    plan(FIVE_O_CLOCK)
    return Notice.objects.get()


# --- The inbox ------------------------------------------------------------------------------------


def test_what_is_due_appears_in_the_inbox(cadre):
    notice = NoticeFactory(person=cadre.user)

    assert deliver(NOW) == Delivered(sent=1)
    assert list(Notice.objects.visible_to(cadre.user).values_list("pk", "sent_at", "read_at")) == [
        (notice.pk, NOW, None)
    ]
    assert list(Delivery.objects.values_list("notice", "channel", "status", "sent_at")) == [
        (notice.pk, Channel.INBOX, DeliveryStatus.SENT, NOW)
    ]


def test_what_is_not_due_yet_waits():
    NoticeFactory(due_at=NOW + timedelta(seconds=1))

    assert deliver(NOW) == Delivered()


def test_a_second_delivery_sends_nothing():
    NoticeFactory()
    deliver(NOW)

    assert deliver(NOW) == Delivered()
    assert Delivery.objects.count() == 1


def test_of_two_workers_that_found_the_same_notice_one_sends_it(monkeypatch):
    notice = NoticeFactory()
    found_by_both = [Notice.objects.get(pk=notice.pk), Notice.objects.get(pk=notice.pk)]
    monkeypatch.setattr("notices.delivery._due", lambda now: found_by_both)

    assert deliver(NOW) == Delivered(sent=1)
    assert Delivery.objects.count() == 1


def test_a_worker_that_dies_while_it_sends_leaves_the_notice_waiting(monkeypatch):
    NoticeFactory()

    def die(notice, now, urgency):
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr("notices.delivery._deliveries", die)
        deliver(NOW)

    assert (Notice.objects.pending().count(), Delivery.objects.count()) == (1, 0)
    assert deliver(NOW) == Delivered(sent=1)


def test_more_notices_than_one_batch_are_all_sent(monkeypatch):
    monkeypatch.setattr("notices.delivery.BATCH", 2)
    NoticeFactory.create_batch(5)

    assert deliver(NOW) == Delivered(sent=5)


# --- Still true? ----------------------------------------------------------------------------------


def test_a_reminder_is_sent_while_its_facts_stand(planned):
    assert deliver(FIVE_O_CLOCK) == Delivered(sent=1)


def test_a_reminder_whose_facts_changed_after_it_was_planned_is_withdrawn(reminder, planned):
    reminder.truth = False

    assert deliver(FIVE_O_CLOCK) == Delivered(withdrawn=1)
    assert Notice.objects.get().status == NoticeStatus.WITHDRAWN


def test_a_reminder_of_what_is_over_is_withdrawn(planned):
    assert deliver(TOMORROW - timedelta(minutes=1)) == Delivered(sent=1)
    Notice.objects.update(status=NoticeStatus.PENDING, sent_at=None)

    assert deliver(TOMORROW) == Delivered(withdrawn=1)


def test_a_reminder_whose_subject_is_gone_is_withdrawn(planned):
    Notice.objects.update(subject_id=Town.objects.latest("pk").pk + 1000)

    assert deliver(FIVE_O_CLOCK) == Delivered(withdrawn=1)


def test_a_reminder_whose_rule_was_switched_off_is_withdrawn(planned):
    ReminderRule.objects.update(active=False)

    assert deliver(FIVE_O_CLOCK) == Delivered(withdrawn=1)


def test_a_reminder_that_cannot_be_judged_waits_and_does_not_hold_up_the_rest(
    reminder, planned, caplog
):
    reminder.truth = RuntimeError("no")
    NoticeFactory()

    assert deliver(FIVE_O_CLOCK) == Delivered(sent=1, failed=1)
    reminder.truth = True
    assert deliver(FIVE_O_CLOCK) == Delivered(sent=1)
    assert planned.title not in caplog.text


# --- Text messages --------------------------------------------------------------------------------

SENT_MESSAGES = []


class Gateway:
    """A gateway that remembers, or refuses while `broken`."""

    waits = False
    broken = False

    def send(self, *, phone, text):
        if self.broken:
            raise ConnectionError(f"{phone} is not reached")
        SENT_MESSAGES.append((phone, text))


@pytest.fixture
def gateway(settings, monkeypatch):
    settings.SMS_CHANNEL = f"{__name__}.Gateway"
    SENT_MESSAGES.clear()
    monkeypatch.setattr(Gateway, "broken", False)
    return Gateway


@pytest.fixture
def real_person():
    return UserFactory(phone="13900000000", is_sample=False)


def message():
    return Delivery.objects.get(channel=Channel.SMS)


def test_without_a_gateway_nobody_gets_a_text_message(real_person):
    NoticeFactory(person=real_person)

    assert deliver(NOW) == Delivered(sent=1)


def test_a_gateway_gets_each_notice_once(gateway, real_person):
    NoticeFactory(person=real_person, title="有名额了", body="请来上课")

    assert deliver(NOW) == Delivered(sent=1, messages=1)
    assert deliver(NOW) == Delivered()
    assert SENT_MESSAGES == [("13900000000", "有名额了 请来上课")]
    assert (message().status, message().attempts, message().sent_at) == (
        DeliveryStatus.SENT,
        1,
        NOW,
    )


@pytest.mark.parametrize("fields", [{"is_sample": True}, {"is_sample": False, "is_active": False}])
def test_sample_people_and_people_who_left_get_nothing_but_the_inbox(gateway, fields):
    NoticeFactory(person=UserFactory(**fields))

    assert deliver(NOW) == Delivered(sent=1)


def test_a_failed_message_is_tried_again_later_each_time_later_and_then_given_up(
    gateway, real_person, clock
):
    NoticeFactory(person=real_person)
    gateway.broken = True
    waits = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        result = deliver(timezone.now())
        assert (result.messages_failed, message().attempts, message().error) == (
            1,
            attempt,
            "ConnectionError",
        )
        assert deliver(timezone.now()) == Delivered()  # not before its time
        waits.append(message().next_try_at - timezone.now())
        clock.shift(waits[-1])

    assert message().status == DeliveryStatus.FAILED
    assert waits == sorted(waits)
    gateway.broken = False
    assert deliver(timezone.now() + timedelta(days=1)) == Delivered()


def test_a_message_that_went_through_at_the_second_try_is_sent(gateway, real_person, clock):
    NoticeFactory(person=real_person)
    gateway.broken = True
    deliver(NOW)
    gateway.broken = False
    clock.shift(timedelta(minutes=1))

    assert deliver(timezone.now()) == Delivered(messages=1)
    assert (message().status, message().attempts, message().error) == (DeliveryStatus.SENT, 2, "")


def test_a_claim_holds_for_its_lease_and_then_lapses(gateway, real_person, clock):
    notice = NoticeFactory(person=real_person, sent=True)
    Delivery.objects.create(
        notice=notice,
        channel=Channel.SMS,
        status=DeliveryStatus.SENDING,
        attempts=1,
        next_try_at=NOW + LEASE,
    )

    assert deliver(NOW) == Delivered()  # another worker has it
    clock.shift(LEASE)
    assert deliver(NOW + LEASE) == Delivered(messages=1)  # that worker is dead


def test_a_worker_that_died_in_the_last_attempt_leaves_a_failed_message(gateway, real_person):
    notice = NoticeFactory(person=real_person, sent=True)
    Delivery.objects.create(
        notice=notice,
        channel=Channel.SMS,
        status=DeliveryStatus.SENDING,
        attempts=MAX_ATTEMPTS,
        next_try_at=NOW,
    )

    assert deliver(NOW) == Delivered(messages_failed=1)
    assert (message().status, SENT_MESSAGES) == (DeliveryStatus.FAILED, [])


# --- Cost -----------------------------------------------------------------------------------------


def test_a_notice_costs_four_statements_more(django_assert_num_queries):
    for count in (1, 3):
        NoticeFactory.create_batch(count)
        # two reads, two of the channels, how urgent; savepoint, update, insert, release
        with django_assert_num_queries(5 + 4 * count):
            deliver(NOW)
