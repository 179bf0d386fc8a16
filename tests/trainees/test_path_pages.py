"""The pages of the path: one's own, the list of who is proposed, the decision."""

import pytest

from academy.models import GrowthStage, Role
from trainees.models import PathRequirement, StageDecision

from ..conftest import grant
from ..factories import RoleGrantFactory, UserFactory
from .certified import closed_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(cadre):
    """The cadre has met the one thing that is asked."""
    first, _second = (
        GrowthStage.objects.create(name=name, sort_order=number)
        for number, name in enumerate(("新任", "成长"), start=1)
    )
    cadre.stage = first
    cadre.save()
    course = closed_class([cadre], UserFactory()).lessons.first().course_version.course
    PathRequirement.objects.create(position=cadre.position, stage=first, course=course)
    return cadre


def test_the_own_page_says_what_is_met_and_what_comes(client, ready):
    client.force_login(ready.user)

    page = client.get("/me/path/").content.decode()

    assert "已达到" in page and "已提请居村管理员决定" in page
    PathRequirement.objects.update(
        course=None, track=ready.hour_entries.first().lesson.course_version.course.track, hours=90
    )
    page = client.get("/me/path/").content.decode()
    assert "未达到" in page and "要求 90 学时" in page and "下一步" in page


def test_the_coordinator_of_the_village_decides(client, ready):
    coordinator = grant(Role.VILLAGE_COORDINATOR, village=ready.village)
    client.force_login(coordinator)
    page = f"/manage/people/{ready.user.pk}/path/"
    assert ready.user.name in client.get("/manage/people/path/").content.decode()
    seen = client.get(page).context["seen"]

    answer = client.post(page, {"outcome": "not_yet", "seen": seen, "reason": ""})
    assert "请写明理由" in answer.content.decode()
    answer = client.post(page, {"outcome": "goes_on", "seen": seen}, follow=True)

    assert "已进入“成长”" in answer.content.decode()
    assert StageDecision.objects.get().decided_by == coordinator
    assert (
        ready.user.name
        not in client.get("/manage/people/path/").content.decode().partition("<main")[2]
    )
    assert client.post(page, {"mentor": "1"}).status_code == 403


def test_an_administrator_makes_a_mentor(client, ready):
    ready.stage = GrowthStage.objects.get(name="成长")
    ready.save()
    client.force_login(grant(Role.ADMINISTRATOR))
    page = f"/manage/people/{ready.user.pk}/path/"
    assert "确定为导师" in client.get(page).content.decode()

    answer = client.post(page, {"mentor": "1"}, follow=True).content.decode()

    assert "师资库编号 DS-001" in answer and "确定为导师</button>" not in answer


def test_nobody_opens_their_own_decision(client, ready):
    RoleGrantFactory(user=ready.user, role=Role.VILLAGE_COORDINATOR, village=ready.village)
    client.force_login(ready.user)

    assert client.get(f"/manage/people/{ready.user.pk}/path/").status_code == 403
