from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from practicums.models import (
    Evidence,
    EvidenceDraft,
    ItemKind,
    ItemStatus,
    Secondment,
    SecondmentStatus,
    SevenItem,
)
from practicums.seven_items.appraisal import write_appraisal
from practicums.seven_items.steps import send_back
from tests.factories import NOW, UserFactory

from .factories import (
    DOCX,
    PDF,
    PNG,
    SecondmentFactory,
    handed_in,
    item_of,
    signed,
    upload,
    with_evidence,
)

pytestmark = pytest.mark.django_db

MINE = reverse("practicums:my_secondment")
CASE = ItemKind.WORK_CASE


@pytest.fixture
def secondment(cadre, department):
    """Around today, because the pages ask the clock."""
    today = timezone.localdate()
    return SecondmentFactory(
        trainee=cadre,
        host_department=department,
        starts_on=today - timedelta(days=60),
        ends_on=today + timedelta(days=60),
    )


@pytest.fixture
def page(client, secondee):
    client.force_login(secondee)
    return client


def address(secondment, kind=CASE) -> str:
    return reverse("practicums:my_item", args=[secondment.code, kind])


def post(page, secondment, kind=CASE, **data):
    """Save the draft, or look it over."""
    return page.post(address(secondment, kind), data, follow=True)


def check_page(secondment, kind=CASE) -> str:
    return reverse("practicums:hand_in", args=[secondment.code, kind])


def hand_in(page, secondment, kind=CASE, **data):
    """Write, look it over, hand in: what a person does."""
    check = page.post(address(secondment, kind), {**data, "check": "1"}, follow=True)
    if check.context is None or "answers" not in check.context:
        return check
    revision = check.context["form"]["revision"].value()
    return page.post(
        check_page(secondment, kind), {"revision": revision, "declared_open": "on"}, follow=True
    )


def test_without_a_secondment_the_page_says_so(client):
    client.force_login(UserFactory())

    assert "您现在没有挂职" in client.get(MINE).content.decode()


def test_the_seven_with_what_is_next(page, secondment, mentor):
    item = handed_in(secondment, CASE)
    send_back(item=item, comment="请补上日期\n再看一遍", by=mentor, now=NOW)

    response = page.get(MINE)

    text = response.content.decode()
    assert [view.item.kind for view in response.context["views"]] == ItemKind.values
    assert response.context["next"] == item  # what came back goes first
    assert "请补上日期<br>再看一遍" in text and mentor.name in text and "修改后再交" in text


def test_what_is_past_its_day_says_so(page, secondment):
    late = timezone.localdate() - timedelta(days=3)
    secondment.items.filter(kind=CASE).update(due_on=late)

    assert "过了日子" in page.get(MINE).content.decode()


def test_the_running_one_is_shown_and_earlier_ones_are_linked(page, secondment):
    earlier = SecondmentFactory(
        trainee=secondment.trainee,
        status=SecondmentStatus.CLOSED,
        ended_at=NOW,
        starts_on=NOW.date() - timedelta(days=400),
        ends_on=NOW.date() - timedelta(days=300),
    )

    assert page.get(MINE).context["secondment"] == secondment
    assert page.get(MINE, {"code": earlier.code}).context["secondment"] == earlier
    assert page.get(MINE, {"code": "nothing"}).context["secondment"] == secondment


def test_another_persons_code_shows_nothing_of_them(page, secondment, foreign):
    response = page.get(MINE, {"code": foreign.code})

    assert response.context["secondment"] == secondment
    assert page.get(address(foreign)).status_code == 404


def test_a_text_is_looked_over_and_handed_in(page, secondment):
    check = post(page, secondment, text="一部电梯的三本账", check="1")
    assert check.redirect_chain == [(check_page(secondment), 302)]
    assert "一部电梯的三本账" in check.content.decode()
    assert not Evidence.objects.exists()

    response = hand_in(page, secondment, text="一部电梯的三本账")

    assert response.redirect_chain == [(address(secondment), 302)]
    assert f"已交给{secondment.mentor.name}" in response.content.decode()
    assert Evidence.objects.get().text == "一部电梯的三本账"
    assert item_of(secondment, CASE).status == ItemStatus.HANDED_IN


def test_a_file_is_kept_with_the_draft(page, secondment):
    response = post(page, secondment, files=upload(DOCX, "案例.docx"))

    assert response.redirect_chain == [(address(secondment), 302)]
    assert "存了草稿" in response.content.decode() and "案例.docx" in response.content.decode()
    assert item_of(secondment, CASE).status == ItemStatus.IN_PROGRESS
    assert not Evidence.objects.exists()


