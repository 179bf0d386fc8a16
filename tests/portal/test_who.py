"""What can this person do here, and why?"""

from datetime import timedelta

import pytest
import time_machine

from academy.models import Role, RoleGrant
from tests.factories import NOW, ExpertFactory, RoleGrantFactory, UserFactory, class_with

from ..page_text import squeezed
from ..practicums.factories import SecondmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
WHO = "/manage/roles/who/"


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def answers(client, administrator):
    """Asks the page as an administrator: what it says of each deed, the page itself first."""

    def ask(person, address: str) -> list:
        client.force_login(administrator)
        before = list(RoleGrant.objects.order_by("pk").values())
        response = client.get(WHO, {"person": person.pk, "address": address})
        assert list(RoleGrant.objects.order_by("pk").values()) == before, "nothing stays"
        return response.context.get("answers") or response.context["problem"]

    return ask


@pytest.fixture
def roll(campus):
    """The address of the roll of a lesson at the campus."""
    training_class = class_with(
        seats=2, campus=campus, starts_at=NOW - timedelta(hours=1), status="running"
    )
    return f"/manage/lessons/{training_class.lessons.first().pk}/attendance/"


def test_a_coordinator_marks_attendance_because_of_the_campus(
    answers, client, branch_coordinator, roll, campus
):
    RoleGrantFactory(user=branch_coordinator, role=Role.AUDITOR)
    page, *deeds = answers(branch_coordinator, f"http://testserver{roll}?x=1")

    assert page.may and [grant.campus for grant in page.because] == [campus]
    assert "看这个班的名单" in [answer.words for answer in deeds if answer.may]
    text = squeezed(client.get(WHO, {"person": branch_coordinator.pk, "address": roll}))
    assert f"可以点名 <small>因为是 分校教务（{campus.name}）" in text


def test_whoever_may_not_is_told_which_role_is_missing(answers, village_coordinator, roll, campus):
    page = answers(village_coordinator, roll)[0]

    assert not page.may
    assert [(item.role, item.place) for item in page.missing] == [
        (Role.BRANCH_COORDINATOR, campus),
        (Role.DISTRICT_STAFF, None),
        (Role.ADMINISTRATOR, None),
    ]


def test_a_general_page_asks_for_a_role_at_any_place(answers, cadre, outsider, town, other_town):
    page = answers(cadre.user, "/manage/plans/")[0]

    assert (Role.TOWN_STAFF, None, True) in [
        (item.role, item.place, item.anywhere) for item in page.missing
    ]


@pytest.mark.parametrize(
    ("who", "address", "words"),
    [
        ("mentor", "/manage/secondments/", "里面有本人"),
        ("nobody", "/me/", "登录了就可以"),
        ("nobody", "/courses/", "不用登录"),
        ("superuser", "/manage/", "服务器上建的"),
    ],
)
def test_what_needs_no_role(answers, who, address, words):
    people = {
        "mentor": lambda: SecondmentFactory().mentor,
        "nobody": UserFactory,
        "superuser": lambda: UserFactory(is_superuser=True),
    }
    page = answers(people[who](), address)[0]

    assert page.may and words in page.without_role


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/no/such/page/", "没有这个网页"),
        ("manage/roles/who/?person=1", "不能查"),
        ("/admin/", "不能查"),
        ("/manage/deputies/1/end/", "按钮的地址"),
    ],
)
def test_what_cannot_be_asked(answers, cadre, address, words):
    assert words in answers(cadre.user, address)


def test_what_a_page_writes_when_it_is_opened_is_taken_back(answers, cadre, client):
    for path in ("/me/", "/me/notices/", "/manage/"):
        assert isinstance(answers(cadre.user, path), list)


def test_an_expert_opens_their_own_page(answers):
    expert = ExpertFactory(user=UserFactory(), published=False)

    assert answers(expert.user, expert.get_absolute_url())[0].may
