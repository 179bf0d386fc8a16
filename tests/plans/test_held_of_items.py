"""What was held of plan items, from the ledger."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from courses.models import ClassStatus
from plans.actual.of_items import Held, held_of_items, scheduled_of_items
from plans.models import ClassFiling
from tests.factories import NOW, CampusFactory, TrainingClassFactory, UserFactory, class_with
from trainees.record.closing import close_class, reopen_class

from .factories import PlanItemFactory
from .taught import attended, hangs_on, taught

pytestmark = pytest.mark.django_db
DAY = (NOW - timedelta(days=9)).date()


def test_an_item_without_classes_has_zeros():
    item = PlanItemFactory()

    assert held_of_items([item]) == {item.pk: Held()}


def test_classes_people_and_hours_of_an_item_come_from_the_ledger():
    item, other = PlanItemFactory(), PlanItemFactory()
    campus = CampusFactory(name="示例分校甲")
    hangs_on(taught(people=3, lessons=2, campus=campus), item)
    hangs_on(taught(people=2, campus=campus), item)
    hangs_on(attended(people=4), item)  # not closed
    hangs_on(taught(people=1), other)
    taught(people=5)  # hangs nowhere

    held = held_of_items([item])

    assert held == {
        item.pk: Held(
            2, 5, Decimal(3 * 2 * 3 + 2 * 3), DAY, DAY + timedelta(days=1), ("示例分校甲",)
        )
    }


def test_a_reopened_class_is_out_until_it_is_closed_again():
    item, by = PlanItemFactory(), UserFactory()
    training_class = taught(people=2, closed_at=NOW)
    hangs_on(training_class, item)

    reopen_class(training_class=training_class, reason="补签", by=by, now=NOW + timedelta(days=2))
    reopened = held_of_items([item])[item.pk]
    # the roll of a reopened class stands; it is closed a second time with the same marks
    close_class(training_class=training_class, by=by, now=NOW + timedelta(days=5))

    def on(days):
        return held_of_items([item], as_of=(NOW + timedelta(days=days)).date())[item.pk].people

    assert reopened == Held()
    assert [on(-1), on(0), on(1), on(2), on(4), on(5)] == [0, 2, 2, 0, 0, 2]


def test_what_stands_on_the_calendar_of_an_item():
    item, empty = PlanItemFactory(), PlanItemFactory()
    for status in ClassStatus.values:
        hangs_on(class_with(seats=1, status=status), item)

    assert scheduled_of_items([item, empty]) == {item.pk: 3, empty.pk: 0}


def test_the_statements_do_not_grow(django_assert_num_queries):
    items = [PlanItemFactory() for _number in range(3)]
    for item in items:
        hangs_on(taught(people=1), item)

    with django_assert_num_queries(3):
        held_of_items(items)


def test_the_database_refuses_a_filing_that_says_nothing():
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassFiling.objects.create(training_class=TrainingClassFactory(), by=UserFactory(), at=NOW)
