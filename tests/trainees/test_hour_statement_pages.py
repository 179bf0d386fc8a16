"""The statement of study hours on the screen: for oneself, and for whoever looks after a person."""

import pytest
from django.urls import reverse
from django.utils import timezone

from academy.models import Role

from ..conftest import grant
from ..factories import UserFactory
from .certified import closed_class

pytestmark = pytest.mark.django_db

OWN = reverse("trainees:my_hour_statement")


@pytest.fixture
def attended(cadre):
    return closed_class([cadre], UserFactory())


def year_of(training_class) -> int:
    return timezone.localdate(training_class.starts_at).year


def test_the_own_statement_is_reached_from_the_hours(client, cadre, attended):
    client.force_login(cadre.user)
    address = f"{OWN}?year={year_of(attended)}"

    assert f'href="{address}"' in client.get("/me/hours/", {"year": year_of(attended)}).text
    text = client.get(address).text
    assert f"{year_of(attended)} 年学时单" in text
    assert attended.title in text and cadre.user.name in text and "合计" in text


def test_a_year_without_hours_says_so(client, cadre):
    client.force_login(cadre.user)

    text = client.get(OWN, {"year": "2020"}).text

    assert "2020 年学时单" in text and "还没有登记学时" in text and "合计" not in text


def test_a_year_that_does_not_exist_shows_this_one_and_says_so(client, cadre):
    client.force_login(cadre.user)

    text = client.get(OWN, {"year": "abc"}).text

    assert f"{timezone.localdate().year} 年学时单" in text and "没有这个年份" in text


def test_without_a_profile_the_page_of_hours_says_why(client):
    client.force_login(UserFactory())

    assert client.get(OWN).url == reverse("trainees:my_hours")


def test_the_village_prints_that_of_its_people_and_of_nobody_else(
    client, cadre, outsider, attended
):
    client.force_login(grant(Role.VILLAGE_COORDINATOR, village=cadre.village))
    address = reverse("trainees:person_hours", args=[cadre.user.pk])

    assert f'href="{address}"' in client.get(f"/manage/people/{cadre.user.pk}/").text
    assert attended.title in client.get(address, {"year": year_of(attended)}).text
    assert client.get(reverse("trainees:person_hours", args=[outsider.user.pk])).status_code == 404


def test_staff_without_a_profile_have_no_statement(client):
    client.force_login(grant(Role.DISTRICT_STAFF))
    person = UserFactory()

    assert client.get(reverse("trainees:person_hours", args=[person.pk])).status_code == 404
