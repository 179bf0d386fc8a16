"""找课: what can be booked stands first, each course once; the way back keeps the filters."""

from datetime import timedelta

import pytest

from academy.models import TownBorder

from ..factories import NOW, CampusFactory, CourseFactory, TownFactory, TraineeFactory, class_with
from ..portal.test_answers import teaching
from ..portal.test_tabs import tabs_of

pytestmark = pytest.mark.django_db
TO_BOOK = "/classes/?bookable=1"


@pytest.fixture
def learner(client, time_machine):
    time_machine.move_to(NOW)
    trainee = TraineeFactory()
    client.force_login(trainee.user)
    return trainee


def in_town(course, town, days, **fields):
    return teaching(
        course, campus=CampusFactory(town=town), days=days, booking_opens_at=NOW, **fields
    )


def test_the_tab_opens_on_what_can_be_booked_and_the_catalogue_is_one_tap_away(client, learner):
    home = client.get("/").text

    assert f'href="{TO_BOOK}"' in home
    for path in (TO_BOOK, "/classes/", "/courses/"):
        page = client.get(path)
        assert dict(tabs_of(page))["找课"], path
        tabs = page.text.partition('class="find-tabs"')[2].partition("</nav>")[0]
        assert f'href="{TO_BOOK}"' in tabs and 'href="/courses/"' in tabs, path
        assert tabs.count('aria-current="page"') == 1, path


def test_a_course_in_several_towns_is_one_row_the_nearest_first(client, learner):
    course, next_door = CourseFactory(), TownFactory(name="示例邻镇")
    TownBorder.objects.create(town=next_door, neighbour=learner.village.town, source="示例")
    far = in_town(course, TownFactory(), 10)
    near = in_town(course, next_door, 20)
    in_town(course, TownFactory(), 15)

    page = client.get(TO_BOOK)

    assert [row.code for row in page.context["rows"]] == [near.code]
    assert "3 个街镇都开，最近：示例邻镇" in page.text
    assert far.get_absolute_url() in page.text and page.context["count"] == 3


def test_what_is_over_full_or_closed_is_not_among_them(client, learner):
    class_with(seats=3, booking_closes_at=NOW - timedelta(hours=1))
    class_with(seats=3, starts_at=NOW - timedelta(days=1))
    open_now = class_with(seats=3)

    assert [row.code for row in client.get(TO_BOOK).context["rows"]] == [open_now.code]
    client.logout()
    assert [row.code for row in client.get(TO_BOOK).context["rows"]] == [open_now.code]


def test_the_next_class_of_a_course_is_one_whose_booking_has_not_closed(client, learner):
    course = CourseFactory(title="物业矛盾调解实战")
    teaching(course, days=10, title="已截止的班", booking_closes_at=NOW - timedelta(hours=1))
    teaching(course, days=20, title="还能报的班")

    shown = client.get("/courses/").text

    assert "还能报的班" in shown and "已截止的班" not in shown


def test_the_own_town_is_marked_among_all_classes(client, learner):
    in_town(CourseFactory(), learner.village.town, 10)
    in_town(CourseFactory(), TownFactory(), 12)

    assert client.get("/classes/").text.count("本街镇") == 1


def test_the_way_back_keeps_the_filters(client, learner):
    held = in_town(CourseFactory(), learner.village.town, 10)
    wanted = f"/classes/?town={learner.village.town.code}"
    client.get(wanted)
    client.get("/me/")

    assert f'href="{wanted}"' in client.get(held.get_absolute_url()).text

    client.get("/classes/")
    assert f'href="{wanted}"' not in client.get(held.get_absolute_url()).text


def test_the_way_back_of_a_visitor_is_the_list_they_came_from(client, learner):
    client.logout()
    held = in_town(CourseFactory(), learner.village.town, 10)
    wanted = f"/classes/?town={learner.village.town.code}"
    page = held.get_absolute_url()

    from_list = client.get(page, headers={"referer": f"http://testserver{wanted}"})
    from_elsewhere = client.get(page, headers={"referer": f"http://elsewhere.example{wanted}"})

    assert f'href="{wanted}"' in from_list.text
    assert f'href="{wanted}"' not in from_elsewhere.text
    assert not from_list.cookies
