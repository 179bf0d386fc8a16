"""Language, damaged input, and the pages shown when something is wrong."""

import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import include, path, reverse
from django.utils import timezone

from academy import urls as real_urls
from academy.models import Role, User
from academy.places import places
from academy.web.context_processors import PUBLIC_NAV, PUBLIC_TABS
from notices.models import NoticeStatus
from notices.outbox import tell
from tests.factories import RoleGrantFactory
from tests.notices.factories import TEST, saying
from tests.page_text import squeezed


@login_not_required
def _fails(request):
    raise RuntimeError("on purpose")


@login_not_required
def _missing(request):
    raise Http404("the secret name of a row")


@login_not_required
def _refuses(request):
    raise PermissionDenied("这件事由学院办公室办。")


@login_not_required
def _echo(request):
    return HttpResponse("ok")


def _staff_page(request):
    return render(request, "base_staff.html")


urlpatterns = [
    path("staff-page/", _staff_page),
    path("fails/", _fails),
    path("missing/", _missing),
    path("refuses/", _refuses),
    path("echo/", _echo),
    path("", include(real_urls.urlpatterns)),
]
handler400, handler403, handler404, handler500 = (
    real_urls.handler400,
    real_urls.handler403,
    real_urls.handler404,
    real_urls.handler500,
)


@pytest.fixture(params=[True, False], ids=["debug", "production"])
def either_way(request, settings):
    settings.DEBUG = request.param
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def odd_urls(settings):
    settings.ROOT_URLCONF = __name__


# --- Language -------------------------------------------------------------------------------------


def test_chinese_whatever_the_browser_prefers(client, db):
    response = client.get("/accounts/login/", headers={"accept-language": "en-US,en;q=0.9"})

    assert response.headers["Content-Language"] == "zh-hans"
    assert '<html lang="zh-Hans">' in response.content.decode()


def test_english_by_the_switch_and_back(client, db):
    response = client.get("/language/en/?next=/accounts/login/")
    assert (response.status_code, response.url) == (302, "/accounts/login/")
    assert '<html lang="en">' in client.get("/accounts/login/").content.decode()

    client.get("/language/zh-hans/")
    assert '<html lang="zh-Hans">' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("code", ["de", "xx", "zh-hant"])
def test_a_language_that_is_not_offered(client, db, code):
    assert client.get(f"/language/{code}/").status_code == 404


def test_a_made_up_language_cookie_is_ignored(client, db):
    client.cookies["django_language"] = "../../etc"

    assert client.get("/accounts/login/").headers["Content-Language"] == "zh-hans"


# --- Large print ----------------------------------------------------------------------------------


def test_large_print_is_a_link_that_comes_back(client, db):
    page = client.get("/accounts/login/?next=/me/").content.decode()
    link = re.search(r'href="(/large-print/on/[^"]*)"', page)[1].replace("&amp;", "&")

    response = client.get(link)

    assert response.url == "/accounts/login/?next=/me/"
    page = client.get(response.url).content.decode()
    assert '<html lang="zh-Hans" class="large">' in page
    assert (
        client.get(re.search(r'href="(/large-print/off/[^"]*)"', page)[1]).url
        == "/accounts/login/?next=/me/"
    )
    assert 'class="large"' not in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""],
)
@pytest.mark.parametrize("switch", ["/large-print/on/", "/language/en/"])
def test_the_switches_never_leave_the_house(client, db, switch, elsewhere):
    assert client.get(switch, {"next": elsewhere}).url == reverse("portal:home")


# --- Damaged input --------------------------------------------------------------------------------

NO_STORE = "文字里有存不了的字符"


@pytest.mark.parametrize("query", ["q=%00", "%00=1", "q=a&page=1%00"])
def test_a_nul_in_the_query_is_a_400_with_a_sentence(client, db, either_way, query):
    response = client.get(f"/echo/?{query}")

    assert response.status_code == 400
    assert NO_STORE in response.content.decode()


def test_a_nul_in_the_path_is_a_400(client, db, either_way):
    assert client.get("/echo/%00").status_code == 400


@pytest.mark.parametrize("data", [{"q": "a\x00"}, {"a\x00": "1"}])
def test_a_nul_in_a_form_is_a_400(client, db, either_way, data):
    response = client.post("/echo/", data)

    assert response.status_code == 400
    assert NO_STORE in response.content.decode()


@pytest.mark.parametrize("body", [b"q=%ED%A0%80", b"q=\xed\xa0\x80", b"q=%ff%fe"])
def test_bytes_that_are_no_text_never_break_a_form(client, db, either_way, body):
    assert client.post(
        "/echo/", body, content_type="application/x-www-form-urlencoded"
    ).status_code in (200, 400)


