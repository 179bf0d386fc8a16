"""Whoever is no trainee is led to their work, after logging in and on their own pages."""

import pytest

from academy.models import Role

from ..conftest import grant
from ..factories import DepartmentFactory, ExpertFactory, UserFactory
from ..practicums.factories import SecondmentFactory

OWN_PAGES = ("/me/", "/me/bookings/", "/me/hours/", "/me/follows/", "/me/absences/")


def _mentor():
    return SecondmentFactory().mentor, "/manage/secondments/", "/manage/secondments/"


def _expert():
    expert = ExpertFactory(user=UserFactory())
    return expert.user, expert.get_absolute_url(), expert.get_absolute_url()


def _host():
    return grant(Role.DEPARTMENT_STAFF, department=DepartmentFactory()), "/manage/", "/manage/"


def _auditor():
    return grant(Role.AUDITOR), "/me/", "/classes/"


@pytest.mark.parametrize("somebody", [_mentor, _expert, _host, _auditor])
def test_nobody_who_works_is_told_that_they_are_no_trainee(client, db, somebody):
    person, start, way_on = somebody()
    client.force_login(person)

    assert client.get("/after-login/").url == start
    for path in OWN_PAGES:
        text = client.get(path).content.decode()
        main = text[text.index("<main") : text.index("</main")]
        assert "花名册" not in main, path
        assert f'href="{way_on}"' in main, path
    assert client.get(start).status_code == 200


def test_a_person_without_any_part_is_told_whom_to_ask(client, db):
    client.force_login(UserFactory())

    assert client.get("/after-login/").url == "/me/"
    assert "您的账号不在学员花名册里" in client.get("/me/").content.decode()


def test_a_trainee_who_teaches_starts_with_their_classes(client, cadre):
    ExpertFactory(user=cadre.user)
    client.force_login(cadre.user)

    assert client.get("/after-login/").url == "/me/"
