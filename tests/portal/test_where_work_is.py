"""Whoever is no trainee is led to their work, after logging in and on their own pages."""

import pytest

from academy.models import Role
from academy.waiting import WaitingItem

from ..conftest import grant
from ..factories import (
    CampusFactory,
    DepartmentFactory,
    ExpertFactory,
    RoleGrantFactory,
    TownFactory,
    TraineeFactory,
    UserFactory,
    VillageFactory,
)
from ..practicums.factories import SecondmentFactory

MENTORING, TEACHING = "/me/mentoring/", "/me/teaching/"
OWN_PAGES = (
    "/me/",
    "/me/hours/",
    "/me/certificates/",
    "/me/path/",
    "/me/follows/",
    "/me/absences/",
)


def _mentor():
    return SecondmentFactory().mentor, MENTORING, MENTORING


def _expert():
    expert = ExpertFactory(user=UserFactory())
    return expert.user, TEACHING, TEACHING


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


def test_a_trainee_who_teaches_starts_at_home_and_is_led_to_their_lessons(client, cadre):
    ExpertFactory(user=cadre.user)
    client.force_login(cadre.user)

    assert client.get("/after-login/").url == "/"
    for path in ("/", "/me/"):
        assert f'href="{TEACHING}"' in client.get(path).text.partition("<main")[2], path


# --- Several parts at once ------------------------------------------------------------------------


def _make_coordinator(user):
    RoleGrantFactory(user=user, role=Role.VILLAGE_COORDINATOR, village=VillageFactory())


def _make_town_staff(user):
    RoleGrantFactory(user=user, role=Role.TOWN_STAFF, town=TownFactory())


def _make_branch_coordinator(user):
    RoleGrantFactory(user=user, role=Role.BRANCH_COORDINATOR, campus=CampusFactory())


def _make_auditor(user):
    RoleGrantFactory(user=user, role=Role.AUDITOR)


def _make_mentor(user):
    SecondmentFactory(mentor=user)


def _make_expert(user):
    ExpertFactory(user=user, code="ZJ-777")


def _make_trainee(user):
    TraineeFactory(user=user)


PEOPLE, BOARD, FOR_OTHERS = "/manage/people/", "/manage/secondments/", "/manage/colleagues/"
# a village coordinator's; a town with a branch has all of them and more
COORDINATOR = {"/manage/", PEOPLE, FOR_OTHERS, "/manage/approvals/", "/manage/cases/"}
TOWN_AND_BRANCH = COORDINATOR | {
    BOARD,
    "/manage/lessons/",
    "/manage/classes/",
    "/manage/season/",
    "/manage/nominations/",
    "/manage/petitions/",
    "/manage/certificates/",
    "/manage/experts/",
    "/manage/rooms/",
    "/manage/plans/",
    "/manage/plans/actual/",
    "/manage/lecture-fees/",
    "/manage/projects/",
    "/manage/coverage/",
    "/manage/monitor/",
    "/manage/evaluation/",
    "/manage/roles/",
    "/manage/imports/",
}


@pytest.mark.parametrize(
    ("parts", "start", "work"),
    [
        ([_make_trainee, _make_coordinator], "/manage/", COORDINATOR),
        ([_make_trainee, _make_mentor], "/", {MENTORING}),
        ([_make_trainee, _make_expert, _make_mentor], "/", {MENTORING, TEACHING}),
        ([_make_trainee, _make_auditor], "/", set()),
        ([_make_mentor, _make_expert], MENTORING, {MENTORING, TEACHING}),
        ([_make_mentor, _make_auditor], MENTORING, {MENTORING}),
        ([_make_expert, _make_auditor], TEACHING, {TEACHING}),
        (
            [_make_expert, _make_coordinator, _make_mentor],
            "/manage/",
            COORDINATOR | {BOARD, MENTORING, TEACHING},
        ),
        (
            [_make_town_staff, _make_branch_coordinator, _make_auditor],
            "/manage/",
            TOWN_AND_BRANCH,
        ),
    ],
)
def test_one_navigation_holds_the_work_of_all_parts(client, db, parts, start, work):
    person = UserFactory()
    for make in parts:
        make(person)
    client.force_login(person)

    assert client.get("/after-login/").url == start
    page = client.get(start)
    assert page.status_code == 200
    assert {link["url"] for link in page.context["shell"].work} == work
    assert all(client.get(url, follow=True).status_code == 200 for url in work)
    head = page.content.decode().partition("<main")[0]
    assert not work or any(f'href="{url}"' in head for url in work)
    assert "您的账号不在学员花名册里" not in client.get("/me/").content.decode()


@pytest.mark.parametrize("parts", [[_make_trainee], [_make_mentor], [_make_expert], []])
def test_what_waits_is_shown_wherever_somebody_lands(client, db, monkeypatch, parts):
    person = UserFactory()
    for make in parts:
        make(person)
    item = WaitingItem("请您签一项", "挂职", "/manage/secondments/", action="签")
    monkeypatch.setattr("academy.web.context_processors.gather", lambda user, now: [item])
    client.force_login(person)

    assert "请您签一项" in client.get("/after-login/", follow=True).text
