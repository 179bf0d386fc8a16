"""Rows of the catalogue are drawn once for each state and language; a change is seen at once."""

import pytest
from django.test import Client

from courses.models import ClassStatus, TrainingClass

from ..factories import CourseFactory, class_with

ADDRESS = "/courses/"


@pytest.fixture
def course(db):
    return CourseFactory(title="电梯加装协商实训")


def seen(client: Client, address: str = ADDRESS) -> str:
    return client.get(address).content.decode()


def test_a_changed_course_is_seen_at_once(course):
    assert "电梯加装协商实训" in seen(Client())
    course.title = "楼道堆物劝导"
    course.save()

    assert "楼道堆物劝导" in seen(Client()) and "电梯加装协商实训" not in seen(Client())


def test_the_next_class_of_a_course_is_seen_at_once(db):
    training_class = class_with(seats=5, status=ClassStatus.DRAFT)
    address = training_class.get_absolute_url()
    assert address not in seen(Client())

    TrainingClass.objects.update(status=ClassStatus.OPEN)

    assert address in seen(Client())


def test_who_is_logged_in_leaves_nothing_of_theirs_behind(course, client, cadre):
    client.force_login(cadre.user)
    assert cadre.user.name in seen(client)
    assert cadre.user.name not in seen(Client())


def test_language_and_print_are_kept_apart(course):
    seen(Client())
    english, large = Client(), Client()
    english.cookies["django_language"] = "en"
    large.cookies["large"] = "1"

    assert '<html lang="en"' in seen(english) and '<html lang="en"' not in seen(Client())
    assert "study hours" in seen(english) and "study hours" not in seen(Client())
    assert seen(large) != seen(Client())
