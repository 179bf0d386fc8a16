"""Redis away, the database away: what goes on, and what a visitor reads meanwhile."""

import re
import socket
import time
from threading import Timer

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client
from django.urls import path

from academy import urls as real_urls
from academy.web.outages import is_outage
from academy.web.redis_cache import RedisCache, redis_answers
from notices.models import Notice
from notices.outbox import tell
from tests.factories import UserFactory
from tests.notices.factories import TEST, saying

STAFF_LINE = "消息队列暂时连不上，通知会晚一些送到"


@pytest.fixture
def redis_away(settings):
    """A Redis that refuses connections."""
    with socket.socket() as taken:  # bound and not listening: nobody else gets the port
        taken.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
        settings.CACHES = {
            "default": {"BACKEND": "academy.web.redis_cache.RedisCache", "LOCATION": url}
        }
        yield


def _lose_the_database(monkeypatch):
    def away(*_arguments):
        raise OperationalError("could not connect to server: Connection refused")

    connection.close()
    monkeypatch.setattr(connection, "cursor", away)
    monkeypatch.setattr(connection, "ensure_connection", away)


# --- Redis ----------------------------------------------------------------------------------------


def test_without_redis_nothing_is_found_and_nothing_fails(redis_away):
    drawn = []

    assert cache.get_or_set("key", lambda: drawn.append(1) or "page", 60) == "page"
    assert cache.get_or_set("key", lambda: drawn.append(1) or "page", 60) == "page"
    assert len(drawn) == 2
    assert (cache.get("key", 7), cache.get_many(["key"])) == (7, {})
    assert not cache.has_key("key")
    assert (cache.set("key", 1), cache.set_many({"key": 1}), cache.touch("key")) == (
        None,
        ["key"],
        False,
    )
    assert (cache.delete("key"), cache.delete_many(["key"]), cache.clear()) == (False, None, False)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("key")
    assert not redis_answers()


def test_a_redis_that_hangs_is_waited_for_briefly():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        end_of_patience = Timer(4, silent.close)  # then it is no longer there
        end_of_patience.start()
        began = time.monotonic()
        cache_of_it = RedisCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {})
        assert cache_of_it.get("key") is None
        assert time.monotonic() - began < 3
        end_of_patience.cancel()


def test_a_redis_that_hangs_is_not_waited_for_again_and_again():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        hanging = RedisCache(
            f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {"OPTIONS": {"socket_timeout": 0.05}}
        )
        for _number in range(5):
            assert hanging.get("key") is None
        hanging._cache._get_connection_pool(write=False).disconnect()
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/courses/",
        "/classes/",
        "/search/?q=党建",
        "/services/",
        "/network/",
        "/feedback/",
        "/me/",
        "/manage/",
    ],
)
def test_pages_open_without_redis_and_staff_read_a_line(
    redis_away, client, district_staff, cadre, address
):
    client.force_login(cadre.user)
    if address != "/manage/":
        page = client.get(address)
        assert (page.status_code, STAFF_LINE in page.content.decode()) == (200, False)

    client.force_login(district_staff)
    page = client.get(address)
    assert (page.status_code, STAFF_LINE in page.content.decode()) == (200, True)


def test_the_line_is_gone_when_redis_answers(client, district_staff):
    client.force_login(district_staff)

    assert STAFF_LINE not in client.get("/manage/").content.decode()


def test_log_in_its_limit_and_feedback_go_on_without_redis(redis_away, client, db):
    user = UserFactory(phone="13800000101")
    user.set_password("right-password-1")
    user.save()
    for _try in range(4):
        client.post("/accounts/login/", {"login": user.phone, "password": "wrong"})
    page = client.post("/accounts/login/", {"login": user.phone, "password": "wrong"})
    assert "密码错的次数太多" in page.content.decode()

    answer = client.post(
        "/accounts/login/",
        {"login": user.phone, "password": "right-password-1"},
        REMOTE_ADDR="10.1.1.1",
    )
    assert (answer.status_code, client.session["_auth_user_id"]) == (302, str(user.pk))
    assert client.post("/feedback/", {"text": "字太小"}).status_code == 302