def test_what_was_kept_before_is_handed_in_with_the_draft(page, secondment):
    with_evidence(secondment, CASE, "以前存的话")
    assert "以前存的内容会和草稿一起交" in page.get(address(secondment)).content.decode()

    response = hand_in(page, secondment, result="又有了新变化")

    assert response.status_code == 200
    assert [piece.round for piece in Evidence.objects.all()] == [1, 1]
    assert item_of(secondment, CASE).status == ItemStatus.HANDED_IN


def test_handing_in_nothing_says_what_to_do(page, secondment):
    response = page.get(check_page(secondment), follow=True)

    assert "还没有新内容" in response.content.decode()
    assert response.redirect_chain == [(address(secondment), 302)]


def test_the_declaration_is_asked_once_at_the_last_step(page, secondment):
    check = post(page, secondment, text="案例", check="1")

    refused = page.post(check_page(secondment), {"revision": 2})

    assert check.status_code == refused.status_code == 200
    assert "不涉密" in refused.context["form"].errors["declared_open"][0]
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({}, "text", "写几句，或传一个文件"),
        ({"text": "  "}, "text", "写几句，或传一个文件"),
        ({"title": "示例案例"}, "text", "还没有新内容"),
        ({"text": "字" * 20_001}, "text", "最多 20000 字"),
        ({"title": "字" * 121}, "title", "最多 120 字"),
        ({"files": "svg"}, "files", "不支持这种文件格式"),
        ({"files": "empty"}, "files", "文件是空的"),
        ({"files": "large"}, "files", "文件超过"),
    ],
)
def test_wrong_input_is_said_beside_its_field_and_nothing_is_handed_in(
    page, secondment, settings, data, field, words
):
    files = {
        "svg": upload(b"<svg onload=alert(1)>", "a.png"),
        "empty": upload(b"", "a.png"),
        "large": upload(PNG + b"x" * 2_000_000, "a.png"),
    }
    settings.UPLOAD_MAX_BYTES = 1_048_576
    if "files" in data:
        data = {**data, "files": files[data["files"]]}

    response = post(page, secondment, **data, check="1")

    assert response.status_code == 200
    assert words in response.context["form"].errors[field][0]
    assert not Evidence.objects.exists()


def test_what_was_typed_stays_when_the_file_is_wrong(page, secondment):
    response = post(page, secondment, text="写了很久的案例", files=upload(b"MZ"))

    assert "写了很久的案例" in response.content.decode()
    assert EvidenceDraft.objects.get().answers == {"text": "写了很久的案例"}


def test_a_full_disk_is_said_and_what_was_typed_is_kept(page, secondment, settings, tmp_path):
    (tmp_path / "file").write_text("no folder can be made below a file")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"

    response = post(page, secondment, text="写了很久的案例", files=upload(PDF, "a.pdf"), check="1")

    assert response.status_code == 200 and "写了很久的案例" in response.content.decode()
    assert "存储空间满了" in response.context["form"].errors["files"][0]
    assert EvidenceDraft.objects.get().answers == {"text": "写了很久的案例"}
    assert not Evidence.objects.exists()


def test_a_second_click_is_told_kindly(page, secondment):
    check = post(page, secondment, text="案例", check="1")
    data = {"revision": check.context["form"]["revision"].value(), "declared_open": "on"}
    for _click in range(2):
        response = page.post(check_page(secondment), data, follow=True)

    assert response.status_code == 200 and "已交给" in response.content.decode()
    assert (Evidence.objects.count(), item_of(secondment, CASE).round) == (1, 1)


def test_the_form_begins_with_what_is_known(page, secondment, mentor):
    def start(kind):
        form = page.get(address(secondment, kind)).context["form"]
        return {name: text for name, text in form.instance.answers.items() if text}

    assert start(ItemKind.TASK_LIST) == start(ItemKind.MENTOR_PAIRING) == {}
    assert start(ItemKind.PRACTICAL_PROJECT) == {"title": "示例项目"}
    assert start(CASE) == {"title": "示例案例"}
    with_evidence(secondment, ItemKind.TASK_LIST, "1. 走访")
    assert start(ItemKind.PRACTICE_REPORT) == {"done": "1. 走访"}
    hand_in(page, secondment, problem="车没处停", text="第一稿")
    send_back(item=item_of(secondment, CASE), comment="改", by=mentor, now=NOW)
    assert start(CASE) == {"problem": "车没处停", "text": "第一稿"}
    assert EvidenceDraft.objects.count() == 0


