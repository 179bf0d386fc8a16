from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from practicums.models import (
    Evidence,
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
    return page.post(address(secondment, kind), {"declared_open": "on", **data}, follow=True)


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


def test_a_text_is_kept_and_handed_in_with_one_button(page, secondment):
    response = post(page, secondment, text="一部电梯的三本账", hand_in="1")

    assert response.redirect_chain == [(MINE, 302)]
    assert "交上去了" in response.content.decode()
    assert item_of(secondment, CASE).status == ItemStatus.HANDED_IN


def test_a_file_is_kept_for_now(page, secondment):
    response = post(page, secondment, file=upload(DOCX, "案例.docx"))

    assert response.redirect_chain == [(address(secondment), 302)]
    assert "存好了" in response.content.decode() and "案例.docx" in response.content.decode()
    assert item_of(secondment, CASE).status == ItemStatus.IN_PROGRESS


def test_what_is_kept_is_handed_in_as_it_is(page, secondment):
    with_evidence(secondment, CASE)
    assert "就这样交" in page.get(address(secondment)).content.decode()

    page.post(reverse("practicums:hand_in", args=[secondment.code, CASE]))

    assert item_of(secondment, CASE).status == ItemStatus.HANDED_IN


def test_handing_in_nothing_says_what_to_do(page, secondment):
    response = page.post(reverse("practicums:hand_in", args=[secondment.code, CASE]), follow=True)

    assert "还没有可交的内容" in response.content.decode()


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({}, "text", "写几句，或传一个文件"),
        ({"text": "  "}, "text", "写几句，或传一个文件"),
        ({"text": "案例", "declared_open": ""}, "declared_open", "不涉密"),
        ({"text": "字" * 20_001}, "text", "最多 20000 字"),
        ({"file": "svg"}, "file", "不支持这种文件格式"),
        ({"file": "empty"}, "file", "文件是空的"),
        ({"file": "large"}, "file", "文件超过"),
    ],
)
def test_wrong_input_is_said_beside_its_field_and_nothing_is_kept(
    page, secondment, settings, data, field, words
):
    files = {
        "svg": upload(b"<svg onload=alert(1)>", "a.png"),
        "empty": upload(b"", "a.png"),
        "large": upload(PNG + b"x" * 2_000_000, "a.png"),
    }
    settings.UPLOAD_MAX_BYTES = 1_048_576
    if "file" in data:
        data = {**data, "file": files[data["file"]]}

    response = post(page, secondment, **data)

    assert response.status_code == 200
    assert words in response.context["form"].errors[field][0]
    assert (
        not Evidence.objects.exists() and item_of(secondment, CASE).status == ItemStatus.NOT_STARTED
    )


def test_what_was_typed_stays_when_the_file_is_wrong(page, secondment):
    response = post(page, secondment, text="写了很久的案例", file=upload(b"MZ"))

    assert "写了很久的案例" in response.content.decode()


def test_a_full_disk_is_said_and_what_was_typed_stays(page, secondment, settings, tmp_path):
    (tmp_path / "file").write_text("no folder can be made below a file")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"

    response = post(page, secondment, text="写了很久的案例", file=upload(PDF, "a.pdf"), hand_in="1")

    assert response.status_code == 200 and "写了很久的案例" in response.content.decode()
    assert "存储空间满了" in response.context["form"].errors["file"][0]
    assert (
        not Evidence.objects.exists() and item_of(secondment, CASE).status == ItemStatus.NOT_STARTED
    )


def test_a_second_click_is_told_kindly(page, secondment):
    post(page, secondment, text="案例", hand_in="1")
    response = post(page, secondment, text="案例", hand_in="1")

    assert response.status_code == 200 and "已经交上去" in response.content.decode()
    assert (Evidence.objects.count(), item_of(secondment, CASE).round) == (1, 1)


def test_the_form_begins_with_what_is_known(page, secondment, mentor):
    def start(kind):
        return page.get(address(secondment, kind)).context["form"].initial["text"]

    assert secondment.mentor.name in start(ItemKind.MENTOR_PAIRING)
    assert start(ItemKind.PRACTICAL_PROJECT) == "项目：示例项目\n"
    assert start(CASE) == "案例：示例案例\n"
    with_evidence(secondment, ItemKind.TASK_LIST, "1. 走访")
    assert start(ItemKind.PRACTICE_REPORT) == "1. 走访\n"
    send_back(item=handed_in(secondment, CASE, "第一稿"), comment="改", by=mentor, now=NOW)
    assert start(CASE) == "第一稿"


@pytest.mark.parametrize(
    "held_on", ["", "2999-01-01", "9999-12-31", "0001-01-01", "2027-02-30", "abc"]
)
def test_a_get_together_wants_a_real_day(page, secondment, held_on):
    response = post(page, secondment, ItemKind.GET_TOGETHER, text="见面", held_on=held_on)

    assert response.context["form"].errors["held_on"] and not Evidence.objects.exists()


def test_get_togethers_are_recorded_after_signing_too(page, secondment):
    signed(secondment, ItemKind.GET_TOGETHER, timezone.now())
    today = timezone.localdate()
    response = post(
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
    for data in ({"text": "很好", "declared_open": "on", "hand_in": "1"}, {}):
        response = page.post(address(secondment, ItemKind.APPRAISAL), data)
        assert response.status_code == 403 and "鉴定只由接收部门写" in response.content.decode()

    response = page.post(reverse("practicums:hand_in", args=[secondment.code, ItemKind.APPRAISAL]))

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
    assert page.get(reverse("practicums:hand_in", args=[secondment.code, CASE])).status_code == 405

    assert (list(SevenItem.objects.order_by("pk").values()), Secondment.objects.get().status) == (
        before,
        "running",
    )


def test_the_number_of_queries(page, secondment, django_assert_max_num_queries):
    for kind in ItemKind.values:
        signed(secondment, kind) if kind != ItemKind.GET_TOGETHER else None
    with django_assert_max_num_queries(8):
        page.get(MINE)
    post(
        page,
        secondment,
        ItemKind.GET_TOGETHER,
        text="见面",
        held_on=timezone.localdate().isoformat(),
        file=upload(PDF, "a.pdf"),
    )
    with django_assert_max_num_queries(11):
        page.get(address(secondment, ItemKind.GET_TOGETHER))