def test_a_notice_waits_for_the_queue_without_asking_it(
    redis_away, cadre, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(
        "notices.outbox.deliver_due_notices.apply_async", lambda **_how: pytest.fail("asked")
    )

    with django_capture_on_commit_callbacks(execute=True):
        tell(TEST, cadre.user, values=saying("现在"))

    assert Notice.objects.get().status == "pending"


# --- The database ---------------------------------------------------------------------------------


def _fails_in_the_view(request):
    raise ProgrammingError("a fault of ours")


urlpatterns = [path("fails/", _fails_in_the_view), *real_urls.urlpatterns]


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    "address", ["/", "/courses/", "/me/", "/manage/", "/accounts/login/", "/healthz", "/readyz"]
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_without_the_database_every_page_is_a_friendly_503(
    db, district_staff, settings, monkeypatch, debug, address, signed_in
):
    settings.DEBUG = debug
    visitor = Client(raise_request_exception=False)
    if signed_in:
        visitor.force_login(district_staff)

    with monkeypatch.context() as broken:
        _lose_the_database(broken)
        answer = visitor.get(address)

    text = answer.content.decode()
    if address in ("/healthz", "/readyz"):
        assert answer.status_code == 503
    elif signed_in or address in ("/", "/courses/"):
        assert (
            answer.status_code,
            answer.headers["Retry-After"],
            answer.headers["Content-Language"],
        ) == (503, "30", "zh-hans")
        assert "系统暂时连不上" in text and "13800000001" in re.sub(r"\s", "", text)
    else:
        assert answer.status_code in (200, 302, 503)


def test_a_post_that_met_an_outage_says_that_it_may_not_be_saved(
    client, district_staff, monkeypatch
):
    client.force_login(district_staff)
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        _lose_the_database(broken)
        answer = client.post("/feedback/", {"text": "字太小"})

    assert answer.status_code == 503
    assert "如果刚才提交过内容，到时请看一看是否已经提交成功" in answer.content.decode()


def test_a_database_lost_while_the_session_is_written_is_an_outage_too(
    client, district_staff, monkeypatch
):
    client.force_login(district_staff)
    client.raise_request_exception = False
    session = client.session
    session["seen_at"] -= 120  # so that this request writes it
    session.save()

    def away(*_arguments, **_how):
        raise OperationalError("terminating connection")

    monkeypatch.setattr("django.contrib.sessions.models.Session.save", away)

    assert client.get("/manage/").status_code == 503


def test_even_without_templates_there_is_a_page(client, db, monkeypatch):
    with monkeypatch.context() as broken:
        _lose_the_database(broken)
        broken.setattr("academy.web.outages.render_to_string", lambda *_what: 1 / 0)
        answer = client.get("/courses/")

    assert (answer.status_code, "系统暂时连不上" in answer.content.decode()) == (503, True)


def test_a_fault_of_ours_is_still_a_500(settings, db, district_staff):
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = False
    visitor = Client(raise_request_exception=False)
    visitor.force_login(district_staff)

    assert visitor.get("/fails/").status_code == 500


def _behind(error, cause):
    error.__context__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OperationalError("server closed the connection unexpectedly"), True),
        (InterfaceError("connection already closed"), True),
        (OperationalError("database is locked"), True),
        (_behind(RuntimeError("while drawing"), OperationalError("terminating connection")), True),
        (OperationalError("no such table: courses_course"), False),
        (ProgrammingError("relation does not exist"), False),
        (RuntimeError("ours"), False),
        (None, False),
    ],
)
def test_what_counts_as_an_outage(error, outage):
    assert is_outage(error) is outage


# --- Ready? ---------------------------------------------------------------------------------------


AWAY = "not ready\ndatabase: ok\nredis: away"


@pytest.mark.parametrize(
    ("actor", "address", "text"),
    [
        (None, "127.0.0.1", AWAY),
        (None, "192.0.2.1", "not ready"),
        ("cadre", "192.0.2.1", "not ready"),
        ("branch_coordinator", "192.0.2.1", "not ready"),
        ("district_staff", "192.0.2.1", AWAY),
        ("administrator", "192.0.2.1", AWAY),
    ],
)
def test_which_part_is_away_is_told_to_this_machine_and_the_office(
    redis_away, client, db, request, actor, address, text
):
    if actor:
        person = request.getfixturevalue(actor)
        client.force_login(person if isinstance(person, get_user_model()) else person.user)

    answer = client.get("/readyz", REMOTE_ADDR=address)

    assert (answer.status_code, answer.content.decode()) == (503, text)


def test_ready(client, db):
    answers = [client.get("/readyz", REMOTE_ADDR=address) for address in ("192.0.2.1", "127.0.0.1")]

    assert [(answer.status_code, answer.content) for answer in answers] == [
        (200, b"ready"),
        (200, b"ready\ndatabase: ok\nredis: ok"),
    ]
