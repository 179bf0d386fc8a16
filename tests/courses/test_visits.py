"""The catalogue as visitors see it is drawn once; nobody gets a page that is another's."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import ClassStatus, TrainingClass

from ..factories import NOW, CourseFactory, class_with

ADDRESS = "/courses/"


@pytest.fixture
def course(db):
    return CourseFactory(title="电梯加装协商实训")


def seen(client: Client, address: str = ADDRESS, **headers) -> str:
    return client.get(address, headers=headers).content.decode()


def test_visitors_get_a_page_that_was_drawn_before(course, django_assert_num_queries):
    first = seen(Client())

    with django_assert_num_queries(1):  # whether a course has changed
        assert seen(Client()) == first


def test_a_changed_course_is_seen_at_once(course):
    assert "电梯加装协商实训" in seen(Client())
    course.title = "楼道堆物劝导"
    course.save()

    assert "楼道堆物劝导" in seen(Client()) and "电梯加装协商实训" not in seen(Client())


def test_the_next_class_of_a_course_comes_within_a_minute(db):
    with time_machine.travel(NOW) as clock:
        training_class = class_with(seats=5, status=ClassStatus.DRAFT)
        address = training_class.get_absolute_url()
        seen(Client())
        TrainingClass.objects.update(status=ClassStatus.OPEN)

        clock.shift(30)
        assert address not in seen(Client())
        clock.shift(31)
        assert address in seen(Client())


def test_who_is_logged_in_has_a_page_of_their_own_and_leaves_none_behind(course, client, cadre):
    client.force_login(cadre.user)
    for _time in range(2):
        assert cadre.user.name in seen(client)
        assert cadre.user.name not in seen(Client())


def test_language_and_print_are_kept_apart(course):
    seen(Client())
    english, large = Client(), Client()
    english.cookies["django_language"] = "en"
    large.cookies["large"] = "1"

    assert '<html lang="en"' in seen(english) and '<html lang="en"' not in seen(Client())
    assert seen(large) != seen(Client())


def test_what_a_filter_changes_is_drawn_anew(course):
    seen(Client())

    assert "<html" not in seen(Client(), **{"HX-Request": "true"})
    assert seen(Client(), "/courses/?q=%E6%B2%A1%E6%9C%89") != seen(Client())


@pytest.mark.parametrize(
    "more", ["?page=10", "?page=0", "?per_page=99", "?a=1", "?page=1&a=1", "?q=x"]
)
def test_only_few_pages_are_kept(course, more):
    seen(Client(), ADDRESS + more)

    with CaptureQueriesContext(connection) as asked:
        seen(Client(), ADDRESS + more)
    assert len(asked) > 1