@pytest.mark.parametrize(
    "held_on", ["", "2999-01-01", "9999-12-31", "0001-01-01", "2027-02-30", "abc"]
)
def test_a_get_together_wants_a_real_day(page, secondment, held_on):
    response = post(
        page, secondment, ItemKind.GET_TOGETHER, text="见面", held_on=held_on, check="1"
    )

    assert response.context["form"].errors["held_on"] and not Evidence.objects.exists()


def test_get_togethers_are_recorded_after_signing_too(page, secondment):
    signed(secondment, ItemKind.GET_TOGETHER, timezone.now())
    today = timezone.localdate()
    response = hand_in(
        page, secondment, ItemKind.GET_TOGETHER, text="又见面了", held_on=today.isoformat()
    )

    assert response.status_code == 200 and Evidence.objects.filter(text="又见面了").exists()


def test_the_appraisal_is_read_after_it_is_issued_and_has_no_form(page, secondment, official):
    write_appraisal(secondment=secondment, text="草稿只有部门看", by=official, now=NOW)
    draft = page.get(address(secondment, ItemKind.APPRAISAL))
    assert "草稿只有部门看" not in draft.content.decode() and draft.context["form"] is None

    write_appraisal(secondment=secondment, text="表现良好", by=official, now=NOW, issue=True)

    issued = page.get(address(secondment, ItemKind.APPRAISAL)).content.decode()
    assert "表现良好" in issued and "草稿只有部门看" not in issued and "<textarea" not in issued


def test_the_secondee_cannot_post_an_appraisal(page, secondment):
    # also without a form that would be valid
    for data in ({"text": "很好", "check": "1"}, {}):
        response = page.post(address(secondment, ItemKind.APPRAISAL), data)
        assert response.status_code == 403 and "鉴定只由接收部门写" in response.content.decode()

    response = page.post(check_page(secondment, ItemKind.APPRAISAL))

    assert response.status_code == 403 and "鉴定只由接收部门写" in response.content.decode()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("kind", ["song", "WORK_CASE", "²", "a" * 500])
def test_unknown_items_are_not_found(page, secondment, kind):
    assert page.get(f"/me/secondment/{secondment.code}/{kind}/").status_code == 404


def test_a_text_with_markup_is_shown_as_text(page, secondment):
    post(page, secondment, text="<script>alert(1)</script>")

    assert "<script>alert" not in page.get(address(secondment)).content.decode()


def test_a_get_changes_nothing(page, secondment):
    before = list(SevenItem.objects.order_by("pk").values())
    for path in (MINE, address(secondment), address(secondment, ItemKind.APPRAISAL)):
        assert page.get(path).status_code == 200
    assert page.get(check_page(secondment), follow=True).status_code == 200
    assert not EvidenceDraft.objects.exists()

    assert (list(SevenItem.objects.order_by("pk").values()), Secondment.objects.get().status) == (
        before,
        "running",
    )


def test_the_number_of_queries(page, secondment, django_assert_max_num_queries):
    for kind in ItemKind.values:
        signed(secondment, kind) if kind != ItemKind.GET_TOGETHER else None
    with django_assert_max_num_queries(8):
        page.get(MINE)
    hand_in(
        page,
        secondment,
        ItemKind.GET_TOGETHER,
        text="见面",
        held_on=timezone.localdate().isoformat(),
        files=[upload(PDF, "a.pdf"), upload(PNG, "b.png")],
    )
    post(page, secondment, ItemKind.GET_TOGETHER, files=[upload(PDF, "c.pdf"), upload(PNG)])
    with django_assert_max_num_queries(13):
        page.get(address(secondment, ItemKind.GET_TOGETHER))


def test_who_signs_has_one_box_for_a_word_and_what_waits_stands_first(client, secondment, mentor):
    item = handed_in(secondment, CASE)
    client.force_login(mentor)
    shown = client.get(item.get_absolute_url()).content.decode()
    assert shown.count("<textarea") == 1
    before_the_items = client.get(secondment.get_absolute_url()).content.decode().split("<ol")[0]
    assert "等您签字：" in before_the_items and item.get_absolute_url() in before_the_items

    data = {"seen_round": item.round, "role": "mentor", "comment": ""}
    back = reverse("practicums:send_back", args=[secondment.code, CASE])
    refused = client.post(back, data)
    assert refused.context["decide_form"].errors.keys() == {"comment"}
    assert item_of(secondment, CASE).status == ItemStatus.HANDED_IN

    client.post(back, {**data, "comment": "补上日期"})
    assert item_of(secondment, CASE).status == ItemStatus.SENT_BACK
    again = handed_in(secondment, CASE, "第二稿")
    client.post(
        reverse("practicums:sign", args=[secondment.code, CASE]),
        {**data, "seen_round": again.round},
    )
    assert item_of(secondment, CASE).status == ItemStatus.SIGNED
