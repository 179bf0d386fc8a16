"""Logging in with a phone number: password, code, lock-out, and what a stranger can learn from
it.
"""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from academy.access import grants_of
from academy.accounts import lockout
from academy.accounts.backends import PhoneBackend
from academy.models import Role
from academy.text.phones import mobile_in
from notices.models import Notice
from tests.factories import NOW, RoleGrantFactory, UserFactory

LOGIN = "/accounts/login/"
CODE = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"
PASSWORD = "/accounts/password/"
RIGHT = "right-password-1"


@pytest.fixture(autouse=True)
def clock(settings):
    """A clock that moves only when told to, and passwords that are quick to check."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def person(db):
    return _with_password("13800000101")


@pytest.fixture
def officemate(db):
    return _with_password("13800000102")


def _with_password(phone):
    user = UserFactory(phone=phone)
    user.set_password(RIGHT)
    user.save()
    return user


def _log_in(client, phone, password=RIGHT, address="10.0.0.1", **data):
    return client.post(LOGIN, {"login": phone, "password": password, **data}, REMOTE_ADDR=address)


def _logged_in(client):
    return client.session.get("_auth_user_id")


def _sent_codes(caplog):
    """(masked phone, code) of each message on the console channel."""
    sent = [record.args for record in caplog.records if record.name == "academy.accounts.sms"]
    return [(f"{start}****{end}", re.search(r"\d{6}", text)[0]) for start, end, text in sent]


def _ask_for_code(client, caplog, phone, **extra):
    with caplog.at_level("INFO", logger="academy.accounts.sms"):
        return client.post(CODE, {"phone": phone}, **extra)


# --- Password -------------------------------------------------------------------------------------


def test_phone_and_password_log_in(client, person):
    response = _log_in(client, person.phone)

    assert (response.status_code, response.url) == (302, reverse("portal:after_login"))
    assert _logged_in(client) == str(person.pk)


@pytest.mark.parametrize(
    "typed",
    [
        "138 0000 0101",
        "138-0000-0101",
        "+86 138 0000 0101",
        "8613800000101",
        "0086-13800000101",
        "１３８０００００１０１",
        " 13800000101\u3000",
    ],
)
def test_any_usual_way_to_write_the_number(client, person, typed):
    _log_in(client, typed)

    assert _logged_in(client) == str(person.pk)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("86138000001", "86138000001"),
        ("+8613800000101", "13800000101"),
        ("", ""),
        ("(138) 0000–0101", "13800000101"),
    ],
)
def test_mobile_in(typed, digits):
    assert mobile_in(typed) == digits


@pytest.mark.parametrize("typed", ["1380000010", "23800000101", "138000001011", "abc", "<script>"])
def test_a_number_that_is_none_is_told_beside_the_field(client, db, typed):
    response = _log_in(client, typed)

    assert response.status_code == 200
    assert response.context["form"].errors["login"] == ["请填 11 位手机号。"]


def test_a_wrong_password_says_how_many_tries_are_left_and_the_way_on(client, person):
    response = _log_in(client, person.phone, "wrong")

    assert response.context["form"].non_field_errors() == [
        "手机号或密码不对，还可以试 4 次。也可以用验证码登录。"
    ]
    assert _logged_in(client) is None


def test_an_unknown_number_gets_the_same_answer_as_a_wrong_password(client, person):
    known = _log_in(client, person.phone, "wrong")
    unknown = _log_in(client, "13800009999", "wrong")

    assert unknown.context["form"].errors == known.context["form"].errors


def test_an_account_that_is_closed_says_so_to_whoever_has_the_password(client, person):
    person.is_active = False
    person.save()

    response = _log_in(client, person.phone)

    assert (response.status_code, _logged_in(client)) == (403, None)
    assert "这个账号已停用" in response.content.decode()


# --- Lock-out -------------------------------------------------------------------------------------


def _lock(client, phone, address="10.0.0.1"):
    for _try in range(5):
        response = _log_in(client, phone, "wrong", address)
    return response


LOCKED = [
    "密码错的次数太多，请过 15 分钟再试。现在可以用验证码登录，或打学院办公室电话 13800000001。"
]


def test_five_wrong_passwords_lock_even_the_right_one_for_a_quarter_of_an_hour(
    client, person, clock
):
    assert _lock(client, person.phone).context["form"].non_field_errors() == LOCKED
    assert _log_in(client, person.phone).context["form"].non_field_errors() == LOCKED
    assert _logged_in(client) is None

    clock.shift(timedelta(minutes=15, seconds=1))
    _log_in(client, person.phone)
    assert _logged_in(client) == str(person.pk)


def test_a_colleague_behind_the_same_address_is_not_locked(client, person, officemate):
    _lock(client, person.phone)

    _log_in(client, officemate.phone)

    assert _logged_in(client) == str(officemate.pk)


def test_the_owner_at_another_address_is_not_locked(client, person):
    _lock(client, person.phone, "10.0.0.1")

    _log_in(client, person.phone, address="192.168.7.7")

    assert _logged_in(client) == str(person.pk)


def _guess_from_everywhere(client, phone, clock, tries=32):
    """Wrong passwords from addresses that change; each waits as long as it is told to."""
    for number in range(tries):
        _log_in(client, phone, "wrong", f"10.1.{number}.1")
        clock.shift(timedelta(seconds=lockout.PASSWORD_OF_ACCOUNT.seconds_to_wait(phone)))


def test_guessing_from_many_addresses_slows_the_account_down_and_never_shuts_it(
    client, person, clock
):
    _guess_from_everywhere(client, person.phone, clock, tries=31)
    _log_in(client, person.phone, "wrong", "10.2.0.1")

    response = _log_in(client, person.phone, address="10.2.0.2")
    assert response.context["form"].non_field_errors() == [LOCKED[0].replace("15 分钟", "2 分钟")]

    clock.shift(timedelta(minutes=2))
    _log_in(client, person.phone, address="10.2.0.2")
    assert _logged_in(client) == str(person.pk)


def test_the_wait_of_an_account_grows_with_each_wrong_password(client, person, clock):
    waits = []
    for number in range(16):
        _log_in(client, person.phone, "wrong", f"10.1.{number}.1")
        waits.append(lockout.PASSWORD_OF_ACCOUNT.seconds_to_wait(person.phone))
        clock.shift(timedelta(seconds=waits[-1]))

    assert waits == [0] * 9 + [5, 10, 20, 40, 80, 120, 120]


def test_a_try_that_is_refused_makes_nobody_wait_longer(client, person, clock):
    _guess_from_everywhere(client, person.phone, clock, tries=12)
    _log_in(client, person.phone, "wrong", "10.2.0.1")
    for number in range(50):
        _log_in(client, person.phone, "wrong", f"10.3.{number}.1")

    assert lockout.PASSWORD_OF_ACCOUNT.seconds_to_wait(person.phone) == 40


def test_a_device_where_the_owner_logged_in_is_let_in_whatever_strangers_do(client, person, clock):
    _log_in(client, person.phone)
    client.post("/accounts/logout/")
    stranger = type(client)()
    _lock(stranger, person.phone)  # from the same address
    _guess_from_everywhere(stranger, person.phone, clock, tries=14)
    _log_in(stranger, person.phone, "wrong", "10.9.0.1")

    _log_in(client, person.phone)

    assert _logged_in(client) == str(person.pk)


def test_a_known_device_is_known_for_its_people_only_and_has_its_own_limit(
    client, person, officemate
):
    _log_in(client, person.phone)
    client.post("/accounts/logout/")
    device = client.cookies["device"].value

    for _try in range(lockout.PASSWORD_OF_ACCOUNT.tries // 2):
        _log_in(client, officemate.phone, "wrong")
    assert lockout.PASSWORD_OF_ACCOUNT.left(officemate.phone) == 5
    assert _lock(client, person.phone).context["form"].non_field_errors() == LOCKED
    assert lockout.PASSWORD_OF_ACCOUNT.left(person.phone) == 10

    # not signed by us
    client.cookies["device"] = device.replace(f":{person.pk}:", f":{officemate.pk}:")
    _log_in(client, officemate.phone, "wrong", "10.7.0.1")
    assert lockout.PASSWORD_OF_ACCOUNT.left(officemate.phone) == 4


def test_the_cookie_of_a_device_is_signed_lasts_and_is_out_of_reach_of_scripts(
    client, person, officemate, caplog
):
    _log_in(client, person.phone)
    client.post("/accounts/logout/")
    _ask_for_code(client, caplog, officemate.phone)
    client.post(CONFIRM, {"code": _sent_codes(caplog)[0][1]})

    cookie = client.cookies["device"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (
        180 * 24 * 3600,
        True,
        "Lax",
    )
    number, people = cookie.value.split(":")[:2]
    assert (len(number), people) == (16, f"{officemate.pk}.{person.pk}")


def test_the_owner_is_told_once_of_a_day_of_guessing_in_chinese(client, person, clock):
    client.cookies["django_language"] = "en"
    _lock(client, person.phone)
    _guess_from_everywhere(client, person.phone, clock)

    notice = Notice.objects.get()
    assert (notice.person, notice.title, notice.link) == (
        person,
        "有人多次输错您账号的登录密码",
        PASSWORD,
    )

    clock.shift(timedelta(days=1, seconds=1))
    _lock(client, person.phone)
    assert Notice.objects.count() == 2


def test_a_few_wrong_passwords_and_unknown_numbers_tell_nobody(client, person):
    for _try in range(4):
        _log_in(client, person.phone, "wrong")
    _lock(client, "13800009999")

    assert not Notice.objects.exists()


def test_right_passwords_do_not_count(client, person):
    for _try in range(8):
        _log_in(client, person.phone)
        client.logout()

    _log_in(client, person.phone)

    assert _logged_in(client) == str(person.pk)


def test_a_right_password_does_not_wipe_the_wrong_ones(client, person):
    for _try in range(4):
        _log_in(client, person.phone, "wrong")
    _log_in(client, person.phone)
    client.logout()

    assert _log_in(client, person.phone, "wrong").context["form"].non_field_errors() == LOCKED


def test_the_lock_leaves_the_way_by_code_open(client, person, caplog):
    _lock(client, person.phone)
    _ask_for_code(client, caplog, person.phone)

    client.post(CONFIRM, {"code": _sent_codes(caplog)[0][1]})

    assert _logged_in(client) == str(person.pk)


# --- Code -----------------------------------------------------------------------------------------


def test_a_code_logs_in(client, person, caplog):
    response = _ask_for_code(client, caplog, "138 0000 0101")
    assert (response.status_code, response.url) == (302, CONFIRM)
    [(phone, code)] = _sent_codes(caplog)
    assert phone == "138****0101"
    assert person.phone not in caplog.text

    response = client.post(CONFIRM, {"code": f"{code[:3]} {code[3:]}"})

    assert (response.status_code, response.url) == (302, reverse("portal:after_login"))
    assert _logged_in(client) == str(person.pk)


def test_a_code_for_an_unknown_number_answers_the_same_and_sends_nothing(client, person, caplog):
    known = _ask_for_code(client, caplog, person.phone)
    known_page = client.get(CONFIRM).content.decode()
    client.cookies.clear()
    sent = len(_sent_codes(caplog))

    unknown = _ask_for_code(client, caplog, "13800000199")
    unknown_page = client.get(CONFIRM).content.decode()

    assert (unknown.status_code, unknown.url) == (known.status_code, known.url)
    assert len(_sent_codes(caplog)) == sent == 1
    without_what_differs = re.compile(r'value="[^"]*"|138\*{4}\d{4}')
    assert without_what_differs.sub("", unknown_page) == without_what_differs.sub("", known_page)


def test_a_wrong_code_answers_the_same_for_an_unknown_number(client, person, caplog):
    answers = []
    for phone in (person.phone, "13800000199"):
        client.cookies.clear()
        _ask_for_code(client, caplog, phone)
        answers.append(client.post(CONFIRM, {"code": "wrong1"}).context["verify_form"].errors)

    assert answers[0] == answers[1] == {"code": ["验证码不对，还可以试 4 次。"]}


def test_asking_again_too_soon_says_when_and_answers_the_same_for_an_unknown_number(
    client, person, caplog
):
    for phone in (person.phone, "13800000199"):
        client.cookies.clear()
        _ask_for_code(client, caplog, phone)
        response = _ask_for_code(client, caplog, phone)
        assert response.context["form"].errors == {
            "phone": ["刚才要过验证码，短信可能还在路上；过 1 分钟可以再发。"]
        }


def test_another_code_can_be_had_after_a_minute_and_the_first_dies(client, person, caplog, clock):
    _ask_for_code(client, caplog, person.phone)
    clock.shift(timedelta(seconds=62))
    _ask_for_code(client, caplog, person.phone)
    first, second = (code for _phone, code in _sent_codes(caplog))

    client.post(CONFIRM, {"code": first})
    assert _logged_in(client) == (str(person.pk) if first == second else None)
    client.post(CONFIRM, {"code": second})
    assert _logged_in(client) == str(person.pk)


def test_a_number_gets_six_codes_an_hour(client, person, caplog, clock):
    for _try in range(8):
        _ask_for_code(client, caplog, person.phone)
        clock.shift(timedelta(seconds=62))

    assert len(_sent_codes(caplog)) == lockout.CODE_TO_PHONE.tries


def test_a_number_gets_twelve_codes_a_day(client, person, caplog, clock):
    for _try in range(16):
        response = _ask_for_code(client, caplog, person.phone)
        clock.shift(timedelta(minutes=11))

    assert len(_sent_codes(caplog)) == 12
    assert response.context["form"].errors["phone"] == [
        "验证码要得太多了，过 22 小时可以再发。现在可以用密码登录，或打学院办公室电话 13800000001。"
    ]


@pytest.mark.parametrize(
    ("limit", "seconds"),
    [("CODE_FROM_ADDRESS", lockout.HOUR), ("CODE_FROM_ADDRESS_A_DAY", lockout.DAY)],
)
def test_an_address_gets_so_many_codes(client, db, caplog, monkeypatch, limit, seconds):
    monkeypatch.setattr(lockout, limit, lockout.Limit(limit, tries=2, seconds=seconds))
    answers = [
        _ask_for_code(client, caplog, phone, REMOTE_ADDR=address).status_code
        for phone, address in [
            ("13800000111", "10.0.0.1"),
            ("13800000112", "10.0.0.1"),
            ("13800000113", "10.0.0.1"),
            ("13800000113", "10.0.0.2"),
        ]
        if not client.cookies.clear()
    ]

    assert answers == [302, 302, 200, 302]


def test_the_portal_sends_so_many_codes_a_day_and_then_refuses_known_and_unknown_numbers_alike(
    client, person, officemate, caplog, monkeypatch
):
    monkeypatch.setattr(
        lockout, "CODES_A_DAY", lockout.Limit("codes-a-day", tries=1, seconds=lockout.DAY)
    )
    _ask_for_code(client, caplog, "13800000198")  # nobody's number: no message
    client.cookies.clear()
    _ask_for_code(client, caplog, person.phone)
    client.cookies.clear()

    known, unknown = (
        _ask_for_code(client, caplog, phone).context["form"].errors
        for phone in (officemate.phone, "13800000199")
    )

    assert (
        known
        == unknown
        == {
            "phone": [
                "验证码要得太多了，过 24 小时可以再发。现在可以用密码登录，或打学院办公室电话"
                " 13800000001。"
            ]
        }
    )
    assert len(_sent_codes(caplog)) == 1


def test_the_fifth_wrong_code_ends_it(client, person, caplog):
    _ask_for_code(client, caplog, person.phone)
    code = _sent_codes(caplog)[0][1]
    for _try in range(4):
        client.post(CONFIRM, {"code": "wrong1"})
    response = client.post(CONFIRM, {"code": "wrong1"}, follow=True)
    assert "错的次数太多，请重新获取验证码。" in response.content.decode()

    client.post(CONFIRM, {"code": code})

    assert _logged_in(client) is None


def test_copies_of_the_session_share_the_tries_of_one_code(client, person, caplog):
    """Requests at the same time each read the session before the others count: the shared cache
    counts for all of them.
    """
    _ask_for_code(client, caplog, person.phone)
    code = _sent_codes(caplog)[0][1]
    frozen = dict(client.session.items())
    for _try in range(5):
        client.post(CONFIRM, {"code": "wrong1"})
        session = client.session
        session.update(frozen)
        session.save()

    client.post(CONFIRM, {"code": code})

    assert _logged_in(client) is None


def test_a_code_dies_after_ten_minutes(client, person, caplog, clock):
    _ask_for_code(client, caplog, person.phone)
    clock.shift(timedelta(minutes=10, seconds=1))

    client.post(CONFIRM, {"code": _sent_codes(caplog)[0][1]})

    assert _logged_in(client) is None


def test_a_closed_account_gets_no_code(client, person, caplog):
    person.is_active = False
    person.save()

    assert _ask_for_code(client, caplog, person.phone).url == CONFIRM
    assert _sent_codes(caplog) == []


def test_sample_people_are_never_sent_to_the_gateway(client, person, caplog, settings):
    settings.SMS_CHANNEL = "tests.academy.test_accounts.Gateway"
    person.is_sample = True
    person.save()

    _ask_for_code(client, caplog, person.phone)

    assert len(_sent_codes(caplog)) == 1


class Gateway:
    waits = False

    def send(self, *, phone, text):
        raise AssertionError("a sample number left the house")


def test_whoever_waits_for_a_code_may_go_back_to_the_password(client, person, caplog):
    _ask_for_code(client, caplog, person.phone)

    assert client.get(LOGIN).status_code == 200


def test_the_confirm_page_without_a_code_leads_to_asking_for_one(client, db):
    assert client.get(CONFIRM).url == CODE


# --- Where to afterwards --------------------------------------------------------------------------


def test_next_leads_back_to_the_page(client, person):
    assert _log_in(client, person.phone, next="/courses/?q=jzdt").url == "/courses/?q=jzdt"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
    ],
)
def test_next_never_leaves_the_house(client, person, caplog, elsewhere):
    home = reverse("portal:after_login")
    assert _log_in(client, person.phone, next=elsewhere).url == home

    client.logout()
    with caplog.at_level("INFO", logger="academy.accounts.sms"):
        client.post(CODE, {"phone": person.phone, "next": elsewhere})
    assert client.post(CONFIRM, {"code": _sent_codes(caplog)[0][1], "next": elsewhere}).url == home


def test_next_survives_the_way_by_code(client, person, caplog):
    with caplog.at_level("INFO", logger="academy.accounts.sms"):
        response = client.post(CODE, {"phone": person.phone, "next": "/courses/"})
    assert response.url == f"{CONFIRM}?next=%2Fcourses%2F"

    assert (
        client.post(CONFIRM, {"code": _sent_codes(caplog)[0][1], "next": "/courses/"}).url
        == "/courses/"
    )


# --- What is closed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "phone/change/",
        "password/set/",
        "password/reset/",
        "confirm-email/",
        "reauthenticate/",
        "inactive/",
        "",
    ],
)
def test_allauths_other_pages_do_not_exist(client, db, path):
    assert client.get(f"/accounts/{path}").status_code == 404


def test_the_vocabulary_pages_use_the_same_log_in(client, person):
    response = client.get("/admin/login/?next=/admin/")
    assert (response.status_code, response.url) == (302, f"{LOGIN}?next=%2Fadmin%2F")

    client.post("/admin/login/", {"username": person.phone, "password": RIGHT})
    assert _logged_in(client) is None


@pytest.mark.parametrize("field", ["login", "password"])
@pytest.mark.parametrize(
    "text", ["\x00", "a\x00b", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")]
)
def test_odd_bytes_never_break_the_log_in(client, db, field, text):
    data = {"login": "13800000101", "password": "x"} | {field: text}

    assert client.post(LOGIN, data).status_code in (200, 400)


# --- Password page --------------------------------------------------------------------------------


def test_the_password_is_changed_with_the_old_one_and_other_devices_end(
    client, person, django_user_model
):
    _log_in(client, person.phone)
    other = type(client)()
    other.force_login(person)

    response = client.post(
        PASSWORD,
        {"old_password": RIGHT, "new_password1": "willow-tree-7", "new_password2": "willow-tree-7"},
    )

    assert (response.status_code, response.url) == (302, reverse("portal:after_login"))
    assert client.get(PASSWORD).status_code == 200
    assert other.get(PASSWORD).status_code == 302
    person.refresh_from_db()
    assert person.check_password("willow-tree-7")


def test_the_old_password_is_asked_for_and_guessing_it_locks(client, person):
    _log_in(client, person.phone)
    for _try in range(5):
        response = client.post(
            PASSWORD,
            {
                "old_password": "x",
                "new_password1": "willow-tree-7",
                "new_password2": "willow-tree-7",
            },
        )
        assert response.context["form"].errors["old_password"] == ["这不是现在的密码。"]

    response = client.post(
        PASSWORD,
        {"old_password": RIGHT, "new_password1": "willow-tree-7", "new_password2": "willow-tree-7"},
    )

    assert response.context["form"].errors["old_password"] == LOCKED


@pytest.mark.parametrize("weak", ["12345678", "abc", "13800000101", "password"])
def test_weak_passwords_are_refused_in_chinese(client, person, weak):
    _log_in(client, person.phone)

    response = client.post(
        PASSWORD, {"old_password": RIGHT, "new_password1": weak, "new_password2": weak}
    )

    errors = response.context["form"].errors["new_password2"]
    assert errors
    assert not any(re.search(r"[A-Za-z]{3}", error) for error in errors)


def test_a_forgotten_password_is_replaced_by_way_of_a_code(client, person, caplog):
    with caplog.at_level("INFO", logger="academy.accounts.sms"):
        response = client.post("/accounts/password/forgotten/", {"phone": person.phone})
    assert response.url == f"{CONFIRM}?next=%2Faccounts%2Fpassword%2F"
    assert (
        client.post(CONFIRM, {"code": _sent_codes(caplog)[0][1], "next": PASSWORD}).url == PASSWORD
    )
    assert "old_password" not in client.get(PASSWORD).context["form"].fields

    client.post(PASSWORD, {"new_password1": "willow-tree-7", "new_password2": "willow-tree-7"})

    person.refresh_from_db()
    assert person.check_password("willow-tree-7")


def test_ten_minutes_after_the_code_the_old_password_is_asked_for_again(
    client, person, caplog, clock
):
    _ask_for_code(client, caplog, person.phone)
    client.post(CONFIRM, {"code": _sent_codes(caplog)[0][1]})
    clock.shift(timedelta(minutes=10, seconds=1))

    assert "old_password" in client.get(PASSWORD).context["form"].fields


def test_logging_out_takes_a_post(client, person):
    client.force_login(person)

    assert client.get("/accounts/logout/").status_code == 200
    assert _logged_in(client) == str(person.pk)
    assert client.post("/accounts/logout/").url == reverse("portal:home")
    assert _logged_in(client) is None


def test_a_closed_account_is_out_at_the_next_request(client, person):
    client.force_login(person)
    person.is_active = False
    person.save()

    assert client.get(PASSWORD).status_code == 302


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [LOGIN, CODE, "/accounts/password/forgotten/", PASSWORD, "/accounts/logout/"]
)
def test_no_english_is_left_on_the_account_pages(client, person, path):
    if path in (PASSWORD, "/accounts/logout/"):
        client.force_login(person)

    page = client.get(path).content.decode()

    text = re.sub(r"<(style|script|title)[^>]*>.*?</\1>|<[^>]+>", " ", page, flags=re.S)
    assert set(re.findall(r"[A-Za-z]{2,}", text)) <= {"English"}


def test_whoever_is_logged_in_comes_with_the_grants_of_today(db, django_assert_num_queries):
    user, today = UserFactory(), timezone.localdate()
    grants = [
        RoleGrantFactory(
            user=user,
            role=Role.DISTRICT_STAFF,
            valid_from=today + timedelta(days=begins),
            valid_to=None if ends is None else today + timedelta(days=ends),
        )
        for begins, ends in [(-9, -1), (-9, 0), (0, None), (1, None)]
    ]
    RoleGrantFactory(user=UserFactory(), role=Role.AUDITOR)

    with django_assert_num_queries(1):
        found = PhoneBackend().get_user(user.pk)
        assert found == user and grants_of(found) == grants[1:3]
    assert grants_of(user) == grants[1:3]
    assert grants_of(PhoneBackend().get_user(UserFactory().pk)) == []
