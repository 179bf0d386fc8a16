"""Classes hang on plan items or say why not. Source: docs/rules.md R59, R61."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from academy.models import CampusKind, Role
from plans.actual.hanging_classes import (
    CostRefused,
    ItemNotOffered,
    NothingSaid,
    hang,
    unfiled_classes,
    write_cost,
)
from plans.actual.offering import about, is_asked, offered_to
from plans.filing import amend, drop_amendment
from plans.hanging import ItemHasClasses
from plans.items import remove_item, save_item
from plans.models import ClassCost, ClassFiling, Standing
from tests.factories import (
    NOW,
    CampusFactory,
    DepartmentFactory,
    RoleGrantFactory,
    UserFactory,
    class_with,
)

from .factories import APPROVAL, PlanItemFactory, drafted, filed
from .taught import hangs_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return filed(items=2)


@pytest.fixture
def training_class(plan):
    return class_with(seats=9, campus=CampusFactory(town=plan.town, kind=CampusKind.SALON))


def say(training_class, item=None, reason="", by=None):
    return hang(
        training_class=training_class, item=item, reason=reason, by=by or UserFactory(), now=NOW
    )


def test_the_own_units_and_every_department_are_offered(plan, training_class):
    of_department = filed(items=1, town=None, department=DepartmentFactory())
    filed(items=1)  # of another street-town
    drafted(items=1, town=None, department=DepartmentFactory())  # not filed
    filed(items=1, town=None, department=DepartmentFactory(), year=2028)
    cancelled = of_department.items.create(
        number=9,
        name="取消的",
        people=1,
        standing=Standing.CANCELLED,
        standing_reason="并班",
    )

    offered = offered_to(about(training_class)).items

    expected = {*plan.items.all(), *of_department.items.exclude(pk=cancelled.pk)}
    assert set(offered.values()) == expected
    assert is_asked(about(training_class))


def test_a_class_of_units_without_a_filed_plan_is_not_asked():
    assert not is_asked(about(class_with(seats=1)))


def test_likely_items_stand_first(plan, training_class):
    wanted = plan.items.get(number=2)
    wanted.name, wanted.content, wanted.months = "电梯加装协商实训", "加装电梯、邻里协商", "3月"
    wanted.save()
    training_class.title = "加装电梯怎么谈"
    training_class.save()

    assert offered_to(about(training_class)).likely[0] == wanted


def test_a_class_says_one_of_both(plan, training_class):
    with pytest.raises(NothingSaid):
        say(training_class, reason="  ")
    assert say(training_class, reason="区里临时部署").item is None


def test_a_class_outside_gets_its_item_later_and_keeps_the_reason(plan, training_class):
    say(training_class, reason="区里临时部署")

    filing = say(training_class, item=plan.items.first())

    assert (filing.item, filing.reason) == (plan.items.first(), "区里临时部署")
    assert ClassFiling.objects.count() == 1


def test_an_item_that_was_not_offered_is_refused(training_class):
    with pytest.raises(ItemNotOffered):
        say(training_class, item=filed(items=1).items.get())
    assert not ClassFiling.objects.exists()


def test_what_a_change_adds_is_offered_once_it_is_filed(plan, training_class):
    plan = amend(plan=plan, reason="新增", approval=APPROVAL, by=UserFactory(), now=NOW)
    new = save_item(plan=plan, item=PlanItemFactory.build(plan=None, name="新增的"))

    assert new.pk not in offered_to(about(training_class)).items


def test_an_item_with_classes_is_not_taken_out(plan, training_class):
    item = plan.items.first()
    say(training_class, item=item)
    plan = amend(plan=plan, reason="删减", approval=APPROVAL, by=UserFactory(), now=NOW)
    added = save_item(plan=plan, item=PlanItemFactory.build(plan=None, name="新增的"))
    ClassFiling.objects.filter(training_class=training_class).update(item=added)

    with pytest.raises(ItemHasClasses) as refused:
        remove_item(plan=plan, item=added)
    with pytest.raises(ProtectedError):
        added.delete()

    assert training_class.title in str(refused.value)
    assert plan.items.count() == 3


def test_a_filed_item_with_classes_is_cancelled_and_keeps_them(plan, training_class):
    item = plan.items.first()
    say(training_class, item=item)
    plan = amend(plan=plan, reason="删减", approval=APPROVAL, by=UserFactory(), now=NOW)

    assert remove_item(plan=plan, item=item)

    item.refresh_from_db()
    assert item.is_cancelled and ClassFiling.objects.filter(item=item).exists()


def test_a_change_with_a_class_on_its_item_is_not_given_up(plan, training_class):
    plan = amend(plan=plan, reason="新增", approval=APPROVAL, by=UserFactory(), now=NOW)
    new = save_item(plan=plan, item=PlanItemFactory.build(plan=None, name="新增的"))
    hangs_on(training_class, new)

    with pytest.raises(ItemHasClasses):
        drop_amendment(plan=plan, by=UserFactory(), now=NOW)


def test_costs_are_only_added_to(training_class):
    by = UserFactory()
    for amount in (100, 100, 250):
        write_cost(training_class=training_class, amount=Decimal(amount), by=by, now=NOW)

    assert list(ClassCost.objects.values_list("amount", flat=True)) == [100, 250]
    for wrong in ("-1", "NaN", "Infinity", "1e12"):
        with pytest.raises(CostRefused):
            write_cost(training_class=training_class, amount=Decimal(wrong), by=by, now=NOW)


def test_classes_without_anything_said_wait(plan, training_class):
    office = RoleGrantFactory(role=Role.ADMINISTRATOR).user
    said = class_with(seats=1, campus=training_class.campus)
    say(said, reason="临时")
    class_with(seats=1, season="2026Q1")  # no plan of the year is filed
    class_with(seats=1, status="draft")
    class_with(seats=1, status="cancelled")

    assert list(unfiled_classes(office)) == [training_class]


# --- Pages ----------------------------------------------------------------------------------------


@pytest.fixture
def office(client):
    user = RoleGrantFactory(role=Role.ADMINISTRATOR).user
    client.force_login(user)
    return user


def test_the_page_of_a_class_asks_for_its_item(client, office, plan, training_class):
    address = reverse("trainees:class_overview", args=[training_class.code])
    filing = reverse("plans:class_filing", args=[training_class.code])
    assert filing in client.get(address).content.decode()

    refused = client.post(filing, {"item": "", "reason": ""})
    wrong = client.post(filing, {"item": ["1", "十三月"], "reason": ""})
    client.post(filing, {"item": "", "reason": "区里临时部署"})
    page = client.get(filing).content.decode()

    assert (refused.status_code, wrong.status_code) == (200, 200)
    assert ClassFiling.objects.get().reason == "区里临时部署"
    assert f"{plan.get_absolute_url()}?reason=" in page
    assert "区里临时部署" in client.get(address).content.decode()


def test_the_cost_is_written_down_on_the_page(client, office, plan, training_class):
    filing = reverse("plans:class_filing", args=[training_class.code])
    assert client.post(filing, {"amount": "一千"}).status_code == 200
    client.post(filing, {"amount": "1200.50"})

    assert ClassCost.objects.get().amount == Decimal("1200.50")


def test_ticked_classes_get_one_item(client, office, plan, training_class):
    other = class_with(seats=1, campus=training_class.campus)
    rows = [str(training_class.pk), str(other.pk)]
    address = reverse("plans:hang_classes")

    page = client.post(address, {"action": "hang", "row": rows})
    client.post(address, {"row": rows, "item": plan.items.first().pk, "reason": ""})

    assert page.status_code == 200
    assert set(ClassFiling.objects.values_list("item", flat=True)) == {plan.items.first().pk}
    assert ClassFiling.objects.count() == 2


def test_an_item_begins_with_what_the_class_says(client, office, plan, training_class):
    amend(plan=plan, reason="新增", approval=APPROVAL, by=office, now=NOW + timedelta(days=1))
    address = reverse("plans:item_create", args=[plan.pk])

    page = client.get(address, {"class": training_class.code}).content.decode()

    assert training_class.title in page
    assert client.get(address, {"class": "../"}).status_code == 200
