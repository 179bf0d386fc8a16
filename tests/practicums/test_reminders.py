from datetime import timedelta

import pytest
import time_machine

from notices.delivery import deliver
from notices.due_reminders import plan
from notices.models import Notice, NoticeStatus
from practicums.models import ItemKind, ItemStatus, Secondment, SecondmentStatus
from practicums.reminders import ItemIsDue
from practicums.seven_items.steps import change_due
from tests.factories import NOW

from .factories import handed_in, item_of

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
FAR = TODAY + timedelta(days=60)


@pytest.fixture
def due_item(secondment):
    """Only the work case is due soon: a week from today."""
    secondment.items.update(due_on=FAR)
    secondment.items.filter(kind=ItemKind.WORK_CASE).update(due_on=TODAY + timedelta(days=7))
    return item_of(secondment, ItemKind.WORK_CASE)


def drafts() -> list:
    return list(ItemIsDue().due(NOW))


@time_machine.travel(NOW, tick=False)
def test_the_secondee_is_reminded_seven_days_before(due_item, secondee):
    (draft,) = drafts()

    assert (draft.person, draft.subject, draft.link) == (
        secondee,
        due_item,
        f"/me/secondment/{due_item.secondment.code}/work_case/",
    )
    assert draft.due_at == NOW.replace(hour=9, minute=0)
    assert draft.text.title == "“形成一篇工作案例”3月8日 周一前交"


@pytest.mark.parametrize("status", [ItemStatus.HANDED_IN, ItemStatus.SIGNED])
def test_what_is_not_with_the_secondee_needs_no_reminder(due_item, status):
    type(due_item).objects.filter(pk=due_item.pk).update(status=status)

    assert drafts() == []


def test_what_came_back_is_reminded_of(due_item):
    type(due_item).objects.filter(pk=due_item.pk).update(status=ItemStatus.SENT_BACK)

    assert len(drafts()) == 1


def test_a_far_day_an_ended_secondment_and_the_appraisal_are_not(due_item, secondment):
    type(due_item).objects.filter(pk=due_item.pk).update(due_on=FAR)
    secondment.items.filter(kind=ItemKind.APPRAISAL).update(due_on=TODAY + timedelta(days=7))
    assert drafts() == []

    secondment.items.update(due_on=TODAY + timedelta(days=7))
    Secondment.objects.update(status=SecondmentStatus.CLOSED, ended_at=NOW)
    assert drafts() == []


@pytest.fixture
def planned(due_item) -> Notice:
    plan(NOW)
    return Notice.objects.get()


def test_still_true_until_it_is_handed_in(planned, secondment):
    assert ItemIsDue().still_true(planned)

    handed_in(secondment, ItemKind.WORK_CASE)

    assert not ItemIsDue().still_true(Notice.objects.get(pk=planned.pk))


def test_nobody_is_reminded_of_a_day_that_was_moved(planned, due_item, clerk):
    change_due(item=due_item, due_on=TODAY + timedelta(days=50), by=clerk, now=NOW)

    deliver(planned.due_at)  # before the next sweep has planned anew

    planned.refresh_from_db()
    assert planned.status == NoticeStatus.WITHDRAWN
