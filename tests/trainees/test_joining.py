"""Joining with a light account: two steps, one code, and what a stranger can learn from it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from academy.accounts import lockout
from academy.models import LearnerGroup, RoleGrant, User
from trainees.models import EnrolmentStatus, LightAccount, Trainee
from trainees.people.light_accounts import PhoneKnown, join

from ..factories import (
    NOW,
    LearnerGroupFactory,
    TownFactory,
    TraineeFactory,
    VillageFactory,
    ask,
    class_with,
)
from ..page_text import squeezed

JOIN, CODE = "/join/", "/join/code/"
PHONE = "13800000155"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def group(db):
    return LearnerGroupFactory(name="示例志愿者")


@pytest.fixture
def typed(village, group):
    return {"name": "示例乙", "phone": PHONE, "village": village.code, "group": group.pk}


def codes(caplog) -> list[str]:
    return [
        re.search(r"\d{6}", record.args[2])[0]
        for record in caplog.records
        if record.name == "academy.accounts.sms"
    ]


def first_step(client, caplog, typed, **more):
    with caplog.at_level("INFO", logger="academy.accounts.sms"):
        return client.post(JOIN, {**typed, **more})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def who(client) -> str | None:
    return client.session.get("_auth_user_id")


# --- The way in -----------------------------------------------------------------------------------


def test_the_account_exists_only_after_the_code_is_right(client, caplog, typed, village, group):
    answer = first_step(client, caplog, typed)

    assert (answer.status_code, answer.url, User.objects.filter(phone=PHONE).exists()) == (
        302,
        CODE,
        False,
    )

    answer = client.post(CODE, {"code": codes(caplog)[0]})

    user = User.objects.get(phone=PHONE)
    assert (answer.status_code, answer.url, who(client)) == (
        302,
        reverse("portal:after_login"),
        str(user.pk),
    )
    assert (
        user.name,
        user.has_usable_password(),
        user.is_staff,
        RoleGrant.objects.filter(user=user).exists(),
    ) == ("示例乙", False, False, False)
    trainee = user.trainee
    assert (trainee.village, trainee.position, trainee.learner_group, trainee.post) == (
        village,
        None,
        group,
        "示例志愿者",
    )
    assert list(LightAccount.objects.values_list("trainee", "group", "joined_at", "ended_at")) == [
        (trainee.pk, group.pk, NOW, None)
    ]


def test_join_and_book_in_two_taps(client, caplog, typed, group):
    """From the page of an open class to the code, back to the class, and booked."""
    training_class = class_with(seats=5)
    ask(training_class, open_to_groups=[group])
    address = training_class.get_absolute_url()
    assert f"{JOIN}?next={address}" in client.get(address).content.decode()

    first_step(client, caplog, typed, next=address)
    back = client.post(CODE, {"code": codes(caplog)[0]})
    assert back.url == address
    client.post(f"{address}book/")

    enrolment = Trainee.objects.get(user__phone=PHONE).enrolments.get()
    assert (enrolment.status, enrolment.learner_group, enrolment.position) == (
        EnrolmentStatus.BOOKED,
        group,
        None,
    )


def test_a_class_for_cadres_invites_no_visitor_to_join(client, db):
    assert JOIN not in client.get(class_with(seats=5).get_absolute_url()).content.decode()


def test_spaces_and_full_width_digits_of_the_code_do_not_matter(client, caplog, typed):
    first_step(client, caplog, typed)
    code = codes(caplog)[0]

    client.post(
        CODE,
        {"code": f" {code[:3]} {code[3:].translate(FULL_WIDTH)}"},
    )

    assert User.objects.filter(phone=PHONE).exists()


def test_who_is_logged_in_has_nothing_to_join(client, cadre):
    client.force_login(cadre.user)

    assert [client.get(JOIN).url, client.get(CODE).url] == [reverse("portal:me")] * 2


def test_the_way_back_leads_nowhere_else(client, caplog, typed):
    first_step(client, caplog, typed, next="https://elsewhere.example/")

    assert client.post(CODE, {"code": codes(caplog)[0]}).url == reverse("portal:after_login")


# --- Wrong input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "请填写姓名。"),
        ("name", "甲", "请填写完整的姓名。"),
        ("name", "张三<b>", "姓名只写文字，不要数字和符号。"),
        (
            "name",
            "李\ue863",
            (
                "姓名里有字没有显示出来，成了“？”、方框或乱码。请重新打一遍这个字；打不出来的，"
                "请打电话给学院办公室。"
            ),
        ),
        ("name", "张" * 41, None),
        ("phone", "12345", "请填 11 位手机号。"),
        ("phone", "", "请填写手机号。"),
        ("village", "", "请选择您所在的居村。"),
        ("village", "nowhere", "请从列表里选择居村；您选的居村现在不用了。"),
        ("group", "", "请选择最符合的一项。"),
        ("group", "9" * 30, "请选择最符合的一项。"),
        ("group", "x", "请选择最符合的一项。"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(client, caplog, typed, field, value, sentence):
    answer = first_step(client, caplog, typed, **{field: value})

    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors), codes(caplog)) == (200, [field], [])
    assert sentence is None or errors[field] == [sentence]


def test_each_complaint_leads_to_its_field_also_to_a_row_of_buttons(client, group):
    page = squeezed(client.post(reverse("trainees:join"), {}))

    anchors = re.findall(r'<li> ?<a href="#([^"]+)">', page)
    assert len(anchors) == 4 and all(f'id="{anchor}"' in page for anchor in anchors)


def test_a_group_out_of_use_and_an_ended_village_are_not_offered(
    client, caplog, typed, village, group
):
    LearnerGroup.objects.filter(pk=group.pk).update(active=False)
    village.valid_to = NOW.date() - timedelta(days=1)
    village.save()

    answer = first_step(client, caplog, typed)

    assert sorted(answer.context["form"].errors) == ["group", "village"]


@pytest.mark.parametrize("what", ["village", "group"])
def test_what_vanishes_between_the_steps_is_chosen_again(
    client, caplog, typed, village, group, what
):
    first_step(client, caplog, typed)
    if what == "village":
        village.valid_to = NOW.date() - timedelta(days=1)
        village.save()
    else:
        LearnerGroup.objects.filter(pk=group.pk).update(active=False)

    answer = client.post(CODE, {"code": codes(caplog)[0]}, follow=True)

    assert (answer.request["PATH_INFO"], User.objects.filter(phone=PHONE).exists()) == (JOIN, False)
    assert "您选的居村或群体现在不用了，请重新选择。" in answer.content.decode()
    assert answer.context["form"].initial["name"] == "示例乙"


def test_a_third_try_that_is_right_makes_the_account(client, caplog, typed):
    first_step(client, caplog, typed)
    code = codes(caplog)[0]

    said = [
        client.post(CODE, {"code": wrong(code)}).context["form"].errors["code"] for _try in range(2)
    ]
    client.post(CODE, {"code": code})

    assert said == [["验证码不对，还可以试 4 次。"], ["验证码不对，还可以试 3 次。"]]
    assert User.objects.filter(phone=PHONE).exists()


def test_after_five_wrong_tries_the_right_code_counts_no_more(client, caplog, typed):
    first_step(client, caplog, typed)
    code = codes(caplog)[0]
    for _try in range(lockout.CODE_TYPED.tries):
        client.post(CODE, {"code": wrong(code)})

    answer = client.post(CODE, {"code": code})

    assert answer.context["form"].errors["code"] == ["错的次数太多，请重新获取验证码。"]
    assert not User.objects.filter(phone=PHONE).exists()


def test_a_code_is_over_after_ten_minutes_and_another_one_works(client, caplog, typed, clock):
    first_step(client, caplog, typed)
    clock.shift(timedelta(minutes=10))
    late = client.post(CODE, {"code": codes(caplog)[0]})
    assert late.context["form"].errors["code"] == ["验证码已超过 10 分钟，请重新获取。"]

    with caplog.at_level("INFO", logger="academy.accounts.sms"):
        client.post(CODE, {"again": "1"})
    client.post(CODE, {"code": codes(caplog)[1]})

    assert User.objects.filter(phone=PHONE).exists()


def test_what_was_typed_is_forgotten_after_an_hour(client, caplog, typed, clock):
    first_step(client, caplog, typed)
    clock.shift(timedelta(hours=1))

    answer = client.get(CODE)

    assert (answer.status_code, answer.url, "joining" in client.session) == (302, JOIN, False)


def test_the_code_page_without_the_first_step_leads_to_it(client, db):
    assert client.post(CODE, {"code": "123456"}).url == JOIN


@pytest.mark.parametrize("code", ["", "abc", "1" * 50, "１２３"])
def test_a_code_that_is_none_is_told_beside_the_field(client, caplog, typed, code):
    first_step(client, caplog, typed)

    answer = client.post(CODE, {"code": code})

    assert (answer.status_code, list(answer.context["form"].errors), who(client)) == (
        200,
        ["code"],
        None,
    )


# --- Limits, and what a stranger learns -----------------------------------------------------------


def test_a_second_code_within_a_minute_is_refused_also_from_the_page_of_logging_in(
    client, caplog, typed
):
    first_step(client, caplog, typed)

    again = first_step(client, caplog, typed)
    by_login = client.post("/accounts/login/code/", {"phone": PHONE})

    assert list(again.context["form"].errors) == list(by_login.context["form"].errors) == ["phone"]
    assert len(codes(caplog)) == 1


def test_a_known_phone_gets_the_same_answer_and_nobody_can_probe(client, caplog, typed, outsider):
    def seen(phone):
        session = type(client)()
        answer = first_step(session, caplog, typed, phone=phone)
        page = session.get(CODE).content.decode()
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page).replace(
            f"{phone[:3]}****{phone[7:]}", "PHONE"
        )
        wrong_code = session.post(CODE, {"code": "000000"}).context["form"].errors["code"]
        return answer.status_code, answer.url, page, wrong_code

    assert seen(outsider.user.phone) == seen("13800000156")
    assert len(codes(caplog)) == 2


def test_a_phone_of_a_cadre_is_logged_in_and_keeps_its_post(client, caplog, typed, outsider):
    before = (outsider.user.name, outsider.village_id, outsider.position_id)
    first_step(client, caplog, typed, phone=outsider.user.phone)

    client.post(CODE, {"code": codes(caplog)[0]})

    outsider.refresh_from_db()
    assert who(client) == str(outsider.user_id)
    assert (
        outsider.user.name,
        outsider.village_id,
        outsider.position_id,
        outsider.learner_group_id,
    ) == (*before, None)
    assert not LightAccount.objects.exists()


def test_whoever_is_known_is_logged_in_even_when_what_they_typed_is_no_longer_in_use(
    client, caplog, typed, outsider, village
):
    first_step(client, caplog, typed, phone=outsider.user.phone)
    village.valid_to = NOW.date() - timedelta(days=1)
    village.save()

    client.post(CODE, {"code": codes(caplog)[0]})

    assert who(client) == str(outsider.user_id)


def test_somebody_who_may_not_log_in_any_more_gets_no_code(client, caplog, typed):
    former = TraineeFactory(user__is_active=False)

    answer = first_step(client, caplog, typed, phone=former.user.phone)

    assert (answer.url, codes(caplog)) == (CODE, [])


def test_two_browsers_with_one_phone_make_one_account(db, group):
    place = VillageFactory()
    join(phone=PHONE, name="示例乙", village=place, group=group, now=NOW)

    with pytest.raises(PhoneKnown):
        join(phone=PHONE, name="示例丙", village=place, group=group, now=NOW)

    assert list(User.objects.filter(phone=PHONE).values_list("name", flat=True)) == ["示例乙"]


def test_the_villages_cost_one_query_however_many(
    client, village, group, django_assert_max_num_queries
):
    client.get(JOIN)
    for count in (1, 20):
        VillageFactory.create_batch(count, town=village.town)
        with django_assert_max_num_queries(4):
            assert client.get(JOIN).status_code == 200


# --- Finding the village, where one is, what there is ---------------------------------------------


def test_a_village_is_found_by_its_pinyin_its_initials_and_its_town(client, db):
    town = TownFactory(name="大场镇")
    VillageFactory(name="葑村居委会", town=town, code="DC-07")
    VillageFactory(name="东村村民委员会", town=town, code="DC-08")
    page = client.get(reverse("trainees:join")).content.decode()

    keys = {
        code: set(re.search(rf'value="{code}"[^>]*data-keys="([^"]*)"', page)[1].split())
        for code in ("DC-07", "DC-08")
    }

    assert {"fengcun", "fc", "dachangzhen", "dcz"} <= keys["DC-07"]
    assert {"dongcun", "dc"} <= keys["DC-08"]
    # how all of them end would weigh as much as the names
    assert not any("weihui" in key for found in keys.values() for key in found)
    assert 'data-pick=""' in page  # nothing is asked of the server


def test_the_steps_show_where_one_is_and_the_code_page_names_the_number(client, caplog, typed):
    first = client.get(reverse("trainees:join")).content.decode()
    assert 'aria-current="step"><b>1/3</b>' in first

    first_step(client, caplog, typed)
    second = client.get(reverse("trainees:join_code")).content.decode()

    assert 'aria-current="step"><b>2/3</b>' in second
    assert typed["phone"] not in second
    assert f"{typed['phone'][:3]}****{typed['phone'][-4:]}" in second
    assert f"{reverse('trainees:join')}#id_phone" in second
    # the number is changed without typing the rest again
    assert client.get(reverse("trainees:join")).context["form"]["name"].value() == typed["name"]


def test_the_classes_of_each_group_are_shown_before_joining(
    client, group, clock, django_assert_max_num_queries
):
    now = timezone.now()
    times = {
        "booking_opens_at": now - timedelta(days=1),
        "booking_closes_at": now + timedelta(days=5),
    }
    shown = [
        class_with(seats=5, starts_at=now + timedelta(days=9 + number), **times)
        for number in range(4)
    ]
    over = class_with(
        seats=5,
        starts_at=now + timedelta(days=9),
        booking_opens_at=now - timedelta(days=9),
        booking_closes_at=now - timedelta(days=1),
    )
    for training_class in (*shown, over):
        ask(training_class, open_to_groups=[group])
    for_cadres = class_with(seats=5, starts_at=now + timedelta(days=9), **times)
    other = LearnerGroupFactory()

    with django_assert_max_num_queries(12):
        groups = client.get(reverse("trainees:join")).context["groups"]

    found = {item.group: (item.count, item.classes) for item in groups}
    assert (found.pop(group), found.pop(other)) == ((4, shown[:3]), (0, []))
    assert {count for count, _classes in found.values()} <= {0}  # the usual groups
    assert for_cadres not in [one for item in groups for one in item.classes]
