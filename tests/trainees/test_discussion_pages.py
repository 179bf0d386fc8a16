"""The pages of a structured discussion: phone, teacher, office. docs/rules.md R91."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from academy.models import Role
from courses.models import LessonTeacher

from ..conftest import grant
from ..factories import NOW, ExpertFactory, TraineeFactory, UserFactory, taught_by
from .discussed import (
    TEXTS,
    commented,
    discussed_class,
    divided_class,
    members_of,
    sheet_of,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def training_class(campus):
    return discussed_class(campus=campus)


@pytest.fixture
def during(training_class):
    with time_machine.travel(training_class.starts_at + timedelta(minutes=30)):
        yield


def address(name: str, training_class, *rest) -> str:
    return reverse(f"trainees:{name}", args=[training_class.code, *rest])


def opened(client, training_class, number: int) -> dict:
    """What the page of the sheet sends back with the fields."""
    form = client.get(address("discussion_sheet", training_class, number)).context["form"]
    return {"based_on": form.based_on}


# --- The phone ------------------------------------------------------------------------------------


def test_a_member_reaches_the_sheet_from_the_class_and_writes(client, training_class, during):
    client.force_login(members_of(training_class, 1)[0])
    listed = address("discussion", training_class)
    sheet = address("discussion_sheet", training_class, 1)

    assert f'href="{listed}"' in client.get(training_class.get_absolute_url()).text
    assert f'href="{listed}"' in client.get(address("my_groups", training_class)).text
    assert f'href="{sheet}"' in client.get(listed).text
    answer = client.post(sheet, TEXTS | opened(client, training_class, 1), follow=True)

    assert "已保存" in answer.text and TEXTS["measures"] in answer.text


def test_a_member_reads_the_other_sheet_once_it_is_commented(client, training_class, during):
    written(training_class, 2)
    client.force_login(members_of(training_class, 1)[0])
    other = address("discussion_sheet", training_class, 2)
    assert client.get(other).status_code == 404

    commented(training_class, 2)

    text = client.get(other).text
    assert TEXTS["causes"] in text and "措施要写到人。" in text and "<textarea" not in text
    assert f'href="{other}"' in client.get(address("discussion", training_class)).text


def test_whoever_takes_no_part_finds_nothing(client, training_class, during):
    commented(training_class, 1)
    client.force_login(TraineeFactory().user)

    assert client.get(address("discussion", training_class)).status_code == 404
    assert client.get(address("discussion_sheet", training_class, 1)).status_code == 404
    assert "结构化研讨" not in client.get(training_class.get_absolute_url()).text


def test_two_members_at_once_lose_nothing(client, training_class, during):
    """The second sees what the first saved; what only the first changed is taken over."""
    first, second = members_of(training_class, 1)
    sheet = address("discussion_sheet", training_class, 1)
    client.force_login(second)
    shown = opened(client, training_class, 1)
    client.force_login(first)
    client.post(sheet, TEXTS | opened(client, training_class, 1))

    client.force_login(second)
    mine = {"problem": "我写的问题", "causes": "", "measures": ""}
    text = client.post(sheet, mine | shown).text

    assert "暂未保存" in text or "还没有保存" in text
    assert first.name in text and "我写的问题" in text and TEXTS["problem"] in text
    kept = sheet_of(training_class, 1)
    assert (kept.problem, kept.written_by) == (TEXTS["problem"], first)


def test_a_number_in_the_text_is_refused_and_the_text_kept(client, training_class, during):
    client.force_login(members_of(training_class, 1)[0])
    text = "请联系13800000001"

    answer = client.post(
        address("discussion_sheet", training_class, 1),
        TEXTS | {"problem": text} | opened(client, training_class, 1),
    )

    assert "手机号" in answer.text and text in answer.text
    assert not sheet_of(training_class, 1).is_written


def test_after_the_last_day_the_sheet_is_only_read(client, training_class):
    written(training_class, 1)
    sheet = address("discussion_sheet", training_class, 1)

    with time_machine.travel(training_class.starts_at + timedelta(days=9)):
        client.force_login(members_of(training_class, 1)[0])
        assert "<textarea" not in client.get(sheet).text
        answer = client.post(sheet, TEXTS | {"problem": "迟了"}, follow=True)

    assert "截止日期" in answer.text
    assert sheet_of(training_class, 1).problem == TEXTS["problem"]


# --- Whoever teaches ------------------------------------------------------------------------------


@pytest.fixture
def expert(training_class):
    expert = ExpertFactory(user=UserFactory())
    taught_by(training_class.lessons.get(), expert)
    return expert


def comment_page(client, training_class, number=1, **values):
    context = client.get(address("discussion_sheet", training_class, number)).context
    values = {
        "shown": context["shown"],
        "based_on": context["comment"].based_on,
        "comment": "措施要写到人。",
    } | values
    return client.post(address("comment_sheet", training_class, number), values, follow=True)


def test_the_expert_reaches_what_waits_and_comments(client, training_class, expert, during):
    written(training_class, 1)
    client.force_login(expert.user)
    assert address("discussion_sheet", training_class, 1) in client.get("/me/teaching/").text

    answer = comment_page(client, training_class)

    assert "点评已保存" in answer.text and sheet_of(training_class, 1).commented_by == expert.user
    assert address("discussion_sheet", training_class, 1) not in client.get("/me/teaching/").text
    assert reverse("practicums:case_from_sheet", args=[training_class.code, 1]) in answer.text


def test_the_class_teacher_comments_too(client, training_class, during):
    written(training_class, 1)
    teacher = UserFactory()
    LessonTeacher.objects.create(
        lesson=training_class.lessons.get(), person=teacher, role="class_teacher"
    )
    client.force_login(teacher)

    assert "点评已保存" in comment_page(client, training_class).text


def test_a_member_does_not_comment(client, training_class, during):
    written(training_class, 1)
    client.force_login(members_of(training_class, 1)[0])

    answer = client.post(address("comment_sheet", training_class, 1), {"comment": "好"})

    assert answer.status_code == 403 and not sheet_of(training_class, 1).is_commented


def test_the_comment_typed_is_kept_where_the_group_wrote_on(client, training_class, expert, during):
    written(training_class, 1)
    client.force_login(expert.user)

    answer = comment_page(client, training_class, shown="other")

    assert "小组又有修改" in answer.text and "措施要写到人。" in answer.text
    assert not sheet_of(training_class, 1).is_commented


def test_two_who_comment_at_once_lose_nothing(client, training_class, expert, during):
    written(training_class, 1)
    client.force_login(expert.user)
    context = client.get(address("discussion_sheet", training_class, 1)).context
    commented_by_another = commented(training_class, 1)

    answer = client.post(
        address("comment_sheet", training_class, 1),
        {"shown": context["shown"], "based_on": context["comment"].based_on, "comment": "我的点评"},
    )

    assert "我的点评" in answer.text and "措施要写到人。" in answer.text
    assert sheet_of(training_class, 1).comment == commented_by_another.comment


# --- The office -----------------------------------------------------------------------------------


def test_whoever_runs_the_class_sets_it_on_the_page_of_the_groups(client, campus):
    training_class = divided_class(campus=campus)
    setting = address("class_discussion", training_class)
    with time_machine.travel(NOW):
        client.force_login(grant(Role.BRANCH_COORDINATOR, campus=campus))
        day = client.get(address("class_day", training_class)).text
        assert f'action="{setting}"' in day and "布置结构化研讨" in day

        answer = client.post(
            setting, {"question": "怎么办？", "written_until": "2027-04-30"}, follow=True
        )

        assert "已布置" in answer.text and "第 1 组研讨单" in answer.text
        assert setting in client.get(address("class_day", training_class)).text


def test_a_day_that_is_over_is_a_sentence(client, campus):
    training_class = divided_class(campus=campus)

    with time_machine.travel(NOW):
        client.force_login(grant(Role.BRANCH_COORDINATOR, campus=campus))
        answer = client.post(
            address("class_discussion", training_class),
            {"question": "怎么办？", "written_until": "2027-01-01"},
        )

    assert "截止日期已过" in answer.text and "怎么办？" in answer.text


def test_the_office_sees_all_sheets_and_the_way_to_a_case(client, training_class, campus, during):
    written(training_class, 1)
    commented(training_class, 2)
    client.force_login(grant(Role.BRANCH_COORDINATOR, campus=campus))

    text = client.get(address("class_discussion", training_class)).text
    assert "已写，待点评" in text and "已点评" in text
    card = client.get(address("class_overview", training_class)).text
    assert reverse("practicums:case_from_sheet", args=[training_class.code, 2]) in card
    assert reverse("practicums:case_from_sheet", args=[training_class.code, 1]) not in card