def test_a_form_cut_off_on_the_way_is_a_400(client, db, either_way):
    response = client.post(
        "/echo/", b"--x\r\nbroken", content_type="multipart/form-data; boundary="
    )

    assert response.status_code == 400
    assert "这个网址或表单读不出来" in response.content.decode()


def test_a_form_that_is_too_large_is_a_400_that_says_so(client, db, either_way, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = client.post("/echo/", {"q": "x" * 200})

    assert response.status_code == 400
    assert "送来的内容太大" in response.content.decode()


def test_an_upload_that_finds_no_room_is_a_507_that_says_so(
    client, db, either_way, settings, tmp_path
):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE, settings.FILE_UPLOAD_TEMP_DIR = 1, tmp_path / "missing"

    response = client.post("/echo/", {"f": SimpleUploadedFile("方案.xlsx", b"\x00\x01")})

    assert response.status_code == 507
    assert "存储空间满了" in response.content.decode()


def test_the_largest_upload_needs_no_room_on_the_disk_before_its_form_has_read_it(
    client, db, settings, odd_urls, tmp_path
):
    """So the form can come back with what was typed when the disk is full."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "missing"
    file = SimpleUploadedFile("方案.xlsx", b"0" * settings.UPLOAD_MAX_BYTES)

    assert client.post("/echo/", {"f": file}).status_code == 200


# --- What may be stored ---------------------------------------------------------------------------


def stored_by(client, address: str) -> str:
    return client.get(address).headers.get("Cache-Control", "")


def test_what_concerns_one_person_is_stored_nowhere(client, cadre):
    """So it is for every address behind the log-in, see tests/access."""
    addresses = ("/me/", "/manage/")  # a page, and a refusal
    assert {stored_by(client, address) for address in addresses} == {"private, no-store"}
    client.force_login(cadre.user)
    assert {stored_by(client, address) for address in addresses} == {"private, no-store"}


def test_a_public_page_may_be_shown_again_by_the_back_button(client, cadre):
    assert stored_by(client, "/classes/") == ""
    client.force_login(cadre.user)
    assert stored_by(client, "/classes/") == "private, no-cache"


def test_plain_input_passes(client, db, odd_urls):
    assert (
        client.post(
            "/echo/?q=加装",
            {"q": "电梯 𠮷 👍\r\n", "f": SimpleUploadedFile("方案.xlsx", b"\x00\x01")},
        ).status_code
        == 200
    )


# --- Pages for what is wrong ----------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/nothing-here/", "/missing/"])
def test_a_missing_page_is_ours_even_while_developing(client, db, either_way, address):
    response = client.get(address)

    assert response.status_code == 404
    page = response.content.decode()
    assert '<h1 class="song">没有这一页</h1>' in page
    assert "secret name" not in page


def test_a_refusal_says_who_can_do_it(client, db, either_way):
    response = client.get("/refuses/")

    assert response.status_code == 403
    assert "这件事由学院办公室办。" in response.content.decode()


def test_a_failure_on_our_side_needs_no_database(db, settings, odd_urls, django_db_blocker):
    client = Client(raise_request_exception=False)
    settings.DEBUG = False

    with django_db_blocker.block():
        response = client.get("/fails/")

    assert response.status_code == 500
    page = response.content.decode()
    assert "这一页现在打不开" in page
    assert "138 0000 0001" in page


def test_a_failure_of_the_templates_still_gets_an_answer(db, settings, odd_urls, monkeypatch):
    def broken(*args, **kwargs):
        raise ValueError("no manifest")

    monkeypatch.setattr("academy.web.views.render_to_string", broken)
    response = Client(raise_request_exception=False).get("/fails/")

    assert response.status_code == 500
    assert "这一页现在打不开" in response.content.decode()


def test_a_form_without_its_token_says_what_to_do(db):
    response = Client(enforce_csrf_checks=True).post(
        "/accounts/login/", {"login": "13800000101", "password": "x"}
    )

    assert response.status_code == 403
    page = response.content.decode()
    assert "表单开得太久了" in page
    assert 'href="/accounts/login/"' in page


# --- Health ---------------------------------------------------------------------------------------


def test_healthz(client, db):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")
    assert not response.cookies


def test_healthz_without_a_database(client, db, monkeypatch):
    def away():
        raise OperationalError("down")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", away)
        assert client.get("/healthz").status_code == 503


# --- The frame ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link", [*PUBLIC_NAV, *PUBLIC_TABS, *places()], ids=lambda link: link.url_name
)
def test_every_link_of_the_frame_leads_somewhere(link):
    assert reverse(link.url_name)


def test_the_frame_of_a_visitor_needs_no_query_but_the_sample_flag(
    client, db, django_assert_num_queries
):
    client.get("/accounts/login/")

    with django_assert_num_queries(0):
        client.get("/accounts/login/")


def test_the_frame_of_a_person_needs_three_queries(client, cadre, django_assert_num_queries):
    client.force_login(cadre.user)
    client.get("/accounts/logout/")

    with django_assert_num_queries(3):  # session, person with grants, unread notices
        client.get("/accounts/logout/")


def _navigation(page, label):
    nav = re.search(rf'<nav[^>]*aria-label="{label}"[^>]*>(.*?)</nav>', page, re.S)[1]
    return re.findall(r'href="([^"]*)"', nav)


# of the administrators, of mentors, of experts, of villages and street-towns
OF_OTHERS = (
    *("roles:role_list", "practicums:mentoring", "trainees:teaching"),
    "trainees:book_colleagues",
)


def test_staff_see_the_work_that_is_theirs(
    client, odd_urls, district_staff, branch_coordinator, village_coordinator
):
    urls = {place.url_name: place.url for place in places() if place.section}
    seen = {}
    for user in (district_staff, branch_coordinator, village_coordinator):
        client.force_login(user)
        page = client.get("/staff-page/").content.decode()
        seen[user.pk] = [
            url for url in _navigation(page, "主导航") if not url.startswith(("/fold-", "/static/"))
        ]

    assert seen == {
        district_staff.pk: [url for name, url in urls.items() if name not in OF_OTHERS],
        branch_coordinator.pk: [
            urls[name]
            for name in (
                "portal:manage",
                "trainees:lessons",
                "courses:manage_classes",
                "courses:season_now",
                "trainees:requests",
                "trainees:evaluations",
                "trainees:certificates",
                "courses:manage_experts",
                "courses:rooms",
                "practicums:manage_cases",
                "plans:plan_list",
                "plans:actual",
                "plans:fee_lists",
                "imports:import_list",
            )
        ],
        village_coordinator.pk: [
            urls[name]
            for name in (
                "portal:manage",
                "trainees:book_colleagues",
                "trainees:approvals",
                "practicums:manage_cases",
                "trainees:people",
            )
        ],
    }


def test_the_tabs_say_how_many_notices_are_unread(client, cadre):
    for number in range(3):
        tell(TEST, cadre.user, values=saying(f"第 {number} 条"), dedupe=str(number))
    cadre.user.notices.update(status=NoticeStatus.SENT, sent_at=timezone.now())
    client.force_login(cadre.user)

    page = squeezed(client.get("/accounts/logout/"))

    assert page.count('<span class="visually-hidden">，3 条未读</span>') == 2  # header and tabs


def test_unread_are_only_what_was_sent_to_the_person_and_not_read(client, cadre, district_staff):
    now = timezone.now()
    for number, (person, status, read_at) in enumerate(
        [
            (cadre.user, NoticeStatus.SENT, None),
            (cadre.user, NoticeStatus.SENT, now),
            (cadre.user, NoticeStatus.PENDING, None),
            (cadre.user, NoticeStatus.WITHDRAWN, None),
            (district_staff, NoticeStatus.SENT, None),
            (district_staff, NoticeStatus.SENT, None),
        ]
    ):
        notice = tell(TEST, person, values=saying("通知"), dedupe=str(number))
        person.notices.filter(pk=notice.pk).update(
            status=status, sent_at=now if status == NoticeStatus.SENT else None, read_at=read_at
        )
    RoleGrantFactory(user=cadre.user, role=Role.AUDITOR)
    RoleGrantFactory(user=cadre.user, role=Role.DISTRICT_STAFF)
    client.force_login(cadre.user)

    assert client.get("/accounts/logout/").context["shell"].unread == 1


def test_sample_data_is_marked_and_not_indexed(client, cadre):
    sentence = "页面中的课程、班次、案例和人员均为示例素材"
    User.objects.update(is_sample=False)
    assert sentence not in client.get("/accounts/login/").content.decode()

    cache.clear()
    User.objects.filter(pk=cadre.user.pk).update(is_sample=True)
    page = client.get("/accounts/login/").content.decode()

    assert sentence in page
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize(
    "wanted",
    [
        "2027-03-01",
        "²",
        "99:99",
        "https://example.org/",
        "//example.org/",
        "javascript:alert(1)",
        "",
    ],
)
@pytest.mark.parametrize("address", ["/large-print/on/", "/language/en/"])
def test_a_way_back_that_is_no_path_of_ours_leads_home(client, db, address, wanted):
    assert client.get(address, {"next": wanted}).url == "/"
    assert client.get(address, {"next": "/courses/?page=2"}).url == "/courses/?page=2"
