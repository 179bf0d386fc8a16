"""How long people stay logged in, and what becomes of a form that comes too late."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from academy.models import Role
from portal.models import Feedback
from tests.factories import NOW, RoleGrantFactory

PASSWORD = "right-password-1"
LOGIN = "/accounts/login/"
UNSENT = "/accounts/unsent/"
LATE = "您有 30 分钟没有操作，已自动退出登录。"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def _log_in(client, user, **data):
    user.set_password(PASSWORD)
    user.save()
    return client.post(LOGIN, {"login": user.phone, "password": PASSWORD, **data})


def _is_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_staff_are_logged_out_after_half_an_hour_without_a_request(client, district_staff, clock):
    _log_in(client, district_staff)
    for _request in range(3):
        clock.shift(timedelta(minutes=29))
        assert client.get("/manage/").status_code == 200

    clock.shift(timedelta(minutes=31))
    answer = client.get("/manage/plans/?year=2027", follow=True)

    assert answer.redirect_chain == [(f"{LOGIN}?next=/manage/plans/%3Fyear%3D2027", 302)]
    assert LATE + "请重新登录，登录后回到刚才的页面。" in answer.content.decode()
    assert not _is_in(client)
    assert _log_in(client, district_staff, next="/manage/plans/?year=2027").url.endswith(
        "?year=2027"
    )


def test_the_time_is_a_setting(client, district_staff, clock, settings):
    settings.STAFF_IDLE_MINUTES = 5
    _log_in(client, district_staff)
    clock.shift(timedelta(minutes=5))

    assert client.get("/manage/").status_code == 302


def test_a_village_cadre_stays_logged_in_for_14_days(client, cadre, clock):
    _log_in(client, cadre.user)
    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 3600

    clock.shift(timedelta(days=13, hours=23))
    assert client.get("/me/").status_code == 200
    clock.shift(timedelta(hours=2))
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "actor", ["village_coordinator", "town_staff", "auditor", "vocabulary", "both"]
)
def test_the_browser_forgets_whoever_is_staff_also_besides_being_a_cadre(
    client, cadre, clock, request, actor
):
    if actor == "both":
        user = cadre.user
        RoleGrantFactory(user=user, role=Role.VILLAGE_COORDINATOR, village=cadre.village)
    elif actor == "vocabulary":
        user = cadre.user
        user.is_staff = True
    else:
        user = request.getfixturevalue(actor)
    _log_in(client, user)
    assert client.cookies["sessionid"]["max-age"] == ""

    clock.shift(timedelta(minutes=31))
    client.get("/me/")

    assert not _is_in(client)


def test_a_code_makes_no_difference(client, district_staff, caplog):
    with caplog.at_level("INFO", logger="academy.accounts.sms"):
        client.post("/accounts/login/code/", {"phone": district_staff.phone})
    code = next(
        record.args[2] for record in caplog.records if record.name == "academy.accounts.sms"
    )
    client.post("/accounts/login/code/confirm/", {"code": "".join(filter(str.isdigit, code))[:6]})

    assert (_is_in(client), client.cookies["sessionid"]["max-age"]) == (True, "")


def test_the_session_is_written_once_a_minute_at_most(client, district_staff, clock):
    client.force_login(district_staff)
    written = []
    for seconds in (0, 30, 30, 59):
        clock.shift(timedelta(seconds=seconds))
        client.get("/manage/")
        written.append(client.session["seen_at"] - NOW.timestamp())

    assert written == [0, 0, 60, 60]


def test_a_public_page_goes_on_without_the_person(client, district_staff, clock):
    client.force_login(district_staff)
    clock.shift(timedelta(minutes=31))

    answer = client.get("/courses/")

    assert (answer.status_code, LATE in answer.content.decode(), _is_in(client)) == (
        200,
        True,
        False,
    )


# --- A form that comes too late -------------------------------------------------------------------


@pytest.fixture
def handled(district_staff):
    """A form of staff: its address and what is typed."""
    feedback = Feedback.objects.create(text="字太小")
    return feedback, reverse("portal:feedback_inbox"), {"feedback": str(feedback.pk)}


def test_what_was_typed_is_sent_again_after_logging_in(client, district_staff, clock, handled):
    feedback, address, typed = handled
    client.force_login(district_staff)
    clock.shift(timedelta(minutes=31))

    answer = client.post(
        address,
        typed | {"password": "x", "note": '"<b>'},
        headers={"referer": "http://testserver/manage/"},
        follow=True,
    )
    assert answer.redirect_chain == [(f"{LOGIN}?next={UNSENT}", 302)]
    assert LATE + "刚才填的内容还在：请重新登录，再提交一次。" in answer.content.decode()
    feedback.refresh_from_db()
    assert feedback.handled_at is None

    assert _log_in(client, district_staff, next=UNSENT).url == UNSENT
    page = client.get(UNSENT)
    assert page.context["unsent"]["fields"] == [["feedback", typed["feedback"]], ["note", '"<b>']]
    assert (
        f'action="{address}"' in page.content.decode()
        and "<b>"
        not in page.content.decode().split("<main", 1)[1].split("</main>", 1)[0].replace("<br>", "")
    )
    client.post(page.context["unsent"]["address"], dict(page.context["unsent"]["fields"]))
    feedback.refresh_from_db()
    assert feedback.handled_by == district_staff


def test_what_somebody_typed_is_shown_to_nobody_else(
    client, district_staff, administrator, clock, handled
):
    client.force_login(district_staff)
    clock.shift(timedelta(minutes=31))
    client.post(handled[1], handled[2])

    _log_in(client, administrator)
    answer = client.get(UNSENT)

    assert (answer.status_code, "unsent" in client.session) == (302, False)


def test_a_form_that_was_forged_is_not_kept(district_staff, clock, handled):
    client = Client(enforce_csrf_checks=True)
    client.force_login(district_staff)
    clock.shift(timedelta(minutes=31))

    answer = client.post(handled[1], handled[2])

    assert (answer.status_code, "unsent" in client.session) == (403, False)


def test_a_part_of_a_page_asks_for_the_whole_page(client, district_staff, clock, handled):
    client.force_login(district_staff)
    clock.shift(timedelta(minutes=31))

    answer = client.post(handled[1], handled[2], headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (401, "true")

    assert (
        client.post(handled[1], handled[2]).url == f"{LOGIN}?next={UNSENT}"
    )  # what the page sends then


def test_files_are_not_kept_and_the_page_says_so(client, district_staff, clock, tmp_path):
    client.force_login(district_staff)
    clock.shift(timedelta(minutes=31))
    file = tmp_path / "a.csv"
    file.write_text("a,b")
    with file.open() as upload:
        client.post(reverse("imports:import_list"), {"kind": "courses", "file": upload})
    _log_in(client, district_staff)

    assert "选好的文件没有保留" in client.get(UNSENT).content.decode()


def test_logging_out_too_late_asks_for_nothing(client, district_staff, clock):
    client.force_login(district_staff)
    clock.shift(timedelta(minutes=31))

    client.post("/accounts/logout/")

    assert not _is_in(client) and "unsent" not in client.session
