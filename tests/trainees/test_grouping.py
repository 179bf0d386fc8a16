"""One tap mixes a class by town and post, the same again with the same number; a person is moved by
hand; meals are totals. Source: docs/rules.md R75.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from trainees.booking.enrolling import book
from trainees.booking.withdrawing import withdraw
from trainees.classes.grouping import GroupingError, draw_groups, groups_of, mix, move_to_group
from trainees.classes.meals import days_at_table
from trainees.models import ClassGrouping, GroupPlace
from trainees.record.attendance import mark

from ..factories import (
    NOW,
    PositionFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
    class_with,
)

pytestmark = pytest.mark.django_db

TOWNS = (7, 5, 4, 1)  # people of each town


@pytest.fixture
def training_class(campus):
    """17 people of four towns and three posts."""
    training_class = class_with(seats=20, campus=campus, lessons=2)
    posts = [PositionFactory() for _n in range(3)]
    for size in TOWNS:
        village = VillageFactory()
        for turn in range(size):
            trainee = TraineeFactory(village=village, position=posts[turn % 3])
            book(trainee=trainee, training_class=training_class, by=trainee.user, now=NOW)
    return training_class


@pytest.fixture
def teacher(db):
    return UserFactory()


@pytest.fixture
def draw(training_class, teacher):
    def _draw(groups=4, **how):
        how.setdefault("shown", groups_of(training_class).version)
        return draw_groups(training_class=training_class, groups=groups, by=teacher, now=NOW, **how)

    return _draw


def people_of(training_class):
    return list(
        training_class.enrolments.select_related("village", "position", "learner_group").order_by(
            "pk"
        )
    )


def places():
    return dict(GroupPlace.objects.values_list("enrolment", "number"))


@pytest.mark.parametrize("groups", [2, 3, 4, 5, 17])
@pytest.mark.parametrize("seed", [0, 7, 999_999])
def test_sizes_and_towns_differ_by_one_at_most(training_class, groups, seed):
    people = people_of(training_class)

    found = mix(people, groups, seed)

    def spread(some):
        counted = Counter(found[person.pk] for person in some)
        numbers = [counted[number] for number in range(1, groups + 1)]
        return max(numbers) - min(numbers)

    assert set(found) == {person.pk for person in people}
    assert spread(people) <= 1
    for town in {person.village.town_id for person in people}:
        assert spread([one for one in people if one.village.town_id == town]) <= 1
    for post in {person.post for person in people}:
        assert spread([one for one in people if one.post == post]) <= 2


def test_the_same_number_mixes_the_same_and_another_one_otherwise(training_class, draw):
    first = draw(seed=2027)
    drawn = places()
    draw(seed=2028)
    other = places()
    draw(seed=2027)

    assert (first.seed, len(drawn)) == (2027, sum(TOWNS))
    assert places() == drawn != other
    assert ClassGrouping.objects.count() == 1


def test_a_person_is_moved_by_hand_until_it_is_mixed_anew(training_class, draw):
    draw(seed=1)
    drawn, person = places(), people_of(training_class)[0]
    other = drawn[person.pk] % 4 + 1

    move_to_group(
        training_class=training_class,
        person=person.pk,
        number=other,
        shown=groups_of(training_class).version,
    )
    assert places() == drawn | {person.pk: other}

    draw(seed=1)
    assert places() == drawn


def test_who_looks_at_an_older_page_changes_nothing(training_class, draw):
    before = groups_of(training_class).version
    draw(seed=1)
    drawn, person = places(), people_of(training_class)[0]
    with pytest.raises(GroupingError, match="有人改过分组"):
        draw(seed=2, shown=before)
    with pytest.raises(GroupingError, match="有人改过分组"):
        move_to_group(training_class=training_class, person=person.pk, number=1, shown=before)

    assert places() == drawn


def test_who_books_later_is_in_no_group_and_who_leaves_in_none(training_class, draw):
    draw(seed=1)
    late, leaving = TraineeFactory(), people_of(training_class)[0]
    book(trainee=late, training_class=training_class, by=late.user, now=NOW)
    withdraw(enrolment=leaving, by=leaving.trainee.user, now=NOW)

    division = groups_of(training_class)

    assert [person.trainee for person in division.ungrouped] == [late]
    assert sum(len(group.people) for group in division.groups) == sum(TOWNS) - 1
    move_to_group(
        training_class=training_class,
        person=division.ungrouped[0].pk,
        number=2,
        shown=division.version,
    )
    assert groups_of(training_class).ungrouped == []


@pytest.mark.parametrize("groups", [-1, 0, 1, 18, 31])
def test_no_more_groups_than_people(training_class, draw, groups):
    with pytest.raises(GroupingError, match="至少分两组"):
        draw(groups)

    assert not ClassGrouping.objects.exists()


def test_the_database_keeps_the_numbers(training_class, draw):
    draw()
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassGrouping.objects.update(groups=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupPlace.objects.update(number=0)


def test_meals_are_who_takes_part_less_who_is_on_leave_all_day(training_class, teacher):
    first, second = training_class.lessons.order_by("number")
    second.starts_at = first.ends_at + timedelta(minutes=30)  # the same day
    second.ends_at = second.starts_at + timedelta(minutes=90)
    second.save()
    people = people_of(training_class)
    for lesson, away in ((first, people[:3]), (second, people[:2])):
        mark(lesson=lesson, enrolments=away, status="excused", by=teacher, now=lesson.starts_at)
    mark(lesson=second, enrolments=people[5:6], status="absent", by=teacher, now=second.starts_at)

    (day,) = days_at_table(training_class)

    assert (day.booked, day.on_leave, day.eat) == (17, 2, 15)


# --- The pages ------------------------------------------------------------------------------------


@pytest.fixture
def page(client, branch_coordinator):
    client.force_login(branch_coordinator)
    return client


def address(name, training_class):
    return reverse(f"trainees:{name}", args=[training_class.code])


def test_the_page_mixes_moves_and_says_what_is_wrong(page, training_class):
    url = address("class_day", training_class)
    assert page.get(url).context["division"].usual_number == 3
    page.post(url, {"action": "draw", "groups": "4", "seed": "77", "shown": ""})
    division = page.get(url).context["division"]
    assert (division.grouping.seed, len(division.groups)) == (77, 4)
    person = division.groups[0].people[0]

    moved = page.post(
        url,
        {"action": "move", "person": person.pk, "group": "2", "shown": division.version},
        follow=True,
    )
    assert f"{person.trainee.name}已调到第 2 组" in moved.text

    before = places()
    for wrong in (
        {"action": "move", "person": "x", "group": "2"},
        {"action": "move", "person": person.pk, "group": "9"},
        {"action": "draw", "groups": "x"},
        {"action": "draw", "groups": "3", "seed": "1234567"},
        {"action": "draw", "groups": "3", "seed": "abc"},
        {},
    ):
        shown = groups_of(training_class).version
        answer = page.post(url, wrong | {"shown": shown}, follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert places() == before


def test_those_of_the_class_see_their_groups_and_nobody_else(
    client, training_class, draw, outsider
):
    person = people_of(training_class)[0]
    url = address("my_groups", training_class)
    client.force_login(person.trainee.user)
    assert "还没有分组" in client.get(url).text
    draw(seed=1)

    mine = client.get(url)

    assert mine.context["own_group"].number == places()[person.pk]
    assert "你的组" in mine.text and person.trainee.user.phone not in mine.text
    client.force_login(outsider.user)
    assert client.get(url).status_code == 404


def test_cards_hold_long_and_rare_names(page, training_class, draw):
    draw(seed=1)
    names = ["𠮷田", "买买提·阿不都热依木·艾山江"]
    for person, name in zip(people_of(training_class), names, strict=False):
        type(person.trainee.user).objects.filter(pk=person.trainee.user_id).update(name=name)

    cards = page.get(address("name_cards", training_class)).text
    paper = page.get(address("groups_paper", training_class)).text

    assert cards.count('class="card-name"') == 2 * sum(TOWNS)
    assert 'viewBox="0 0 440 130"' in cards and 'viewBox="0 0 1440 130"' in cards
    for name in names:
        assert name in cards and name in paper
